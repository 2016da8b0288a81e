import CheckedNumbers
import JSON
import Notebooks

/// `descent notebook show`: a notebook in the terminal, without Jupyter.
enum NotebookShowCommand {
    static let specification = CommandSpecification(
        words: ["notebook", "show"], summary: "read a notebook in the terminal: what it says, its code, what that gave",
        details: """
            Formats 2 to 4 are read. Of long outputs the first and the last lines are shown (--all shows all of them); pictures are named. \
            --json prints a cell a line.
            """,
        positionals: [.init(name: "FILE", help: "a notebook (.ipynb)")],
        options: [
            .init(name: "--cell", value: "N", help: "only this cell, from 1"),
            .init(name: "--all", value: nil, help: "outputs whole"),
            .init(name: "--width", value: "N", help: "columns (default: 100)"),
        ],
        examples: ["descent notebook show plan.ipynb", "descent notebook show plan.ipynb --cell 4 --all"],
        run: { try run($0) })

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let path = arguments.positionals[0], notebook = try NotebookFile.read(path)
        var places = Array(notebook.cells.indices)
        if let number = try arguments.number("--cell", in: 1...1e6) {
            let place = Int(nearestWithin: number) - 1
            guard notebook.cells.indices.contains(place) else {
                throw CommandError.usage("\(path) has \(notebook.cells.count) cells: --cell \(place + 1) is none of them")
            }
            places = [place]
        }
        var text = NotebookText(width: Int(nearestWithin: try arguments.number("--width", in: 20...10_000) ?? 100))
        if arguments.flag("--all") { text.mostOutputLines = .max }
        for place in places {
            let cell = notebook.cells[place]
            if arguments.flag("--json") {
                Console.print(json(cell, place).text)
            } else {
                Console.printRaw(lines(cell, place, text).joined(separator: "\n") + "\n")
            }
        }
        return .done
    }

    private static func json(_ cell: NotebookCell, _ place: Int) -> JSONValue {
        .object([
            "kind": .string("notebookCell"), "cell": .integer(place + 1), "type": .string(cell.kind.rawValue),
            "count": cell.executionCount.map { .integer($0) },
            "tags": cell.tags.isEmpty ? nil : .array(cell.tags.map { .string($0) }),
            "source": .string(cell.source), "outputs": .array(cell.outputs.map(\.json)),
        ])
    }

    /// A cell below a line that says which; code set in, what it gave behind a bar.
    private static func lines(_ cell: NotebookCell, _ place: Int, _ text: NotebookText) -> [String] {
        let count = cell.executionCount.map { " [\($0)]" } ?? ""
        let tags = cell.tags.isEmpty ? "" : "  (\(cell.tags.joined(separator: ", ")))"
        let head = "── \(place + 1) \(cell.kind.rawValue)\(cell.kind == .code ? count : "")\(tags)"
        var code = cell
        code.outputs = []
        let source = text.lines(of: code).map { cell.kind == .code ? "    " + $0.text : $0.text }
        let outputs = cell.outputs.flatMap { text.lines(of: $0) }.map { "  │ " + $0.text }
        return [head] + source + outputs + [""]
    }
}
