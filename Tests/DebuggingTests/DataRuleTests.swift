import Events
import Hyperparameters
import Testing

@testable import Debugging

/// What rules make of what was found in the data.
@Suite struct DataRuleTests {
    private func run(_ algorithm: String, _ settings: [String: String], validation: String? = nil) -> RunRecord {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: algorithm)
        request.hyperparameters = settings
        request.validationPath = validation
        return RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: algorithm, request: request, hyperparameters: settings,
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
    }

    private func alerts(_ run: RunRecord, _ findings: [DataFinding]) -> [Alert] {
        var data = TrainingDataSummary(
            rowCount: 100, featureCount: 3, validationRowCount: 20, target: "y", isShuffled: true, isNormalised: true, orderZ: 0,
            scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        data.findings = findings
        return RunUnderRules(record: run, rules: RuleCatalogue.all.map { $0.init() }).show(data).alerts
    }

    @Test func aLeakIsNamedWithEveryColumnAndTheWayOut() throws {
        let found = alerts(
            run("xgboost", ["num_round": "10"]),
            [
                DataFinding(
                    kind: .leakage, columns: ["alive"], figures: [.init("told", 1)], summary: "alive alone tells 99 % of y"),
                DataFinding(kind: .leakage, columns: ["the fate"], figures: [.init("told", 1)], summary: "the fate tells"),
            ])
        let leak = try #require(found.first)
        #expect(found.count == 1 && leak.rule == "Leakage" && leak.severity == .issue && leak.column == "alive")
        #expect(leak.summary == "alive alone tells 99 % of y; the same of the fate")
        #expect(leak.remedies.first?.text.contains("--drop alive --drop 'the fate'") == true)
    }

    @Test func valuesThatStandForMissingOnesHarmWhatHasScales() throws {
        let finding = DataFinding(
            kind: .sentinel, columns: ["age"], figures: [.init("value", -999), .init("rows", 20)],
            summary: "age is -999 in 20 rows")
        let linear = try #require(alerts(run("linear-learner", ["learning_rate": "0.1"]), [finding]).first)
        #expect(linear.severity == .warning && linear.remedies.first?.text == "read it as missing (--missing -999)")
        #expect(alerts(run("xgboost", ["num_round": "10"]), [finding]).first?.severity == .info)
    }

    @Test func outliersOfATargetAreNamedWhereErrorsAreSquared() throws {
        let finding = { (isTarget: Bool, wide: Double) in
            DataFinding(
                kind: isTarget ? .targetOutliers : .outliers, columns: ["y"], figures: [.init("widening of the scale", wide)],
                summary: "s")
        }
        let squared = alerts(run("linear-learner", ["loss": "auto"]), [finding(true, 9)])
        #expect(squared.first?.remedies.first?.set == ["loss": "huber_loss"])
        #expect(alerts(run("linear-learner", ["loss": "absolute_loss"]), [finding(true, 9)]).isEmpty)
        #expect(alerts(run("linear-learner", [:]), [finding(false, 9)]).map(\.severity) == [.warning])
        #expect(alerts(run("linear-learner", [:]), [finding(false, 4)]).isEmpty)
        #expect(alerts(run("xgboost", ["num_round": "10"]), [finding(false, 9)]).isEmpty)
    }

    @Test func aColumnThatMayBeHonestIsASuspicion() throws {
        let doubt = DataFinding(kind: .possibleLeakage, columns: ["test"], figures: [.init("rows", 0.8)], summary: "test says y")
        let suspected = try #require(alerts(run("xgboost", ["num_round": "10"]), [doubt]).first)
        #expect(suspected.rule == "Leakage" && suspected.severity == .info && suspected.column == "test")
        #expect(suspected.remedies.map(\.text) == ["ask when test is known; if after the outcome, leave it out (--drop test)"])
        let sure = DataFinding(kind: .leakage, columns: ["alive"], figures: [], summary: "alive tells y")
        let both = try #require(alerts(run("xgboost", ["num_round": "10"]), [doubt, sure]).first)
        #expect(both.severity == .issue && both.summary == "alive tells y; the same of test")
    }

    @Test func wrongLabelsAreNamedWithRowsToLookAtAndASettingThatTheAlgorithmHas() throws {
        let noise = DataFinding(
            kind: .labelNoise, columns: ["y"], figures: [.init("share at least", 0.1)],
            summary: "between 10 and 20 % of the values of y contradict rows that are alike", rows: [12, 40, 3, 9, 77, 5])
        let network = try #require(alerts(run("neural-network", ["epochs": "5"]), [noise]).first)
        #expect(network.rule == "LabelNoise" && network.severity == .warning)
        #expect(
            network.remedies.first?.text
                == "look at rows 12, 40, 3, 9, 77 and the others that `descent data profile a.csv --target y` lists, and mend what is wrong"
        )
        #expect(network.remedies.last?.set == ["label_smoothing": "0.1"])
        var open = noise
        open.kind = .possibleLabelNoise
        #expect(alerts(run("neural-network", ["epochs": "5"]), [open]).map(\.severity) == [.info])
        let units = DataFinding(
            kind: .wrongUnits, columns: ["y"], figures: [.init("factor", 1000)],
            summary: "3 values of y are 1000 times too large, by what rows like them have", rows: [4, 8, 9])
        let alert = try #require(alerts(run("linear-learner", [:]), [open, units]).first)
        #expect(
            alert.severity == .warning && alert.summary == units.summary
                && alert.remedies.map(\.set) == [[:], ["loss": "huber_loss"]])
    }

    @Test func aShiftIsAWarningInAnotherFileAndARemarkElsewhere() {
        let finding = DataFinding(kind: .shift, columns: ["x"], figures: [], summary: "x is distributed otherwise")
        #expect(alerts(run("xgboost", ["num_round": "10"], validation: "b.csv"), [finding]).map(\.severity) == [.warning])
        #expect(alerts(run("xgboost", ["num_round": "10"]), [finding]).map(\.severity) == [.info])
    }
}

