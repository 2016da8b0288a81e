import Glibc
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

/// A notebook's cells run one by one in the studio, the real program on a terminal. A shell stands in for the interpreter that speaks with
/// kernels; where Python has Jupyter, a real kernel is asked too.
@Suite(.serialized) struct NotebookKernelTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func notebook(_ cells: [String]) throws {
        let list = cells.map { cell in
            let source = JSONValue.string(cell).text
            return "{\"cell_type\":\"code\",\"execution_count\":null,\"metadata\":{},\"outputs\":[],\"source\":\(source)}"
        }
        try scratch.write(
            "{\"cells\":[\(list.joined(separator: ","))],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}", as: "book.ipynb")
    }

    /// An interpreter that says it is ready, and answers by what a line has in it.
    private func interpreter() throws -> String {
        let path = try scratch.write(
            #"""
            #!/bin/sh
            echo $$ >> pids
            echo "threads ${OMP_NUM_THREADS:-any}" >> starts
            echo '{"kind":"ready","language":"python"}'
            say() { printf '%s\n' "{\"kind\":\"output\",\"output\":{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"$1\\n\"}}"; }
            done_() { n=$((n + 1)); echo "{\"kind\":\"done\",\"status\":\"$1\",\"count\":$n}"; }
            while read -r line; do
              case "$line" in
                *'"op":"interrupt"'*) say stopped; done_ error;;
                *'"op":"answer"'*) answer=${line#*'"text":"'}; say "hello ${answer%%\"*}"; done_ ok;;
                *input*) echo '{"kind":"question","prompt":"name? ","secret":false}';;
                *hangs*) say begun;;
                *dies*) exit 3;;
                *flood*) i=0; while [ $i -lt 5000 ]; do say "line $i"; i=$((i + 1)); done; done_ ok;;
                *) say "ran a cell"; done_ ok;;
              esac
            done
            """#, as: "python")
        chmod(path, 0o755)
        return path
    }

    private func open(python: String, height: Int = 40) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            Program.path, ["--workspace", scratch.path + "/workspace"], width: 160, height: height,
            environment: ["LC_ALL": "C.UTF-8", "HOME": scratch.path, "DESCENT_PYTHON": python], directory: scratch.path)
        try terminal.press("9", shows: "book.ipynb")
        try terminal.press("\r", shows: "cells of code")
        return terminal
    }

    private func outputs() throws -> [String] {
        let cells = try JSONValue(parsing: try scratch.read("book.ipynb"))["cells"]?.array ?? []
        return cells.map { cell in
            (cell["outputs"]?.array ?? []).flatMap { $0["text"]?.array?.compactMap(\.string) ?? [] }.joined()
        }
    }

    @Test func cellsAreRunAskedInterruptedAndBegunAnew() throws {
        try notebook(["first", "input()", "hangs", "last"])
        let terminal = try open(python: try interpreter())
        try terminal.press("c", shows: "● kernel")
        try terminal.press("\r", shows: "│ ran a cell")
        try terminal.wait(forText: "● kernel")
        // What a cell gave is in the file when it is over, and the cursor is on the next one.
        #expect(try outputs() == ["ran a cell\n", "", "", ""])
        try terminal.press("\r", shows: "name?")
        try terminal.press("Ada\r", shows: "│ hello Ada")
        try terminal.wait(forText: "● kernel")
        #expect(try outputs()[1] == "name? Ada\nhello Ada\n")
        try terminal.press("\r", shows: "│ begun")
        try terminal.wait(forText: "▶ cell 3 runs")
        try terminal.press("i", shows: "│ stopped")
        try terminal.wait(forText: "● kernel")
        // All above the last one, with other threads, in a new kernel.
        try terminal.press("m", shows: "as many threads as it likes")
        try terminal.press("1", shows: "Begin with 1 thread?")
        try terminal.press("n", shows: "● kernel   1 thread")
        #expect(try scratch.read("starts") == "threads any\nthreads 1\n")
        terminal.send("X")
        try terminal.wait(for: "no kernel") { screen in !screen.lines.contains { $0.contains("● kernel") } }
        terminal.send("q")
        try terminal.wait(forText: "book.ipynb")
        terminal.send("\u{3}")
        _ = try terminal.waitForExit()
        try expectNothingLeft()
    }

    @Test func aFloodIsBoundedAndAKernelThatDiesIsSaid() throws {
        try notebook(["flood", "dies", "never"])
        let terminal = try open(python: try interpreter())
        try terminal.press("c", shows: "● kernel")
        try terminal.press("B", shows: "4960 lines")
        try terminal.wait(forText: "✖ ")
        try terminal.wait(forText: "R begins anew")
        #expect(try outputs()[2].isEmpty)
        try terminal.press("R", shows: "run again what was run (2)")
        try terminal.press("n", shows: "● kernel")
        terminal.signal(SIGKILL)
        _ = try terminal.waitForExit()
        try expectNothingLeft()
    }

    /// Every interpreter that was started is gone.
    private func expectNothingLeft() throws {
        let processes = try scratch.read("pids").split(separator: "\n").compactMap { pid_t($0) }
        #expect(!processes.isEmpty)
        for _ in 0..<200 where processes.contains(where: { kill($0, 0) == 0 }) { usleep(50_000) }
        #expect(processes.filter { kill($0, 0) == 0 } == [])
    }

    /// A Python that has Jupyter; `DESCENT_PYTHON` names one.
    private static let python: String? = {
        let named = getenv("DESCENT_PYTHON").map { String(cString: $0) }
        return ([named].compactMap { $0 } + ["/usr/bin/python3", "/usr/local/bin/python3"]).first { path in
            guard access(path, X_OK) == 0 else { return false }
            do { return try Running(["-c", "import jupyter_client, ipykernel"], program: path).finish().code == 0 } catch {
                return false
            }
        }
    }()

    @Test(.enabled(if: python != nil, "python3 has no jupyter_client and ipykernel (DESCENT_PYTHON names another)"))
    func aDayInANotebookCellByCell() throws {
        try notebook([
            "import csv\nrows = list(csv.DictReader(open('data.csv')))\nprint(len(rows), 'people')",
            "from descent.sagemaker import KNN, LinearLearner, compare\n"
                + "options = {'validation-split': 0.25, 'seed': 1}\nprint(sum(float(r['y']) for r in rows) / len(rows), 'on average')",
            "base = KNN(target='y', k=3, options=options)\nbase.fit({'train': 'data.csv'}, logs=False, job_name='base')\nprint('base done')",
            "own = LinearLearner(target='y', epochs=3, options=options)\nown.fit({'train': 'data.csv'}, logs=False, job_name='own')\n"
                + "own.latest_training_job.metrics['validation:rmse'] < 100",
            "name = input('endpoint? ')\npredictor = own.deploy(endpoint_name=name)\nprint('deployed', name)",
            "print('predicted', len(predictor.predict([[5.0, 'a']])['predictions']))",
            "predictor.delete_endpoint()\nprint('deleted')",
        ])
        let lines = (0..<80).map { "\($0),\(["a", "b"][$0 % 2]),\(3 * $0 + $0 % 2)" }
        try scratch.write("x,kind,y\n" + lines.joined(separator: "\n") + "\n", as: "data.csv")
        let terminal = try open(python: try #require(Self.python), height: 60)
        try terminal.press("c", shows: "● kernel")
        let asks = "code waits for a line"
        for (key, shows) in [
            ("\r", "│ 80 people"), ("\r", "on average"), ("\r", "│ base done"), ("\r", "│ True"), ("\r", asks),
            ("day\r", "│ deployed day"), ("\r", "│ predicted 1"), ("\r", "│ deleted"),
        ] {
            try terminal.press(key, shows: shows)
            if shows != asks { try terminal.wait(forText: "● kernel") }
        }
        let runs = try Program.run("runs", "list", "--json", "--workspace", scratch.path + "/workspace").json()
        #expect(Set(runs.compactMap { $0["name"]?.string }) == ["base", "own"])
        terminal.send("\u{3}")
        _ = try? terminal.waitForExit(milliseconds: 20_000)
        _ = try Program.run("serve", "stop", "--workspace", scratch.path + "/workspace")
    }
}
