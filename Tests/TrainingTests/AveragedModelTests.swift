import Events
import Learners
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Models of folds and of different learners, averaged into one that predicts, is saved and is read back.
@Suite struct AveragedModelTests {
    private func table(_ text: String) throws -> Table {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, as: "data.csv")
        return try Table(contentsOf: path)
    }

    /// Rows in which x, a colour and gaps tell y.
    private func rows(classes: Bool) -> String {
        var lines = ["x,z,colour,y"]
        for row in 0..<120 {
            let x = Double(row * 37 % 101) / 10, z = row % 7 == 0 ? "" : "\(row * 13 % 29)"
            let colour = ["red", "green", "blue"][row % 3]
            let number = 3 * x + (row % 3 == 0 ? 5 : 0)
            lines.append("\(x),\(z),\(colour),\(classes ? (number > 17 ? "big" : "small") : "\(number)")")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func model(_ algorithm: String, _ table: Table, _ settings: [String: String] = [:]) throws -> Model {
        let job = try Estimator(algorithm, settings, validationSplit: 0).fit(table, target: "y")
        return job.model
    }

    private func numbers(_ columns: [OutputColumn], _ name: String) -> [Double] {
        switch columns.first(where: { $0.name == name })?.values {
        case .numbers(let values): values.map(Double.init)
        case .doubles(let values): values
        default: []
        }
    }

    @Test func numbersOfSeveralLearnersAreAveragedByTheirShares() throws {
        let table = try table(rows(classes: false))
        let parts = [
            try model("linear-learner", table, ["epochs": "3"]), try model("neural-network", table, ["epochs": "3"]),
            try model("xgboost", table, ["num_round": "5"]),
        ]
        let average = try Model.average([(parts[0], 1), (parts[1], 0), (parts[2], 3)])
        #expect(average.memberCount == 2)
        let all = try parts.map { numbers(try $0.predict(table), "prediction") }
        let found = numbers(try average.predict(table), "prediction")
        #expect(found.count == 120)
        for row in found.indices { #expect(abs(found[row] - (0.25 * all[0][row] + 0.75 * all[2][row])) < 1e-4) }
        // An average of averages is one of their members, and what they share is encoded once.
        let outer = try Model.average([(average, 1), (parts[1], 1)])
        #expect(outer.memberCount == 3)
        let mixed = numbers(try outer.predict(table), "prediction")
        for row in found.indices { #expect(abs(mixed[row] - (found[row] + all[1][row]) / 2) < 1e-4) }
        let twice = try Model.average([(parts[0], 1), (parts[0], 1)])
        #expect(twice.pipeline == parts[0].pipeline || twice.pipeline.featureCount == parts[0].pipeline.featureCount)
    }

    @Test func probabilitiesAreAveragedAndTheFileSaysTheSame() throws {
        let table = try table(rows(classes: true))
        let parts = [
            try model("linear-learner", table, ["epochs": "3"]), try model("xgboost", table, ["num_round": "5"]),
        ]
        let average = try Model.average(parts.map { ($0, 1) })
        let all = try parts.map { numbers(try $0.predict(table), "score") }
        let found = try average.predict(table), shares = numbers(found, "score")
        for row in shares.indices { #expect(abs(shares[row] - (all[0][row] + all[1][row]) / 2) < 1e-6) }
        guard case .labels(let labels)? = found.first?.values else {
            throw TrainingError(.badData, "no labels", operation: "test")
        }
        for (share, label) in zip(shares, labels) { #expect((share >= 0.5) == (label == average.target?.classes?[1])) }
        let folder = try TemporaryFolder()
        try average.save(toFolder: folder.path)
        let read = try #require(try Model.load(fromFolder: folder.path))
        #expect(try read.predict(table) == found)
        #expect(try read.evaluate(table) == average.evaluate(table))
    }

    @Test func modelsOfDifferentThingsAreNotAveraged() throws {
        let numbers = try model("linear-learner", try table(rows(classes: false)), ["epochs": "1"])
        let classes = try model("linear-learner", try table(rows(classes: true)), ["epochs": "1"])
        let refusal = #expect(throws: TrainingError.self) { try Model.average([(numbers, 1), (classes, 1)]) }
        #expect(refusal?.message == "the models predict different things")
        #expect(throws: TrainingError.self) { try Model.average([(numbers, 0)]) }
    }
}
