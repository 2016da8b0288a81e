import Testing

@testable import descent

@Suite struct ManualTests {
    @Test func theManualPageHasEveryCommandAndNoLineThatIsNoText() throws {
        let text = ManualPage(commands: CommandTable.all, version: "1").text
        for command in CommandTable.all where !command.words.isEmpty {
            let name = command.name.split(separator: "-").joined(separator: "\\-")
            #expect(text.contains("\n.SS descent \(name)"), "\(command.name)")
        }
        let macros: Set = [".TH", ".SH", ".SS", ".B", ".BR", ".br", ".PP", ".TP", ".EX", ".EE"]
        for line in text.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(macros.contains(String(line.prefix { $0 != " " })), "\(line)")
        }
        // Options are searched and copied: their hyphens are hyphens.
        #expect(text.contains("\\fB\\-\\-workspace\\fR"))
    }
}
