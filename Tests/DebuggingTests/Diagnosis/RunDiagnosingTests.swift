import Events
import Hyperparameters
import Testing

@testable import Debugging

/// Which alerts are one diagnosis, and what it says.
@Suite struct RunDiagnosingTests {
    private let algorithm = AlgorithmDescription(
        name: "neural-network", title: "", summary: "", needsTarget: true,
        hyperparameters: [
            Hyperparameter("dropout", .fraction, allowsAuto: true, default: "auto", ""),
            Hyperparameter("learning_rate", .positive, allowsAuto: true, default: "auto", ""),
        ])

    private func run(_ byHand: [String: String] = [:]) -> RunRecord {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "neural-network")
        request.hyperparameters = byHand
        return RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: "neural-network", request: request,
            hyperparameters: ["learning_rate": "0.01", "dropout": "0.1", "normalize_data": "true"].merging(byHand) { $1 },
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
    }

    private func data(_ findings: [DataFinding] = [], lossShare: Double? = nil) -> TrainingDataSummary {
        var data = TrainingDataSummary(
            rowCount: 100, featureCount: 3, validationRowCount: 20, target: "y", isShuffled: true, isNormalised: true, orderZ: 0,
            scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")
        data.findings = findings
        data.singleColumn = lossShare.map { SingleColumnFit(column: "age", lossShare: $0) }
        return data
    }

    private func alert(
        _ rule: String, _ severity: Alert.Severity = .issue, _ cause: String = "c", _ remedies: [Alert.Remedy] = []
    ) -> Alert {
        Alert(rule: rule, severity: severity, step: 1, summary: "\(rule) seen", evidence: [], cause: cause, remedies: remedies)
    }

    private func diagnoses(_ run: RunRecord, _ data: TrainingDataSummary, _ kinds: [DebuggerEvent]) -> [Diagnosis] {
        let events = [StudioEvent.Kind.job(.trainingDataSummarised(data))] + kinds.map { .debugger($0) }
        return RunDiagnosing(
            run: run, algorithm: algorithm,
            events: events.enumerated().map { StudioEvent(sequence: UInt64($0 + 1), wallTime: 0, run: run.id, kind: $1) }
        ).diagnoses()
    }

    @Test func alertsThatNameOneSettingAreOneDiagnosisAndTakeWhatFollows() throws {
        let back = Alert.Remedy("learning_rate back to what is chosen by itself", set: ["learning_rate": "auto"])
        let found = diagnoses(
            run(["learning_rate": "30"]), data(),
            [
                .alertRaised(alert("Divergence", .issue, "learning_rate is 30: each step goes far beyond the minimum", [back])),
                .alertRaised(alert("NonFiniteLoss", .issue, "it overflowed", [.init("lower", set: ["learning_rate": "3"])])),
                .alertRaised(alert("NoBetterThanConstant", .issue, "learning_rate is 30: each step", [back])),
            ])
        let only = try #require(found.first)
        #expect(found.count == 1 && only.cause == "setting" && only.title == "learning_rate is 30")
        #expect(only.symptoms.map(\.rule) == ["Divergence", "NoBetterThanConstant", "NonFiniteLoss"])
        #expect(only.symptoms.map(\.number) == [1, 3, 2])
        #expect(only.supporting.first == "learning_rate was set to 30 by hand; auto is usual")
        #expect(only.remedies.map(\.set) == [["learning_rate": "auto"], ["learning_rate": "3"]])
        #expect(only.useless.map(\.answer).contains("normalisation off"))
        #expect(only.useless.first { $0.answer == "a higher learning rate" }?.why == "30 is a large one already")
    }

    @Test func whatIsWrongWithTheDataComesBeforeWhatFollowsFromIt() throws {
        let found = diagnoses(
            run(), data(),
            [
                .alertRaised(alert("SentinelValues", .warning, "it is taken for a quantity")),
                .alertRaised(
                    alert("Divergence", .issue, "each step overshoots", [.init("lower", set: ["learning_rate": "0.001"])])),
                .alertRaised(alert("StillImproving", .info)),
            ])
        // A few rows far out are no reason to end too early.
        #expect(found.map(\.cause) == ["sentinelValues", "tooShort"])
        #expect(found.first?.severity == .issue)
        // A smaller rate is what one tries when one does not know better.
        #expect(found.first?.remedies.contains { $0.set["learning_rate"] != nil } == true)
    }

    @Test func aLeakIsOfItsOwnAndComesFirst() throws {
        let found = diagnoses(
            run(), data(),
            [.alertRaised(alert("Overfit", .warning)), .alertRaised(alert("Leakage")), .alertRaised(alert("Divergence"))])
        #expect(found.map(\.cause) == ["leakage", "stepsTooLarge", "learnsByHeart"])
        #expect(found.first?.opposing.first?.contains("only its owner knows") == true)
    }

    @Test func whatOneColumnTellsSpeaksAgainstThereBeingNothingToLearn() throws {
        let nothing = alert("NoBetterThanConstant", .issue, "the features say nothing", [.init("look at the data")])
        let doubted = diagnoses(run(), data(lossShare: 0.6), [.alertRaised(nothing)])
        #expect(doubted.map(\.cause) == ["noSignal"])
        #expect(doubted.first?.opposing == ["age alone takes 40 % off a constant's loss"])
        #expect(diagnoses(run(), data(lossShare: 0.99), [.alertRaised(nothing)]).first?.opposing == [])
    }

    @Test func whereNothingTellsTheTargetsWrongOnesAreTheSecondCause() throws {
        var untold = DataFinding(kind: .untoldTargets, columns: ["y"], figures: [], summary: "30 of 100 values of y are not told")
        untold.rows = [8, 3, 5, 6, 7, 9, 11, 12, 13, 14, 15]
        let nothing = alert("NoBetterThanConstant", .issue, "the features say nothing", [.init("look at the data")])
        let found = diagnoses(run(), data([untold]), [.alertRaised(nothing), .alertRaised(alert("StoppedTooSoon", .info))])
        #expect(found.map(\.cause) == ["noSignal", "labelNoise", "stoppedTooSoon"])
        let second = try #require(found.dropFirst().first)
        #expect(second.title == "some values of y may be wrong" && second.severity == .info)
        #expect(
            second.symptoms.map(\.rule) == ["NoBetterThanConstant"]
                && second.supporting == [untold.summary, "the farthest off: rows 8, 3, 5, 6, 7, 9, 11, 12, 13, 14"])
        #expect(second.opposing.first?.contains("an outcome that these columns leave open looks the same") == true)
        #expect(second.remedies.map(\.text) == ["look at these rows, and mend what is wrong"])
        // What is wrong for certain is said once, and a setting that explains what is seen leaves no doubt.
        #expect(
            diagnoses(run(), data([untold]), [.alertRaised(nothing), .alertRaised(alert("LabelNoise", .warning))]).count == 1)
        let set = alert("NoBetterThanConstant", .issue, "dropout is 0.98: too much", [.init("back", set: ["dropout": "auto"])])
        #expect(diagnoses(run(["dropout": "0.98"]), data([untold]), [.alertRaised(set)]).count == 1)
        #expect(diagnoses(run(), data([untold]), []).isEmpty)
    }

    @Test func aRareClassExplainsThatNothingIsLearnedWhereThereIsHardlyAnotherOneToTell() {
        func rare(_ share: Double) -> TrainingDataSummary {
            data([DataFinding(kind: .rareClass, columns: ["y"], figures: [.init("share of the largest", share)], summary: "s")])
        }
        let seen = [
            DebuggerEvent.alertRaised(alert("RareClass", .info)),
            .alertRaised(alert("NoBetterThanConstant", .issue, "the features say nothing", [.init("look at the data")])),
        ]
        #expect(diagnoses(run(), rare(0.97), seen).map(\.cause) == ["rareClass"])
        #expect(diagnoses(run(), rare(0.5), seen).map(\.cause) == ["noSignal", "rareClass"])
        let byHeart = [seen[0], .alertRaised(alert("Overfit", .warning))]
        #expect(diagnoses(run(), rare(0.97), byHeart).map(\.cause) == ["rareClass"])
        #expect(diagnoses(run(), rare(0.5), byHeart).map(\.cause) == ["learnsByHeart", "rareClass"])
    }

    @Test func whatIsClearedIsNoSymptom() {
        let raised = DebuggerEvent.alertRaised(alert("Divergence"))
        let cleared = DebuggerEvent.ruleEvaluated(RuleEvaluation(rule: "Divergence", state: .cleared, step: 9))
        #expect(diagnoses(run(), data(), [raised, cleared]).isEmpty)
        #expect(diagnoses(run(), data(), []).isEmpty)
    }

    @Test func aRuleThatNobodyKnowsHereIsItsOwnCause() {
        let found = diagnoses(run(), data(), [.alertRaised(alert("DeadUnits", .warning, "half of the units say 0"))])
        #expect(found.map(\.cause) == ["deadUnits"] && found.first?.title == "half of the units say 0")
    }

    @Test func whatIsSeenInsideANetworkExplainsItsLoss() {
        let found = diagnoses(
            run(), data(),
            [
                .alertRaised(alert("NoBetterThanConstant", .issue, "nothing", [.init("look at the data")])),
                .alertRaised(alert("LossNotDecreasing", .issue, "the steps", [.init("lower", set: ["learning_rate": "0.001"])])),
                .alertRaised(alert("VanishingGradients", .warning, "nothing of the gradient is left in the first layer")),
            ])
        #expect(found.map(\.cause) == ["vanishingGradients"])
        #expect(found.first?.symptoms.first?.rule == "VanishingGradients" && found.first?.symptoms.count == 3)
    }

    @Test func weightsThatNoGradientReachesAreNotASecondCauseBesideDeadUnits() {
        func still(_ gradient: Double) -> Alert {
            var alert = alert("UnchangedWeights", .warning)
            alert.evidence = [.init("length of its gradient", gradient)]
            return alert
        }
        let dead = alert("DeadUnits", .warning, "they put out nothing")
        let one = diagnoses(run(), data(), [.alertRaised(still(0)), .alertRaised(dead)])
        #expect(one.map(\.title) == ["they put out nothing"])
        #expect(one.first?.symptoms.map(\.rule) == ["DeadUnits", "UnchangedWeights"])
        // A gradient that the optimiser does not have is another matter.
        let two = diagnoses(run(), data(), [.alertRaised(still(0.3)), .alertRaised(dead)])
        #expect(Set(two.map(\.cause)) == ["deadUnits", "weightsUnchanged"])
        #expect(diagnoses(run(), data(), [.alertRaised(still(0))]).map(\.cause) == ["noGradient"])
    }
}
