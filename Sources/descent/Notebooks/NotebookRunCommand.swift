import Clocks
import Experiments
import Files
import JSON
import Notebooks
import OutputFiles

/// `descent notebook run`: a notebook from its first cell to its last, without a browser.
enum NotebookRunCommand {
    static let specification = CommandSpecification(
        words: ["notebook", "run"], summary: "run a notebook through a Jupyter kernel and keep what its cells give",
        details: """
            The kernel is the one that the notebook names (--kernel takes another), reached by the jupyter_client of the Python that is \
            active (DESCENT_PYTHON or --python name another). It works in the notebook's folder, and what it trains goes to the workspace. What was run is written after \
            each cell: to FILE with `-run` before its ending, or to --out, which may be the notebook itself. A cell that raises an error \
            ends it with status 1, unless it is tagged raises-exception or --allow-errors is given; one that is tagged skip-execution is not \
            run. Ctrl-C interrupts the cell and ends. A cell that asks by input() raises an error, unless --answer says what it is answered.

            --param NAME=VALUE is set behind the cell that is tagged `parameters`, else before the first one; a VALUE that is JSON is a \
            number, a word, a list, anything else a text.
            """,
        positionals: [.init(name: "FILE", help: "a notebook (.ipynb)")],
        options: [
            .init(
                name: "--out", value: "FILE", help: "where to write the notebook that was run", isOutput: true, mayBeInput: true),
            .init(name: "--param", value: "NAME=VALUE", help: "a value that the notebook is run with", isRepeatable: true),
            .init(name: "--kernel", value: "NAME", help: "another kernel than the notebook's"),
            .init(name: "--python", value: "PROGRAM", help: "the interpreter that has jupyter_client (default: the active one)"),
            .init(name: "--cell-limit", value: "S", help: "seconds that a cell may take"),
            .init(
                name: "--answer", value: "TEXT", help: "what the next question of a cell is answered, by input()",
                isRepeatable: true),
            .init(name: "--allow-errors", value: nil, help: "go on after a cell that raised an error"),
        ],
        examples: [
            "descent notebook run insurance.ipynb", "descent notebook run report.ipynb --param rows=1000 --out report-1000.ipynb",
        ],
        run: { try run($0) })

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let path = arguments.positionals[0]
        var notebook = try NotebookFile.read(path)
        try parameters(arguments).inject(into: &notebook)
        let job = try NotebookJob(arguments, notebook, path: path, out: try out(arguments, path))
        return try job.run()
    }

    private static func out(_ arguments: ParsedArguments, _ path: String) throws(CommandError) -> String {
        if let out = arguments.value("--out") { return out }
        guard path != OutputFile.standardOutput else {
            throw .usage("descent notebook run: name a file, since it is written anew")
        }
        return NotebookPath.ofRun(path)
    }

    /// Words that are no names.
    private static let keywords: Set = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
        "else",
        "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
        "raise",
        "return", "try", "while", "with", "yield",
    ]

    private static func parameters(_ arguments: ParsedArguments) throws(CommandError) -> NotebookParameters {
        var values: [(name: String, text: String)] = []
        for given in arguments.values("--param") {
            guard let sign = given.firstIndex(of: "="), let first = given.first, first.isLetter || first == "_",
                given[..<sign].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), !keywords.contains(String(given[..<sign]))
            else { throw .usage("--param '\(given)': give NAME=VALUE with a name of Python's") }
            values.append((String(given[..<sign]), String(given[given.index(after: sign)...])))
        }
        return NotebookParameters(values)
    }
}
