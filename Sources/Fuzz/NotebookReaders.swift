import Notebooks

/// Notebooks of others, as they are read and shown.
enum NotebookReaders {
    static var all: [FuzzedReader] { [FuzzedReader(name: "notebooks") { _ in notebooks() }] }

    private static func notebooks() -> Subject {
        Subject(
            samples: [
                Sample(
                    "four",
                    text: #"""
                        {"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":["# T\n","- [x](http://y) **b** `c` ![d](e)"]},
                        {"cell_type":"code","execution_count":3,"id":"b","metadata":{"tags":["t"]},"source":"x = '''1\n2''' # c",
                        "outputs":[{"output_type":"stream","name":"stderr","text":["a\rb\u001b[31m\n","two\b"]},
                        {"output_type":"execute_result","execution_count":3,"data":{"text/plain":["1"],"image/png":"iVBORw0KGgo="},
                        "metadata":{}},{"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b]0;t\u0007"]}]}],
                        "metadata":{"kernelspec":{"name":"python3"}},"nbformat":4,"nbformat_minor":5}
                        """#),
                Sample(
                    "page",
                    text: #"""
                        {"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":"| a | b |\n|---|--:|\n| 1 | [x](javascript:y) |\n\n1. o\n   - i"},
                        {"cell_type":"code","execution_count":1,"id":"b","metadata":{},"source":"x","outputs":[{"output_type":"display_data",
                        "data":{"text/html":"<table onclick='a'><tr><td colspan=2>&lt;b&gt;</td></tr><script>x</script></table><b"},"metadata":{}}]}],
                        "metadata":{},"nbformat":4,"nbformat_minor":5}
                        """#),
                Sample(
                    "three",
                    text: #"""
                        {"nbformat":3,"worksheets":[{"cells":[{"cell_type":"heading","level":2,"source":["H"]},{"cell_type":"code",
                        "input":["1"],"prompt_number":7,"outputs":[{"output_type":"pyout","prompt_number":7,"text":["42"]},
                        {"output_type":"pyerr","ename":"Z","evalue":"b","traceback":["x"]}]}]}]}
                        """#),
            ]
        ) { sample in
            do throws(NotebookFault) {
                let notebook = try Notebook(parsing: Array(sample.text.utf8))
                let lines = notebook.cells.flatMap { NotebookText(width: 40).lines(of: $0) }
                let isSafe = lines.allSatisfy { $0.text.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
                guard isSafe else { return .wrong("a line acts on the terminal") }
                // A page has elements of our own alone: whatever else looks like one is text.
                let page = NotebookHTML(notebook).body.lowercased()
                let harms = ["<script", "<iframe", "<object", "<svg", "<style", "<link", "<meta", "<form", "href=\"javascript"]
                guard !harms.contains(where: page.contains) else { return .wrong("a page does something") }
                return try Notebook(parsing: Array(notebook.text.utf8)).cells.count == notebook.cells.count
                    ? .accepted : .wrong("what is written reads otherwise")
            } catch { return .refused(error.description) }
        }
    }
}
