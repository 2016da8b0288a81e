import Events
import Glibc
import TemporaryFolders
import Testing

@Suite struct CommandLineTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    @Test func trainingPrintsEventsAndEndsWithTheJobsResult() throws {
        let program = try Program.run(
            "train", Program.sample("diabetes"), "--target", "progression", "--algorithm", "linear-learner", "--json",
            "--workspace",
            workspace)
        #expect(program.code == 0)
        #expect(program.errors.isEmpty)
        let events = try program.events()
        #expect(events.count == program.lines.count)
        guard case .job(.finished(let result))? = events.last?.kind else {
            Issue.record("the last line is \(program.lines.last ?? "none")")
            return
        }
        #expect(result.status == .completed)
        #expect(Set(result.metrics.keys.map(\.text)).isSuperset(of: ["validation:rmse", "validation:mae", "validation:r2"]))
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
    }

    @Test func preparationAndRowWeightsGoWithTheRunAndItsModel() throws {
        let data = Program.sample("diabetes")
        let trained = try Program.run(
            "train", data, "--target", "progression", "--prepare", "pca=4", "--weight", "bmi", "--drop", "age", "--drop", "sex",
            "--name", "turned", "--quiet", "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let shown = try #require(try Program.run("runs", "show", "turned", "--json", "--workspace", workspace).json().first)
        #expect(shown["prepare"]?.string == "pca=4")
        #expect(shown["weight"]?.string == "bmi")
        #expect(try #require(shown["checkpoints"]?.array).allSatisfy { $0.integer ?? 0 > 0 })
        #expect(shown["drop"]?.array?.compactMap(\.string) == ["age", "sex"])
        let evaluated = try Program.run("evaluate", "turned", data, "--json", "--workspace", workspace).json()
        #expect(try #require(evaluated.first?["metrics"]?["test:r2"]?.double) > 0.2)
        let predicted = try Program.run("predict", "turned", data, "--quiet", "--workspace", workspace)
        #expect(predicted.lines.count == 443)
        #expect(predicted.lines.first?.hasSuffix(",prediction") == true)
        let wrong = try Program.run(
            "train", data, "--target", "progression", "--prepare", "lda=2", "--workspace", workspace)
        #expect(wrong.code != 0)
        #expect(wrong.errors.contains("prepare 'lda=2' is not valid: give pca=COMPONENTS or kmeans=CENTRES"))
    }

    @Test func simpleModelsStandBesideARunThatAsksForThem() throws {
        let data = Program.sample("diabetes")
        let trained = try Program.run(
            "train", data, "--target", "progression", "--algorithm", "neural-network", "--baseline", "--name", "net", "--quiet",
            "--workspace", workspace)
        #expect(trained.code == 0, "\(trained.errors)")
        let table = trained.lines.filter { $0.hasPrefix("net") }.map { String($0.prefix { $0 != " " }) }
        #expect(table == ["net", "net-linear", "net-constant"] || table == ["net", "net-constant", "net-linear"])
        let constant = try #require(
            try Program.run("runs", "show", "net-constant", "--json", "--workspace", workspace).json().first)
        #expect(constant["algorithm"]?.string == "constant")
        // The mean explains nothing.
        #expect(abs(try #require(constant["metrics"]?["train:r2"]?.double)) < 1e-6)
        #expect(constant["lineage"]?["from"]?.array?.contains { $0["link"]?.string == "baselineOf" } == true)
        let refused = try Program.run("train", data, "--algorithm", "kmeans", "--baseline", "--workspace", workspace)
        #expect(refused.code != 0 && refused.errors.contains("name a target"))
    }

    @Test func theLinearLearnerMatchesLeastSquaresOnTheSameRows() throws {
        // scikit-learn 1.9.1, LinearRegression on the same training file: RMSE on the same test file.
        let split = try Program.run(
            "data", "split", Program.sample("diabetes"), "--test", "0.25", "--seed", "5", "--out", scratch.path)
        #expect(split.code == 0)
        let program = try Program.run(
            "train", scratch.path + "/diabetes-train.csv", "--target", "progression", "--validation",
            scratch.path + "/diabetes-test.csv", "--json", "--workspace", workspace)
        guard case .job(.finished(let result))? = try program.events().last?.kind else {
            Issue.record("no result")
            return
        }
        let reference = try LeastSquares.rmse(
            training: try scratch.read("diabetes-train.csv"), test: try scratch.read("diabetes-test.csv"))
        let rmse = try #require(result.metrics[MetricName("validation:rmse")])
        // The default penalty makes it a little better there.
        #expect(rmse < reference * 1.005 && rmse > reference * 0.97, "\(rmse) against \(reference)")
    }

    @Test func rowsInTheOrderOfTheTargetRaiseTheAlertAndShufflingIsItsRemedy() throws {
        var text = "a,b,label\n"
        for row in 0..<2_000 { text += "\(row % 17 + (row < 1_000 ? 0 : 4)),\(row % 7),\(row < 1_000 ? "no" : "yes")\n" }
        let data = try scratch.write(text, as: "sorted.csv")
        let program = try Program.run(
            "train", data, "--target", "label", "--set", "shuffle=false", "--json", "--workspace", workspace)
        let alerts = try program.events().compactMap { event in
            if case .debugger(.alertRaised(let alert)) = event.kind { alert } else { nil }
        }
        let alert = try #require(alerts.first { $0.rule == "DataOrder" })
        #expect(alert.remedies.first?.set == ["shuffle": "true"])
        #expect(alert.evidence.map(\.name) == ["z", "threshold", "rows"])
        let shuffled = try Program.run("train", data, "--target", "label", "--json", "--workspace", workspace)
        #expect(!shuffled.output.contains("DataOrder"))
    }

    @Test(arguments: ["predict", "evaluate"])
    func aDamagedModelIsNamedAndEndsWithTheCodeOfBadInput(command: String) throws {
        try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--name", "iris", "--quiet", "--workspace", workspace)
        let run = try #require(try Program.run("runs", "show", "iris", "--json", "--workspace", workspace).json().first)
        let name = "workspace/artifacts/\(try #require(run["run"]?.string))/model.json"
        let whole = try scratch.read(name)
        // One column of the pipeline is gone, or comes twice: once this was memory never written, and the heap's end.
        try scratch.write(whole.replacing("petal_width", with: "petal_widths"), as: name)
        let program = try Program.run(command, "iris", Program.sample("iris"), "--workspace", workspace)
        #expect(program.code == 3)
        #expect(program.output.isEmpty)
        #expect(program.errors.contains("model.json is damaged: its checksum is not that of its content: train the run again"))
    }

    @Test func predictionsAreTheInputRowsWithColumnsAdded() throws {
        try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--name", "iris", "--quiet", "--workspace", workspace)
        let rows = try scratch.write(
            "sepal_length,sepal_width,petal_length,petal_width,note\n5.1,3.5,1.4,0.2,\"a, \"\"b\"\"\"\n6.5,3.0,5.8,2.2,x\n",
            as: "rows.csv")
        let program = try Program.run("predict", "iris", rows, "--workspace", workspace)
        #expect(program.code == 0)
        #expect(program.lines.count == 3)
        #expect(
            program.lines[0]
                == "sepal_length,sepal_width,petal_length,petal_width,note,prediction,score_setosa,score_versicolor,score_virginica"
        )
        #expect(program.lines[1].hasPrefix("5.1,3.5,1.4,0.2,\"a, \"\"b\"\"\",setosa,"))
        #expect(program.lines[2].contains(",virginica,"))
        let scores = program.lines[1].split(separator: ",").suffix(3).compactMap { Double($0) }
        #expect(abs(scores.reduce(0, +) - 1) < 1e-5)
    }

    @Test func aModelIsMeasuredOnAnotherFile() throws {
        try Program.run(
            "train", Program.sample("breast_cancer"), "--target", "diagnosis", "--quiet", "--workspace", workspace)
        let program = try Program.run(
            "evaluate", "@latest", Program.sample("breast_cancer"), "--json", "--workspace", workspace)
        let line = try #require(try program.json().first)
        #expect(line["kind"]?.string == "evaluated")
        let accuracy = try #require(line["metrics"]?.metrics?[MetricName("test:accuracy")])
        #expect(accuracy > 0.95)
    }

    @Test func runsAreListedShownDeletedAndRestored() throws {
        for seed in ["1", "2"] {
            try Program.run(
                "train", Program.sample("diabetes"), "--target", "progression", "--seed", seed, "--name", "run\(seed)", "--quiet",
                "--workspace", workspace)
        }
        func names() throws -> [String?] {
            try Program.run("runs", "list", "--json", "--workspace", workspace).json().map { $0["name"]?.string }
        }
        #expect(try names() == ["run2", "run1"])
        let first = try #require(try Program.run("runs", "list", "--json", "--workspace", workspace).json().first)
        for member in ["run", "name", "experiment", "algorithm", "status", "hyperparameters", "metrics"] {
            #expect(first[member] != nil, "\(member)")
        }
        #expect(first["status"]?.string == "Completed")
        let shown = try Program.run("runs", "show", "run1", "--workspace", workspace)
        #expect(shown.output.contains("learning_rate"))
        #expect(try Program.run("runs", "delete", "run1", "--workspace", workspace).code == 0)
        #expect(try names() == ["run2"])
        #expect(try Program.run("runs", "restore", "run1", "--workspace", workspace).code == 0)
        #expect(try names() == ["run2", "run1"])
        try Program.run("runs", "delete", "run1", "--permanently", "--workspace", workspace)
        #expect(try Program.run("runs", "restore", "run1", "--workspace", workspace).code == 2)
    }

    @Test(arguments: [
        (["train"], 2, "descent: descent train: FILE is missing: "),
        (["trian", "x"], 2, "descent: 'trian' is no command and no file: did you mean 'descent train'?"),
        (
            ["runs", "lisst"], 2,
            "descent: descent runs lisst: no such command: use list, search, show, output, curves, compare, importance, "
        ),
        (["train", "x.csv", "--tagret", "y"], 2, "descent: descent train: unknown option --tagret: did you mean --target?"),
        (["train", "x.csv"], 2, "descent: descent train: --target is missing: name the column to predict"),
        (
            ["train", "x.csv", "--target", "y", "--objective", "f2"], 2,
            "descent: linear-learner does not measure 'f2': choose from loss, mse, rmse, mae, r2, mape, "
        ),
        (["train", "x.csv", "--target", "y", "--set", "epochs"], 2, "descent: --set 'epochs': write NAME=VALUE"),
        (
            ["train", "x.csv", "--target", "y", "--set", "epochs=0"], 2,
            "descent: epochs = '0' is not valid: give auto or a whole number"
        ),
        (
            ["train", "x.csv", "--target", "y", "--set", "learnign_rate=1"], 2,
            "descent: linear-learner has no hyperparameter 'learnign_rate': did you mean 'learning_rate'?"
        ),
        (["train", "x.csv", "--target", "y", "--algorithm", "nope"], 2, "descent: no algorithm 'nope': use linear-learner"),
        (["train", "/nowhere/x.csv", "--target", "y"], 3, "descent: /nowhere/x.csv: no such file: check the path"),
        (
            ["train", "/dev/zero", "--target", "y"], 3,
            "descent: /dev/zero is a device or a socket: name a file, a folder or a pipe"
        ),
        (["train", "/tmp/no-*-such", "--target", "y"], 3, "descent: /tmp/no-*-such: no such file: check the path"),
        (["train", "-", "--target", "y"], 3, "descent: standard input is empty: give it a header or at least one record"),
        (
            ["train", "-", "--target", "y", "--validation", "-"], 2,
            "descent: standard input can be read only once: give another file to train or to validate on"
        ),
        (["data", "split", "x.csv", "--test", "2"], 2, ""),
        (["predict", "nothing", "/etc/passwd"], 2, "descent: there is no workspace in /tmp/descent-test-"),
        ([], 1, "descent: the studio needs a terminal: "),
    ])
    func mistakesAreAnsweredInOneLineWithTheRightCode(arguments: [String], code: Int32, message: String) throws {
        let global = arguments.isEmpty ? [] : ["--workspace", workspace]
        let program = try Running(arguments + global).finish()
        #expect(program.errors.hasPrefix(message), "\(program.errors)")
        #expect(program.errors.split(separator: "\n").count == 1, "\(program.errors)")
        if code != 2 || arguments.first != "data" { #expect(program.code == code) }
        #expect(program.output.isEmpty)
    }

    @Test func faultsInTheDataNameFileAndLine() throws {
        let ragged = try scratch.write("a,b\n1,2\n3\n", as: "ragged.csv")
        let program = try Program.run("train", ragged, "--target", "b", "--quiet", "--workspace", workspace)
        #expect(program.code == 3)
        #expect(program.errors.contains("ragged.csv:3:"))
        let missing = try scratch.write("a,b\n1,2\n3,4\n", as: "fine.csv")
        let noColumn = try Program.run("train", missing, "--target", "c", "--quiet", "--workspace", workspace)
        #expect(noColumn.code == 3)
        #expect(noColumn.errors.contains("no column named 'c'"))
    }

    @Test func helpReadsWellOnEveryLevel() throws {
        #expect(try Program.run("--help").output.contains("descent train sample-data/insurance.csv"))
        #expect(try Program.run("runs", "--help").output.contains("runs show"))
        let train = try Program.run("train", "--help")
        #expect(train.output.contains("--target COL"))
        #expect(train.output.contains("--workspace DIR"))
        #expect(train.output.split(separator: "\n").allSatisfy { $0.count <= 110 })
        #expect(try Program.run("help", "data", "split").output.contains("--stratify COL"))
    }

    @Test func theDoctorSaysWhatIsThere() throws {
        let program = try Program.run("doctor", "--json", "--workspace", workspace)
        #expect(program.code == 0)
        let line = try #require(try program.json().first)
        #expect(line["SQLite"]?.string?.hasPrefix("3.") == true)
        #expect(line["ncurses"]?.string?.hasPrefix("ncurses") == true)
    }
}

