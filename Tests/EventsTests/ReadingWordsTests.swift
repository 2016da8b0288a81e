import Events
import Testing

/// Read options as a line of text.
@Suite struct ReadingWordsTests {
    private static let options = [
        ReadOptionDescription("delimiter", placeholder: "C", help: "what separates fields"),
        ReadOptionDescription("quote", placeholder: "C", help: "what stands around fields"),
        ReadOptionDescription("type", placeholder: "COL=KIND", help: "what a column is", isRepeatable: true),
        ReadOptionDescription("sheet", placeholder: "NAME", help: "the sheet"),
        ReadOptionDescription("strict", placeholder: nil, help: "refuse", choices: ["yes", "no"]),
    ]

    private func request(_ line: String) throws -> [String: String] { try ReadingWords.request(line, options: Self.options) }

    private func problem(_ line: String) -> String? {
        do { _ = try request(line) } catch { return "\(error)" }
        return nil
    }

    @Test(arguments: [
        [:], ["delimiter": ";"], ["delimiter": "|", "strict": "yes"], ["quote": "'"], ["quote": "\"", "sheet": "Q 1's \\ \"x\""],
        ["type": "a=text\nb c=date\nd's=numeric", "sheet": "ä"], ["sheet": ""], ["sheet": "two\nlines"],
        ["sheet": "--strict", "delimiter": "-"],
        ["delimiter": "\\t"],
    ])
    func `what is written is read back`(_ said: [String: String]) throws {
        #expect(try request(DataReading.words(of: said)) == said)
    }

    @Test func `a line is taken apart as a shell does`() throws {
        #expect(try request("") == [:])
        #expect(
            try request("  --delimiter=;  --strict --sheet \"a b\"'c'\\ d") == [
                "delimiter": ";", "strict": "yes", "sheet": "a bc d",
            ])
        #expect(try request("--type a=text --type b=date") == ["type": "a=text\nb=date"])
        #expect(try request("--delimiter , --delimiter ;") == ["delimiter": ";"])
        #expect(try request("--strict no") == ["strict": "no"])
    }

    @Test func `what makes no sense says what to write`() {
        #expect(problem("delimiter ;") == "'delimiter': write --NAME VALUE, such as --decimal ,")
        #expect(problem("--")?.hasPrefix("'--'") == true)
        #expect(problem("--comma ;") == "no read option 'comma': use delimiter, quote, type, sheet, strict")
        #expect(problem("--sheet") == "--sheet NAME: give its value, the sheet")
        #expect(problem("--sheet --strict") == "--sheet NAME: give its value, the sheet")
        #expect(problem("--sheet 'a") == "a quote ' is not closed: close it, or write it as \\'")
    }

    @Test func `the line about a reading is its phrases`() {
        let reading = DataReading(
            format: "csv", rowCount: 12, columnCount: 3,
            choices: [.init(option: "delimiter", value: ";"), .init(option: "header", value: "yes", isGuess: true)], leftOut: 1,
            fileCount: 2)
        #expect(
            reading.line(grouped: { "\($0)" })
                == "csv, 12 rows × 3 columns of 2 files, read with --delimiter ';' --header yes; 1 line left out; not sure of header"
        )
        #expect(reading.phrases(grouped: { "\($0)" }).filter(\.isGuess).map(\.text) == ["--header yes;", "not sure of header"])
    }
}
