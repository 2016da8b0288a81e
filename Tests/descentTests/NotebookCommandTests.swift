import Glibc
import JSON
@testable import Learners
import TemporaryFolders
import Testing

/// Notebooks of plans and models, the real program; their code is run where Python has what it imports.
@Suite(.serialized) struct NotebookCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private static let library = XGBoostLibrary.candidates().first { access($0, R_OK) == 0 }
    /// A Python that has the notebooks' packages; `DESCENT_PYTHON` names one.
    private static let python: String? = {
        let named = getenv("DESCENT_PYTHON").map { String(cString: $0) }
        return ([named].compactMap { $0 } + ["/usr/bin/python3", "/usr/local/bin/python3"]).first { path in
            guard access(path, X_OK) == 0 else { return false }
            do { return try Running(["-c", "import pandas, sklearn, xgboost"], program: path).finish().code == 0 } catch {
                return false
            }
        }
    }()

    private func run(_ words: String...) throws -> Program {
        let variables = Self.library.map { ["DESCENT_XGBOOST=\($0)"] } ?? []
        return try Running(words + ["--workspace", workspace], variables: variables).finish()
    }

    private func data() throws -> String {
        var lines = ["x,kind,when,y"]
        for row in 0..<80 {
            let x = row * 37 % 101, kind = ["a", "b", "c"][row % 3]
            lines.append("\(x),\(kind),2024-\(row % 9 + 1)-1\(row % 9),\(2 * x + (row % 3) * 10)")
        }
        return try scratch.write(lines.joined(separator: "\n") + "\n", as: "toy.csv")
    }

    private func cells(_ name: String) throws -> [JSONValue] {
        let notebook = try JSONValue(parsing: try scratch.read(name))
        #expect(notebook["nbformat"]?.integer == 4 && notebook["nbformat_minor"]?.integer == 5)
        return notebook["cells"]?.array ?? []
    }

    private func source(_ cell: JSONValue) -> String { (cell["source"]?.array ?? []).compactMap(\.string).joined() }

    @Test func aPlanIsWrittenWithoutTrainingChangedAndGivenBack() throws {
        let file = try data(), path = scratch.path + "/plan.ipynb"
        #expect(try run("automl", "plan", file, "--target", "y", "--out", path).code == 0)
        #expect(try run("runs", "list", "--json").json().isEmpty)
        let cells = try cells("plan.ipynb")
        let ids = cells.compactMap { $0["id"]?.string }
        let isWhole = cells.allSatisfy { $0["metadata"] != nil && $0["source"] != nil }
        #expect(Set(ids).count == cells.count && isWhole)
        let cell = try #require(cells.first { $0["id"]?.string == "settings" })
        let settings = source(cell)
        for part in ["TARGET = \"y\"", "NUMBERS = [\"x\"]", "CATEGORIES = [\"kind\"]", "OBJECTIVE = \"mse\"", "FOLDS = 8"] {
            #expect(settings.contains(part), "\(settings)")
        }
        // Only what the changed plan says is tried.
        let own = #"{"name":"mine","family":"linear","hyperparameters":{"optimizer":"lbfgs","wd":0.001},"why":"mine"}"#
        let edited = try replacingPlan(try scratch.read("plan.ipynb"), with: "[\(own)]")
        let changed = try scratch.write(edited, as: "mine.ipynb")
        let ended = try run("automl", file, "--target", "y", "--plan", changed, "--name", "planned", "--json")
        #expect(ended.code == 0, "\(ended.errors)")
        let board = try ended.json().last?["leaderboard"]?.array ?? []
        let models = board.compactMap { $0["model"]?.string }
        #expect(models.contains("planned-mine"), "\(ended.output)")
        let shown = try run("automl", "show", "planned", "--json").json()
        let penalty = shown.first { $0["model"]?.string == "planned-mine" }?["hyperparameters"]?.strings?["wd"]
        #expect(penalty == "0.001")

        for (plan, message) in [
            ("[{\"name\":\"a\",\"family\":\"oracle\"}]", "no family is called 'oracle'"),
            ("[{\"name\":\"a b\",\"family\":\"linear\"}]", "a name is of letters"),
            ("[{\"name\":\"a\",\"family\":\"linear\",\"hyperparameters\":{\"wdd\":1}}]", "wdd"),
        ] {
            let broken = try scratch.write(try replacingPlan(try scratch.read("plan.ipynb"), with: plan), as: "broken.ipynb")
            let refused = try run("automl", file, "--target", "y", "--plan", broken)
            #expect(refused.code == 2 && refused.errors.contains(message), "\(refused.code) \(refused.errors)")
        }
        #expect(try run("automl", file, "--target", "y", "--plan", "nowhere.ipynb").code == 2)
    }

    /// A notebook with another plan.
    private func replacingPlan(_ notebook: String, with plan: String) throws -> String {
        var document = try JSONValue(parsing: notebook)
        let cells = (document["cells"]?.array ?? []).map { cell -> JSONValue in
            guard cell["id"]?.string == "plan" else { return cell }
            return .object([
                "cell_type": .string("code"), "execution_count": .null, "id": .string("plan"),
                "metadata": .object(["tags": .array([.string("descent-plan")])]), "outputs": .array([]),
                "source": .array([.string("import json\n"), .string("PLAN = json.loads(r\"\"\"\(plan)\"\"\")")]),
            ])
        }
        document = .object([
            "cells": .array(cells), "metadata": .object([]), "nbformat": .integer(4), "nbformat_minor": .integer(5),
        ])
        return document.text
    }

    @Test(.enabled(if: python != nil, "python3 has no pandas, scikit-learn and xgboost (DESCENT_PYTHON names another)"))
    func theCodeOfAModelsNotebookRuns() throws {
        let file = try data(), path = scratch.path + "/model.ipynb"
        #expect(
            try run("automl", file, "--target", "y", "--folds", "3", "--max-candidates", "2", "--name", "toy").code == 0)
        let written = try run("notebook", "toy", "--out", path)
        #expect(written.code == 0, "\(written.errors)")
        let code = try cells("model.ipynb").filter { $0["cell_type"]?.string == "code" }.map(source)
        let script = try scratch.write(code.joined(separator: "\n\n"), as: "model.py")
        let ran = try Running([script], program: try #require(Self.python)).finish()
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.output.contains("the average: mse"), "\(ran.output)")
        // y is twice x and something by kind: a linear model is nearly right in either program.
        let line = try #require(ran.output.split(separator: "\n").first { $0.hasPrefix("the average: mse") })
        #expect(Double(line.split(separator: " ").last ?? "") ?? .infinity < 100, "\(line)")
    }

    /// What a notebook's code prints.
    private func ran(_ notebook: String) throws -> Program {
        let code = try cells(notebook).filter { $0["cell_type"]?.string == "code" }.map(source)
        let script = try scratch.write(code.joined(separator: "\n\n"), as: notebook + ".py")
        return try Running([script], program: try #require(Self.python)).finish()
    }

    @Test(.enabled(if: python != nil, "python3 has no pandas, scikit-learn and xgboost (DESCENT_PYTHON names another)"))
    func modelsThatLearnFromOthersAndNeighboursRun() throws {
        let file = try data(), path = scratch.path + "/plan.ipynb"
        #expect(try run("automl", "plan", file, "--target", "y", "--out", path).code == 0)
        let stacked = """
            [{"name":"a","family":"linear","hyperparameters":{"optimizer":"lbfgs"}},{"name":"b","family":"neighbours","hyperparameters":{}},
             {"name":"top","family":"linear","hyperparameters":{"optimizer":"lbfgs"},"stack":["a","b"]}]
            """
        let edited = try scratch.write(try replacingPlan(try scratch.read("plan.ipynb"), with: stacked), as: "stacked.ipynb")
        #expect(
            try run("automl", file, "--target", "y", "--folds", "3", "--plan", edited, "--name", "high").code == 0)
        let written = try run("notebook", "high", "--out", scratch.path + "/high.ipynb")
        #expect(written.code == 0, "\(written.errors)")
        for name in ["stacked.ipynb", "high.ipynb"] {
            let ended = try ran(name)
            #expect(ended.code == 0 && ended.output.contains("the average: mse"), "\(ended.output)\(ended.errors)")
        }
        #expect(try ran("stacked.ipynb").output.contains("\ntop: mse"))
    }

    /// A table with gaps, and steps that pandas can do as well.
    private func gappy() throws -> (data: String, steps: String) {
        var lines = ["x,kind,size,idle,y"]
        for row in 0..<120 {
            let x = row % 7 == 0 ? "" : "\(row * 37 % 101)", kind = row % 11 == 0 ? "" : ["a", "b", "c"][row % 3]
            lines.append("\(x),\(kind),\(Double(row * row % 53) / 4),\(row % 5),\(row * 74 % 202 + row % 3 * 10)")
        }
        let steps = """
            [{"step": "drop", "columns": ["idle"]}, {"step": "rename", "column": "x", "to": "width"},
             {"step": "impute", "columns": ["width"], "how": "mean"}, {"step": "impute"},
             {"step": "clip", "columns": ["size"], "quantiles": [0.05, 0.9]}, {"step": "clip", "columns": ["width"], "upper": 90},
             {"step": "scale", "columns": ["size"], "how": "log"}]
            """
        return (
            try scratch.write(lines.joined(separator: "\n") + "\n", as: "gappy.csv"), try scratch.write(steps, as: "steps.json")
        )
    }

    @Test func aStepThatPandasHasNoFormOfIsRefusedByItsNumber() throws {
        let (file, _) = try gappy()
        let steps = try scratch.write(
            #"[{"step": "drop", "columns": ["idle"]}, {"step": "product", "columns": ["x", "size"], "to": "both"}]"#,
            as: "more.json")
        let path = scratch.path + "/refused.ipynb"
        let refused = try run("automl", "plan", file, "--target", "y", "--pipeline", steps, "--out", path)
        #expect(refused.code == 2 && refused.errors.contains("step 2 (product) of the pipeline has no form"), "\(refused.errors)")
        #expect(!refused.errors.contains("--plain"))
    }

    @Test(.enabled(if: python != nil, "python3 has no pandas, scikit-learn and xgboost (DESCENT_PYTHON names another)"))
    func plainStepsOfAPipelineDoWhatTheyDoHere() throws {
        let (file, steps) = try gappy(), path = scratch.path + "/piped.ipynb", prepared = scratch.path + "/prepared.csv"
        let written = try run("automl", "plan", file, "--target", "y", "--pipeline", steps, "--folds", "3", "--out", path)
        #expect(written.code == 0, "\(written.errors)")
        #expect(try run("data", "prepare", file, "--pipeline", steps, "--target", "y", "--out", prepared).code == 0)
        let code = try cells("piped.ipynb").filter { $0["cell_type"]?.string == "code" }.map(source)
        let compared = """
            mine = FirstSteps(STEPS).fit(frame[COLUMNS]).transform(frame[COLUMNS])
            theirs = pd.read_csv("\(prepared)")[list(mine.columns)]
            pd.testing.assert_frame_equal(mine, theirs, check_dtype=False, rtol=1e-12)
            print("the same", list(mine.columns))
            """
        let script = try scratch.write((code + [compared]).joined(separator: "\n\n"), as: "piped.py")
        let ran = try Running([script], program: try #require(Self.python)).finish()
        #expect(ran.code == 0 && ran.output.contains("the same ['width', 'kind', 'size']"), "\(ran.output)\(ran.errors)")
        #expect(ran.output.contains("the average: mse"))
    }

    @Test(.enabled(if: python != nil, "python3 has no pandas, scikit-learn and xgboost (DESCENT_PYTHON names another)"))
    func groupsStayTogetherAndTextsBecomeWords() throws {
        let words = ["late", "broken", "fine", "great", "refund", "thanks", "never", "again", "quick", "slow"]
        var lines = ["who,message,x,label"]
        for row in 0..<240 {
            let own = (0..<5).map { words[(row * 7 + $0 * (row % 4 + 1)) % 10] },
                isBad = own.contains("broken") || own.contains("refund")
            lines.append(
                "p\(row / 6),\(own.joined(separator: " ")) no \(row * 31 % 97),\(row * 37 % 101),\(isBad ? "bad" : "good")")
        }
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", as: "messages.csv")
        let written = try run(
            "automl", "plan", file, "--target", "label", "--group", "who", "--folds", "3", "--max-candidates", "2", "--out",
            scratch.path + "/messages.ipynb")
        #expect(written.code == 0, "\(written.errors)")
        let settings = source(try #require(try cells("messages.ipynb").first { $0["id"]?.string == "settings" }))
        #expect(settings.contains("GROUP = \"who\"") && settings.contains("TEXTS = [\"message\"]"), "\(settings)")
        let ended = try ran("messages.ipynb")
        #expect(ended.code == 0, "\(ended.errors)")
        let line = try #require(ended.output.split(separator: "\n").first { $0.hasPrefix("the average: f1") })
        #expect(Double(line.split(separator: " ").last ?? "") ?? 0 > 0.8, "\(line)")
    }

    @Test func whatHasNoNotebookIsSaid() throws {
        let file = try data()
        #expect(try run("automl", "plan", file, "--target", "y").errors.contains("--out is missing"))
        #expect(try run("notebook", "nobody", "--out", scratch.path + "/a.ipynb").code == 2)
    }
}