/// Early stopping that did not wait.
@Suite struct StoppedTooSoonTests {
    private let algorithm = AlgorithmDescription(
        name: "neural-network", title: "", summary: "", needsTarget: true,
        hyperparameters: [
            Hyperparameter("early_stopping_patience", .integer(minimum: 1, maximum: .max), default: "10", ""),
            Hyperparameter("early_stopping_tolerance", .nonNegative, default: "0.001", ""),
        ])

    private func rules(_ settings: [String: String], validation: [Double], train: [Double]) -> [Alert] {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "neural-network")
        request.hyperparameters = settings
        let run = RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: "neural-network", request: request, hyperparameters: settings,
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
        let watched = RunUnderRules(record: run, rules: [StoppedTooSoon()], algorithm: algorithm)
        var news: [DebuggerEvent] = []
        for (place, values) in zip(train, validation).enumerated() {
            for (metric, value) in [(MetricName.trainLoss, values.0), (.validationLoss, values.1)] {
                let sample = MetricSample(
                    sequence: 1, metric: 0, step: place + 1, epoch: Double(place + 1), wallTime: 0, value: value)
                news += watched.show([sample][...], of: [metric])
            }
        }
        return (news + watched.showEnd(JobStatusChange(status: .completed, reason: .earlyStopping))).alerts
    }

    @Test func aStopThatDidNotWaitIsNamedWithItsSettingAndAPatientOneIsNot() throws {
        let falling = [1, 0.9, 0.8], wavering = [0.8, 0.79, 0.795]
        let tolerant = rules(["early_stopping_tolerance": "0.5"], validation: falling, train: falling)
        #expect(tolerant.first?.remedies.map(\.set) == [["early_stopping_tolerance": "0.001"]])
        let hasty = rules(["early_stopping_patience": "1"], validation: wavering, train: falling)
        #expect(hasty.first?.remedies.map(\.set) == [["early_stopping_patience": "10"]])
        #expect(rules(["early_stopping_patience": "1"], validation: wavering, train: wavering).isEmpty)
        #expect(rules(["early_stopping_patience": "8"], validation: wavering, train: falling).isEmpty)
        #expect(rules([:], validation: wavering, train: falling).isEmpty)
    }
}
