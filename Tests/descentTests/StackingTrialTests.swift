import AutoML
import Events
import Learners
import TemporaryFolders
import Testing
import Training

@testable import descent

/// Whether a second level does harm is found out on rows that neither level learned from.
@Suite struct StackingTrialTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func setup() throws -> AutoMLSetup {
        var lines = ["x,z,y"]
        for row in 0..<160 {
            let x = row * 37 % 101, z = row * 13 % 29
            lines.append("\(x),\(z),\(2 * x - z + x * z / 20 + row % 5)")
        }
        let path = try scratch.write(lines.joined(separator: "\n") + "\n", as: "data.csv")
        var job = JobRequest(datasetPath: path, target: "y", algorithm: "linear-learner", seed: 3)
        job.folds = 4
        return try AutoMLSetup(AutoMLRequest(job: job, mode: .ensembling))
    }

    private func candidate(_ number: Int, _ algorithm: String, _ settings: [String: String]) -> AutoMLCandidate {
        AutoMLCandidate(
            number: number, run: RunID("run\(number)"), name: algorithm, family: algorithm, algorithm: algorithm,
            hyperparameters: settings, why: "")
    }

    private func trial(
        _ setup: AutoMLSetup, _ bases: [AutoMLCandidate], isOver: @escaping () throws -> Bool = { false }
    ) throws -> StackingTrial {
        var request = setup.request.job
        (request.algorithm, request.hyperparameters) = (bases[0].algorithm, bases[0].hyperparameters)
        let first = try FoldsTraining.train(request, named: "first", on: setup.outlook.table, control: JobControl())
        return StackingTrial(
            setup: setup, job: setup.request.job, bases: bases, held: first.held, plans: Portfolio.secondLevel(hasTrees: false),
            control: JobControl(), isOver: isOver)
    }

    @Test func itSaysWhatBothLevelsAreWorthWhereNeitherLearned() throws {
        let setup = try setup(), neighbours = candidate(0, "knn", ["k": "4"])
        let trial = try trial(setup, [neighbours]), found = try #require(try trial.run())
        #expect(found == (try trial.run()))
        #expect(found.rowCount == 40)
        let (with, without) = (try #require(found.with), try #require(found.without))
        #expect(found.isTried == (with <= without) && found.why.contains("on 40 rows that neither level learned from, mse is"))
        // One model alone is what the first level is worth: a model of the rows outside the fold, on the fold.
        let judging = trial.held.rows.indices.filter { trial.held.folds[$0] == 1 }.map { trial.held.rows[$0] - 1 }
        let table = setup.outlook.table, others = (0..<160).filter { !judging.contains($0) }
        var request = setup.request.job
        (request.algorithm, request.hyperparameters) = ("knn", ["k": "4"])
        let own = try FoldsTraining.train(request, named: "knn", on: table.selecting(rows: others), control: JobControl())
        let told = try HeldOutPredictions(of: own.model, table, rows: judging, path: request.datasetPath)
        #expect(setup.problem.objective.value(told.predicted, told.expected) == without)
    }

    @Test func itIsGivenUpWhereTheJobIsToEnd() throws {
        let setup = try setup(),
            bases = [candidate(0, "knn", ["k": "4"]), candidate(1, "linear-learner", ["optimizer": "lbfgs"])]
        var asked = 0
        let trial = try trial(setup, bases) {
            asked += 1
            return asked > 1
        }
        #expect(try trial.run() == nil && asked == 2)
    }
}
