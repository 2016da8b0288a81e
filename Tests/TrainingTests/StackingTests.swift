import Events
import Learners
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Runs that learn from what other runs of folds predicted.
@Suite struct StackingTests {
    private static func rows(_ classes: Int) -> String {
        var lines = ["x,z,colour,y"]
        for row in 0..<160 {
            let x = Double(row * 37 % 101) / 10, z = row * 13 % 29, colour = ["red", "green", "blue"][row % 3]
            let number = 3 * x + (row % 3 == 0 ? 5 : 0) + Double(row * 7 % 5) - (z > 14 ? x : 0)
            let word = classes == 2 ? (number > 17 ? "big" : "small") : number > 22 ? "big" : number > 12 ? "middle" : "small"
            lines.append("\(x),\(z),\(colour),\(classes > 0 ? word : "\(number)")")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private struct Bench {
        let lab: Laboratory
        let path: String
        let scratch: TemporaryFolder

        init(_ classes: Int) throws {
            (lab, scratch) = (try Laboratory(), try TemporaryFolder())
            path = try scratch.write(StackingTests.rows(classes), as: "data.csv")
        }

        func run(
            _ id: String, _ algorithm: String = "linear-learner", _ settings: [String: String] = [:], stack: [String] = [],
            folds: Int = 4, seed: UInt64 = 3
        ) throws -> JobResult {
            let events = lab.run(id, data: path, algorithm: algorithm, settings) { request in
                (request.folds, request.stack, request.seed) = (folds, stack, seed)
            }
            return try #require(events.result)
        }

        func model(_ id: String, _ file: String = Model.fileName) throws -> Model {
            try #require(try Model.load(fromFolder: lab.folder.path + "/" + id, named: file))
        }

        func bytes(_ id: String, _ file: String) throws -> String { try lab.folder.read(id + "/" + file) }
    }

    private func numbers(_ columns: [OutputColumn]) -> [[Double]] {
        (columns.count > 1 ? Array(columns.dropFirst()) : columns).map { $0.texts.compactMap { Double($0) } }
    }

    @Test(arguments: [0, 2, 3])
    func aRunLearnsFromOthersAndIsAModelOfItsOwn(classes: Int) throws {
        let bench = try Bench(classes)
        #expect(try bench.run("one", "linear-learner", ["epochs": "8"]).status == .completed)
        #expect(try bench.run("two", "knn", ["k": "5"]).status == .completed)
        let result = try bench.run("top", "linear-learner", ["optimizer": "lbfgs"], stack: ["one", "two"])
        #expect(result.status == .completed, "\(result.reason)")
        // What the others say of held-out rows tells more than the columns alone, of numbers that columns tell together.
        let loss = MetricName("validation:loss"), plain = try bench.run("plain", "linear-learner", ["optimizer": "lbfgs"])
        let (with, without) = (try #require(result.metrics[loss]), try #require(plain.metrics[loss]))
        #expect(classes == 0 ? with < without : with != without)

        // The model has all that it needs: it stays when the others are gone.
        let table = try Table(contentsOf: bench.path), model = try bench.model("top", Model.foldsFileName)
        #expect(model.algorithm == StackedModel.name && model.canBeAveraged)
        let stack = try #require(model.learned as? StackedModel)
        #expect(stack.bases.count == 2 && stack.top.members.count == 4)
        let said = numbers(try model.predict(table))
        #expect(
            said.count == max(1, classes == 2 ? 1 : classes) && said.allSatisfy { $0.count == 160 && $0.allSatisfy(\.isFinite) })
        // A row is answered with the same bits alone, and as a part of an average.
        for row in [0, 77, 159] {
            #expect(numbers(try model.predict(table.selecting(rows: [row]))).map { $0[0] } == said.map { $0[row] })
        }
        let average = try Model.average([(model, 1), (try bench.model("one", Model.foldsFileName), 1)])
        #expect(average.memberCount == 5)
        let mixed = numbers(try average.predict(table)), one = numbers(try bench.model("one", Model.foldsFileName).predict(table))
        for row in 0..<160 { #expect(abs(mixed[0][row] - (said[0][row] + one[0][row]) / 2) < 1e-4 * max(1, abs(said[0][row]))) }
        let evaluated = try bench.model("top").evaluation(of: table)
        #expect(evaluated.metrics[MetricName("test:loss")]?.isFinite == true)

        // To the bit again.
        _ = try bench.run("other", "linear-learner", ["optimizer": "lbfgs"], stack: ["one", "two"])
        for file in [Model.fileName, Model.foldsFileName, OutOfFold.fileName] {
            #expect(try bench.bytes("top", file) == bench.bytes("other", file), "\(file)")
        }
    }

    @Test func whatCannotBeLearnedFromIsRefused() throws {
        let bench = try Bench(0)
        _ = try bench.run("one", "knn", ["k": "5"])
        for (stack, folds, seed, words) in [
            (["gone"], 4, 3, "the run gone, whose predictions are learned from, is gone"),
            (["../one"], 4, 3, "'../one' is no run to learn from"), (["one"], 5, 3, "the folds are others"),
            (["one"], 4, 4, "the folds are others"),
        ] as [([String], Int, UInt64, String)] {
            let result = try bench.run("bad", stack: stack, folds: folds, seed: seed)
            #expect(result.status == .failed && result.reason.text.contains(words), "\(result.reason)")
        }
    }

    @Test func whatIsTriedBeforeARunIsThereIsWhatTheRunWouldBe() throws {
        let bench = try Bench(2)
        _ = try bench.run("one", "knn", ["k": "5"])
        var request = JobRequest(
            datasetPath: bench.path, target: "y", algorithm: "knn", hyperparameters: ["k": "5"], seed: 3)
        request.folds = 4
        let table = try Table(contentsOf: bench.path)
        let base = try FoldsTraining.train(request, named: "one", on: table, control: JobControl())
        let read = try StackBases(["one"], beside: bench.lab.folder.path + "/top")
        #expect(base.held == read.bases[0].held)
        #expect(try base.model.predict(table) == read.bases[0].model.predict(table))
        (request.algorithm, request.hyperparameters) = ("linear-learner", ["optimizer": "lbfgs"])
        let top = try FoldsTraining.train(request, named: "top", on: table, bases: StackBases([base]), control: JobControl())
        _ = try bench.run("top", "linear-learner", ["optimizer": "lbfgs"], stack: ["one"])
        #expect(try top.model.predict(table) == bench.model("top", Model.foldsFileName).predict(table))
        let control = JobControl()
        control.ask(.stop)
        #expect(throws: TrainingError.self) { try FoldsTraining.train(request, named: "top", on: table, control: control) }
    }
}
