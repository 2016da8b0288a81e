import JSON
import TemporaryFolders
import Testing

/// Notebooks of runs, kept models and searches, and pages of notebooks, the real program.
@Suite(.serialized) struct NotebookStoryTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Program {
        try Running(words + ["--workspace", scratch.path + "/workspace"]).finish()
    }

    private func data() throws -> String {
        let lines = (0..<120).map { row in "\(row * 37 % 101),\(["a|x", "b_y"][row % 2]),\(2 * (row * 37 % 101) + row % 2 * 10)" }
        return try scratch.write("x,kind,y\n" + lines.joined(separator: "\n") + "\n", as: "toy.csv")
    }

    private func cells(_ name: String) throws -> [JSONValue] {
        let notebook = try JSONValue(parsing: try scratch.read(name))
        #expect(NotebookRules.faults(in: notebook) == [])
        return notebook["cells"]?.array ?? []
    }

    private func source(_ id: String, _ cells: [JSONValue]) throws -> String {
        try #require(cells.first { $0["id"]?.string == id })["source"]?.array?.compactMap(\.string).joined() ?? ""
    }

    @Test func aRunIsToldWithItsCurvesAndTheCodeThatTrainsItAgain() throws {
        let file = try data(), out = scratch.path + "/run.ipynb"
        let trained = try run(
            "train", file, "--target", "y", "--algorithm", "linear-learner", "--set", "epochs=2", "--seed", "7", "--drop", "kind",
            "--name", "toy_run", "--json")
        #expect(trained.code == 0, "\(trained.errors)")
        let metrics = try #require(try trained.json().last?["metrics"]?.members)
        let written = try run("notebook", "toy_run", "--out", out)
        #expect(written.code == 0, "\(written.errors)")
        let cells = try cells("run.ipynb")
        #expect(try source("title", cells).hasPrefix("# toy\\_run\n"))
        #expect(try source("files", cells).contains("import LinearLearner\n\nDATA = \""))
        let estimator = try source("estimator", cells)
        for part in [
            "LinearLearner(", "target=\"y\"", "\"epochs\": 2", "\"seed\": 7", "\"drop\": [\"kind\"]", "\"validation-split\": 0.2",
        ] {
            #expect(estimator.contains(part), "\(part)\n\(estimator)")
        }
        let curve = try #require(cells.first { $0["outputs"]?.array?.isEmpty == false })["outputs"]?.array?[0]["data"]
        let image = curve?["image/svg+xml"]?.array?.compactMap(\.string).joined() ?? ""
        #expect(image.hasPrefix("<svg ") && image.contains("toy_run"), "\(image.prefix(80))")
        #expect(curve?["text/plain"]?.array?.isEmpty == false)
        // The numbers are those of the model that was kept, to the last digit.
        let compared = try source("compare", cells)
        for metric in metrics where !metric.name.contains("@") && !metric.name.hasPrefix("system:") {
            #expect(compared.contains("\"\(metric.name)\": \(metric.value.double ?? .nan)"), "\(metric.name)\n\(compared)")
        }
        let shown = try run("notebook", "show", out)
        #expect(shown.output.contains("set by hand") && shown.output.contains("picture: image/svg+xml"), "\(shown.output)")
    }

    @Test func aKeptModelIsToldByItsRun() throws {
        let file = try data()
        #expect(try run("train", file, "--target", "y", "--set", "epochs=1", "--name", "base").code == 0)
        #expect(try run("models", "register", "toy", "--run", "base", "--note", "for the *shop*").code == 0)
        let written = try run("notebook", "toy", "--out", scratch.path + "/model.ipynb")
        #expect(written.code == 0, "\(written.errors)")
        let title = try source("title", try cells("model.ipynb"))
        #expect(title.hasPrefix("# toy:1\n") && title.contains("kept of the run base") && title.contains("> for the \\*shop\\*"))
        let nobody = try run("notebook", "nobody", "--out", scratch.path + "/a.ipynb")
        #expect(nobody.code == 2 && nobody.errors.contains("nobody"), "\(nobody.errors)")
        #expect(try run("notebook", "toy").errors.contains("--out is missing"))
    }

    @Test func aSearchIsToldWithItsTrialsAndWhatMatters() throws {
        let file = try data()
        let tuned = try run(
            "tune", file, "--target", "y", "--algorithm", "linear-learner", "--set", "epochs=1", "--range", "wd=log:0.0001:0.1",
            "--range", "mini_batch_size=int:4:64", "--range", "optimizer=cat:sgd,adam", "--strategy", "random", "--max-jobs",
            "12",
            "--confirm", "0", "--name", "search", "--seed", "3")
        #expect(tuned.code == 0, "\(tuned.errors)")
        let written = try run("notebook", "search", "--out", scratch.path + "/search.ipynb")
        #expect(written.code == 0, "\(written.errors)")
        let cells = try cells("search.ipynb"), tuner = try source("tuner", cells)
        for part in [
            "\"wd\": ContinuousParameter(0.0001, 0.1, \"Logarithmic\")",
            "\"mini_batch_size\": IntegerParameter(4, 64, \"Linear\")",
            "\"optimizer\": CategoricalParameter([\"sgd\", \"adam\"])", "strategy=\"random\"", "max_jobs=12", "\"confirm\": 0",
            "objective_type=\"Minimize\"", "\"seed\": 3",
        ] {
            #expect(tuner.contains(part), "\(part)\n\(tuner)")
        }
        let pictures = cells.filter { $0["outputs"]?.array?.first?["data"]?["image/svg+xml"] != nil }
        #expect(pictures.compactMap { $0["id"]?.string } == ["progress", "importance"])
        #expect(try source("trials", cells).split(separator: "\n").count { $0.hasPrefix("| ") } == 14)
        let image = try run("tune", "export", "search", "--format", "svg"),
            text = try run("tune", "export", "search", "--format", "text")
        #expect(image.output.hasPrefix("<svg ") && text.output.contains("best"), "\(image.errors)\(text.errors)")
        #expect(try run("tune", "importance", "search", "--svg", "-").output.hasPrefix("<svg "))
        #expect(try run("notebook", "search", "--plain", "--out", "-").code == 2)
    }

    @Test func aNotebookIsOnePageThatRunsAndLoadsNothing() throws {
        let cell =
            #"{"cell_type":"code","execution_count":1,"id":"a","metadata":{},"source":"x < 1 # <script>","outputs":"#
            + #"[{"output_type":"display_data","metadata":{},"data":{"text/html":"<table onclick=\"go()\"><tr><td colspan=2>1&lt;</td></tr>"#
            + #"</table><script>alert(1)</script><img src=http://x/y>"}},"#
            + #"{"output_type":"display_data","metadata":{},"data":{"image/svg+xml":"<svg onload=\"go()\"/>","text/plain":"p"}},"#
            + #"{"output_type":"stream","name":"stdout","text":"\u001b[31mred\u001b[0m <b>"}]}"#
        let text =
            ##"{"cell_type":"markdown","id":"m","metadata":{},"source":"# Cost & *care*\n\n| a | b |\n|--|-:|\n| 1 | `2` |\n\n"##
            + #"- one\n  - two\n\n[web](https://example.org) [no](javascript:go())"}"#
        let file = try scratch.write(
            #"{"cells":[\#(text),\#(cell)],"metadata":{},"nbformat":4,"nbformat_minor":5}"#, as: "b.ipynb")
        let written = try run("notebook", "export", file)
        #expect(written.code == 0, "\(written.errors)")
        let page = try scratch.read("b.html")
        for part in [
            "<h1>Cost &amp; <strong>care</strong></h1>", "<th class=\"number\">b</th>",
            "<td class=\"number\"><code>2</code></td>",
            "<ul>\n<li>one</li>\n<ul>\n<li>two</li>\n</ul>\n</ul>", "<a href=\"https://example.org\" rel=\"noreferrer\">web</a>",
            "<table><tr><td colspan=\"2\">1&lt;</td></tr></table>", "data:image/svg+xml;base64,", ">red &lt;b&gt;</pre>",
            "&lt;script&gt;", "default-src 'none'", "prefers-color-scheme:dark",
        ] {
            #expect(page.contains(part), "\(part)\n\(page.suffix(3000))")
        }
        for harm in ["<script", "onclick", "alert(1)", "onload=", "http://x", "javascript:"] {
            #expect(!page.contains(harm), "\(harm)")
        }
        #expect(try run("notebook", "export", scratch.path + "/none.ipynb").code == 3)
    }
}

