import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent notebook show` and `run`, the real program. A shell stands in for the interpreter that speaks with kernels; a real kernel is
/// asked in the Python tests.
@Suite struct NotebookRunTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func notebook(_ cells: [String]) throws -> String {
        let list = cells.map { cell in
            let source = JSONValue.string(cell).text
            return "{\"cell_type\":\"code\",\"execution_count\":null,\"metadata\":{},\"outputs\":[],\"source\":\(source)}"
        }
        return try scratch.write(
            "{\"cells\":[{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":\"# All\"},\(list.joined(separator: ","))],"
                + "\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}", as: "book.ipynb")
    }

    /// An interpreter that says it is ready and then, for each line that it reads, what a case of the shell has.
    private func interpreter(_ cases: String, ready: String = #"{"kind":"ready","language":"python"}"#) throws -> String {
        let path = try scratch.write(
            """
            #!/bin/sh
            echo '\(ready)'
            while read -r line; do
              case "$line" in
            \(cases)
              esac
            done
            """, as: "python")
        chmod(path, 0o755)
        return path
    }

    private static let prints = """
        *two*) echo '{"kind":"output","output":{"output_type":"stream","name":"stdout","text":"he"}}'
           echo '{"kind":"output","output":{"output_type":"stream","name":"stdout","text":"llo\\\\n"}}'
           echo '{"kind":"output","output":{"output_type":"display_data","data":{"text/plain":"old"},"metadata":{}},"display":"d"}'
           echo '{"kind":"done","status":"ok","count":2}';;
        *raise*) echo '{"kind":"output","output":{"output_type":"error","ename":"E","evalue":"bad","traceback":[]}}'
           echo '{"kind":"done","status":"error","count":3}';;
        *replace*) echo '{"kind":"update","output":{"output_type":"display_data","data":{"text/plain":"new"},"metadata":{}},"display":"d"}'
           echo '{"kind":"output","output":{"output_type":"stream","name":"stdout","text":"gone"}}'
           echo '{"kind":"clear","wait":true}'
           echo '{"kind":"output","output":{"output_type":"stream","name":"stdout","text":"left"}}'
           echo '{"kind":"done","status":"ok","count":4}';;
        *dies*) exit 3;;
        *hangs*) ;;
        *interrupt*) echo '{"kind":"done","status":"error","count":9}';;
        *) echo '{"kind":"done","status":"ok","count":1}';;
        """

    private func run(_ words: [String]) throws -> Running { try Running(["notebook"] + words, folder: scratch.path) }

    private func outputs(_ name: String) throws -> [[JSONValue]] {
        let cells = try JSONValue(parsing: try scratch.read(name))["cells"]?.array ?? []
        return cells.map { $0["outputs"]?.array ?? [] }
    }

    @Test func cellsAreRunInTheirOrderAndWhatTheyGiveIsKept() throws {
        let file = try notebook(["one", "two", "  \n", "replace"]), python = try interpreter(Self.prints)
        let ended = try run(["run", file, "--python", python, "--param", "n=5"]).finish()
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.output.contains("│ hello") && ended.errors.contains("wrote \(scratch.path)/book-run.ipynb"), "\(ended)")
        let found = try outputs("book-run.ipynb")
        // Markdown, parameters, one, two, empty, replace.
        #expect(found.map(\.count) == [0, 0, 0, 2, 0, 1], "\(found)")
        #expect(found[3][0]["text"]?.array?.compactMap(\.string) == ["hello\n"])
        #expect(found[3][1]["data"]?["text/plain"]?.string == "new")
        #expect(found[5][0]["text"]?.array?.compactMap(\.string) == ["left"])
        let again = try run(["show", scratch.path + "/book-run.ipynb"]).finish()
        #expect(again.output.contains("── 4 code [2]") && again.output.contains("  │ hello") && again.output.contains("n = 5"))
        // The notebook itself is as it was.
        #expect(try outputs("book.ipynb").allSatisfy(\.isEmpty))
    }

    @Test func anErrorEndsItUnlessItIsAllowed() throws {
        let file = try notebook(["raise", "two"]), python = try interpreter(Self.prints)
        let ended = try run(["run", file, "--python", python, "--json"]).finish()
        #expect(ended.code == 1 && ended.errors.contains("cell 2 raised E: bad"), "\(ended.errors)")
        let kinds = try ended.json().compactMap { $0["kind"]?.string }
        #expect(kinds == ["notebookStarted", "cellStarted", "cellOutput", "cellFinished", "notebookFinished"], "\(kinds)")
        #expect(try ended.json().last?["status"]?.string == "Failed" && outputs("book-run.ipynb").map(\.count) == [0, 1, 0])
        let allowed = try run(["run", file, "--python", python, "--allow-errors", "--out", file]).finish()
        #expect(allowed.code == 0, "\(allowed.errors)")
        #expect(try outputs("book.ipynb").map(\.count) == [0, 1, 2])
    }

    @Test func aKernelThatDiesHangsOrIsNotThereIsSaid() throws {
        let file = try notebook(["two", "dies", "one"]), python = try interpreter(Self.prints)
        let dead = try run(["run", file, "--python", python]).finish()
        #expect(dead.code == 1 && dead.errors.contains("cell 3: \(python) ended"), "\(dead.errors)")
        #expect(try outputs("book-run.ipynb").map(\.count) == [0, 2, 0, 0])
        let slow = try notebook(["hangs", "one"])
        let late = try run(["run", slow, "--python", python, "--cell-limit", "0.3"]).finish()
        #expect(late.code == 1 && late.errors.contains("cell 2 took more than 0.3 s"), "\(late.errors)")
        let stopped = try run(["run", slow, "--python", python])
        usleep(1_000_000)
        kill(stopped.process, SIGINT)
        let after = stopped.finish()
        #expect(after.code == 130 && after.errors.contains("cell 2 was interrupted"), "\(after.errors)")
        let none = try interpreter("*) ;;", ready: #"{"kind":"failed","message":"jupyter_client is not in python"}"#)
        let refused = try run(["run", slow, "--python", none]).finish()
        #expect(refused.code == 1 && refused.errors.contains("jupyter_client is not in python"), "\(refused.errors)")
        let missing = try run(["run", slow, "--python", "/nowhere/python"]).finish()
        #expect(missing.code == 1 && missing.errors.contains("--python"), "\(missing.errors)")
    }

    @Test func whatIsNoNotebookIsRefused() throws {
        let text = try scratch.write("hello", as: "plain.ipynb")
        let refused = try run(["show", text]).finish()
        #expect(refused.code == 3 && refused.errors.contains("it is no notebook"), "\(refused.errors)")
        #expect(try run(["run", scratch.path + "/none.ipynb"]).finish().code == 3)
        let file = try notebook(["one"])
        #expect(try run(["show", file, "--cell", "9"]).finish().errors.contains("has 2 cells"))
        #expect(try run(["run", file, "--param", "1=2"]).finish().code == 2)
        let cells = try run(["show", file, "--json"]).finish().json()
        #expect(cells.map { $0["type"]?.string } == ["markdown", "code"] && cells[1]["source"]?.string == "one")
    }
}