/// An exact least-squares fit, independent of the program: normal equations with an intercept, in double precision.
enum LeastSquares {
    static func rmse(training: String, test: String) throws -> Double {
        let (x, y) = parse(training)
        let width = x[0].count
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: width)
        for (row, target) in zip(x, y) {
            for i in 0..<width {
                for j in 0..<width { matrix[i][j] += row[i] * row[j] }
                matrix[i][width] += row[i] * target
            }
        }
        let weights = solve(&matrix)
        let (testX, testY) = parse(test)
        let squares = zip(testX, testY).reduce(0.0) { sum, pair in
            let error = zip(pair.0, weights).reduce(0) { $0 + $1.0 * $1.1 } - pair.1
            return sum + error * error
        }
        return (squares / Double(testY.count)).squareRoot()
    }

    /// Gaussian elimination with partial pivoting on an augmented matrix.
    private static func solve(_ matrix: inout [[Double]]) -> [Double] {
        let width = matrix.count
        for column in 0..<width {
            let pivot = (column..<width).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
            matrix.swapAt(column, pivot)
            for row in 0..<width where row != column {
                let factor = matrix[row][column] / matrix[column][column]
                for k in column...width { matrix[row][k] -= factor * matrix[column][k] }
            }
        }
        return (0..<width).map { matrix[$0][width] / matrix[$0][$0] }
    }

    /// All columns numeric, the last one the target; a 1 is put in front for the intercept.
    private static func parse(_ text: String) -> ([[Double]], [Double]) {
        let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            line.split(separator: ",").compactMap { Double($0) }
        }
        return (rows.map { [1] + $0.dropLast() }, rows.map { $0[$0.count - 1] })
    }
}