/// What nbformat's schema asks of a notebook.
///
/// - Source: nbformat 4.5's JSON schema: required members, and that cells and outputs have no others.
enum NotebookRules {
    private static let cells: [String: Set<String>] = [
        "markdown": ["id", "cell_type", "metadata", "source"], "raw": ["id", "cell_type", "metadata", "source"],
        "code": ["id", "cell_type", "metadata", "source", "outputs", "execution_count"],
    ]
    private static let outputs: [String: Set<String>] = [
        "stream": ["output_type", "name", "text"], "display_data": ["output_type", "data", "metadata"],
        "execute_result": ["output_type", "data", "metadata", "execution_count"],
        "error": ["output_type", "ename", "evalue", "traceback"],
    ]

    static func faults(in notebook: JSONValue) -> [String] {
        var faults: [String] = [], ids = Set<String>()
        if Set(notebook.members?.map(\.name) ?? []) != ["cells", "metadata", "nbformat", "nbformat_minor"] {
            faults.append("members")
        }
        if notebook["nbformat"]?.integer != 4 || notebook["nbformat_minor"]?.integer != 5 { faults.append("format") }
        for (place, cell) in (notebook["cells"]?.array ?? []).enumerated() {
            let kind = cell["cell_type"]?.string ?? "", id = cell["id"]?.string ?? ""
            if Set(cell.members?.map(\.name) ?? []) != cells[kind] { faults.append("cell \(place): members of a \(kind)") }
            let isPlain = id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
                    || byte == 0x5F
            }
            if !(1...64).contains(id.utf8.count) || !isPlain { faults.append("cell \(place): id '\(id)'") }
            if !ids.insert(id).inserted { faults.append("cell \(place): id \(id) twice") }
            if cell["source"]?.string == nil, cell["source"]?.array?.allSatisfy({ $0.string != nil }) != true {
                faults.append("cell \(place): source")
            }
            for output in cell["outputs"]?.array ?? []
            where Set(output.members?.map(\.name) ?? []) != outputs[output["output_type"]?.string ?? ""] {
                faults.append("cell \(place): output")
            }
        }
        return faults
    }
}
