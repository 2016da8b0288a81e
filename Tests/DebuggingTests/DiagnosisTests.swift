import Events
import Glibc
import Hyperparameters
import Testing

@testable import Debugging

/// What rules make of data, settings and what a constant model loses.
@Suite struct DiagnosisTests {
    private let algorithm = AlgorithmDescription(
        name: "neural-network", title: "", summary: "", needsTarget: true,
        hyperparameters: [
            Hyperparameter("l1", .nonNegative, default: "0", ""),
            Hyperparameter("hidden_layers", .text(example: "64"), default: "128", ""),
            Hyperparameter("activation", .text(example: "relu"), default: "relu", ""),
            Hyperparameter("batch_normalization", .boolean, default: "false", ""),
            Hyperparameter("dropout", .fraction, allowsAuto: true, default: "auto", ""),
            Hyperparameter("learning_rate", .positive, allowsAuto: true, default: "auto", ""),
            Hyperparameter("momentum", .fraction, allowsAuto: true, default: "auto", ""),
            Hyperparameter("epochs", .count, allowsAuto: true, default: "auto", ""),
            Hyperparameter("mini_batch_size", .count, allowsAuto: true, default: "auto", ""),
            Hyperparameter("normalize_data", .boolean, default: "true", ""),
            Hyperparameter("normalize_label", .boolean, default: "true", ""),
        ])

    private func run(_ byHand: [String: String] = [:]) -> RunRecord {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "neural-network")
        request.hyperparameters = byHand
        return RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: "neural-network", request: request,
            hyperparameters: [
                "learning_rate": "0.01", "epochs": "20", "normalize_data": "true", "early_stopping_patience": "off",
            ]
            .merging(byHand) { $1 },
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
    }

    private func summary(_ change: (inout TrainingDataSummary) -> Void = { _ in }) -> TrainingDataSummary {
        var summary = TrainingDataSummary(
            rowCount: 1000, featureCount: 3, validationRowCount: 200, target: "price", isShuffled: true, isNormalised: true,
            orderZ: 0, scaleRatio: 1, widestFeature: "area", narrowestFeature: "rooms")
        (summary.constantTrainingLoss, summary.constantValidationLoss) = (1, 1)
        change(&summary)
        return summary
    }

    private func samples(_ metric: MetricName, _ values: [Double], step: Int, epoch: Double) -> RuleInput {
        let samples = values.enumerated().map { place, value in
            MetricSample(
                sequence: 1, metric: 0, step: step + place, epoch: epoch - 1 + Double(place + 1) / Double(values.count),
                wallTime: 0,
                value: value)
        }
        return .samples(SampleStretch(metrics: [metric], samples: samples[...]))
    }

    /// All rules over a run of 20 steps an epoch.
    private func alerts(
        _ run: RunRecord, _ data: TrainingDataSummary, epochs: Int = 20, train: (Int) -> Double, validation: (Int) -> Double
    ) -> [Alert] {
        let watched = RunUnderRules(record: run, rules: RuleCatalogue.all.map { $0.init() }, algorithm: algorithm)
        var found = watched.show(data)
        for epoch in 1...epochs {
            for (metric, values) in [
                (MetricName.trainLoss, (0..<20).map { train((epoch - 1) * 20 + $0) }), (.validationLoss, [validation(epoch)]),
            ] {
                guard
                    case .samples(let stretch) = samples(
                        metric, values, step: epoch * 20 - values.count + 1, epoch: Double(epoch))
                else { continue }
                var all: [MetricSample] = []
                stretch.forEach { all.append($0) }
                found += watched.show(all[...], of: [metric])
            }
        }
        return (found + watched.showEnd(JobStatusChange(status: .completed, reason: .maxEpochs))).alerts
    }

    @Test func aLossThatNeverWasFiniteIsNoMatterOfWeightsThatGrew() throws {
        let first = try #require(alerts(run(), summary(), epochs: 1, train: { _ in .nan }, validation: { _ in .nan }).first)
        #expect(first.rule == "NonFiniteLoss" && first.cause.hasPrefix("no loss was finite from the first on: inputs on scales"))
        let grown = alerts(
            run(["learning_rate": "30"]), summary(), epochs: 1, train: { $0 < 5 ? 1 : .infinity }, validation: { _ in .nan })
        let later = try #require(grown.first { $0.rule == "NonFiniteLoss" })
        #expect(later.cause == "learning_rate is 30: each step goes far beyond the minimum, until the arithmetic overflows")
    }

    @Test func layersThatLetNothingThroughAreNamedWithTheirActivation() throws {
        let deep = run(["hidden_layers": "16,16,16,16,16,16,16,16", "activation": "sigmoid"])
        let alert = try #require(alerts(deep, summary(), train: { _ in 1.0 }, validation: { _ in 1.0 }).first)
        #expect(alert.cause == "hidden_layers is 8 layers of sigmoid: nothing of the gradient gets through them")
        #expect(
            alert.remedies.prefix(2).map(\.set) == [
                ["hidden_layers": "128"], ["activation": "relu", "batch_normalization": "true"],
            ])
    }

    @Test func severalSettingsFarFromTheUsualAreTakenBackTogetherFirst() throws {
        let ill = run(["learning_rate": "1e-6", "l1": "10"])
        let alert = try #require(alerts(ill, summary(), train: { _ in 1.0 }, validation: { _ in 1.0 }).first)
        let sets = alert.remedies.prefix(3).map(\.set)
        #expect(sets.first.map { Set($0.keys) } == ["l1", "learning_rate"], "\(sets)")
        #expect(sets.dropFirst().allSatisfy { $0.count == 1 } && sets.count == 3, "\(sets)")
        #expect(alert.remedies.first?.text == "l1 and learning_rate back to what is chosen by itself")
        // It is one diagnosis, of the setting that lies farthest.
        guard case .setting = RunCause(alert, ill) else { return #expect(Bool(false), "\(RunCause(alert, ill))") }
    }

    @Test func aSettingFarFromTheUsualIsARemarkWhereNothingElseIsSeen() throws {
        let fall = { (epoch: Int) in 1 / (1 + Double(epoch)) }
        let odd = alerts(run(["momentum": "0.9999"]), summary(), train: { 1 / (1 + Double($0)) }, validation: fall)
        let alert = try #require(odd.first { $0.rule == "UnusualSetting" })
        #expect(alert.severity == .info && alert.summary == "momentum lies about 1000 times from what is usual")
        #expect(alert.remedies.first?.set == ["momentum": "auto"] && alert.cause.hasPrefix("momentum is 0.9999: "))
        for set in [[:], ["learning_rate": "0.03"], ["l1": "0.01", "dropout": "0.5"], ["hidden_layers": "512,512"]] {
            let usual = alerts(run(set), summary(), train: { 1 / (1 + Double($0)) }, validation: fall)
            #expect(!usual.contains { $0.rule == "UnusualSetting" }, "\(set)")
        }
    }

    @Test func aRuleThatCannotLookAtARunIsNotSaidToBeWell() throws {
        let replay = RuleReplay(of: run(), try RuleSelection(), RunHistory())
        let own = replay.reports.first { $0.name == "ModuleMode" }
        #expect(own?.state == .disabled && own?.reason == "it looks at how a script trains")
        var data = RunHistory()
        data.events = [
            StudioEvent(sequence: 1, wallTime: 0, run: RunID("r"), kind: .job(.trainingDataSummarised(summary())))
        ]
        let seen = RuleReplay(of: run(), try RuleSelection(), data).reports
        #expect(seen.first { $0.name == "ModuleMode" }?.state == .disabled && seen.first { $0.name == "Leakage" }?.state == .ok)
    }

    @Test func scalesExplainWhatIsSeenBeforeAFewRowsFarOutDo() {
        func found(_ rule: String, _ severity: Alert.Severity) -> StudioEvent {
            let alert = Alert(rule: rule, severity: severity, step: 1, summary: rule, evidence: [], cause: "", remedies: [])
            return StudioEvent(sequence: 0, wallTime: 0, run: RunID("r"), kind: .debugger(.alertRaised(alert)))
        }
        let scaled = RunDiagnosing(
            run: run(),
            events: [found("SentinelValues", .warning), found("FeatureScale", .warning), found("Divergence", .issue)])
        let first = scaled.diagnoses().first
        #expect(first?.cause == "featureScale" && first?.symptoms.map(\.rule) == ["FeatureScale", "Divergence"])
        // And are no reason to end too early.
        let short = RunDiagnosing(run: run(), events: [found("SentinelValues", .warning), found("StillImproving", .info)])
        #expect(short.diagnoses().map(\.cause) == ["sentinelValues", "tooShort"])
    }

    @Test func whereOneColumnTellsSomethingTheDataIsNotToBlame() throws {
        let told = summary { $0.singleColumn = SingleColumnFit(column: "area", lossShare: 0.5) }
        let found = alerts(run(), told, train: { _ in 1.0 }, validation: { _ in 1.0 })
        let alert = try #require(found.first { $0.rule == "NoBetterThanConstant" })
        #expect(alert.cause == "area alone takes 50 % off a constant's loss: what trains is at fault, not the data")
        // Nor is a model that ends over what the column tells.
        let held = alerts(run(["l1": "10"]), told, train: { _ in 0.9 }, validation: { 1 - 0.015 * Double($0) })
        let worse = try #require(held.first { $0.rule == "WorseThanOneColumn" })
        #expect(worse.severity == .warning && worse.summary.hasSuffix("area alone has 0.5"))
        #expect(worse.remedies.first?.set == ["l1": "0"])
        // What was switched off by hand is put back before a rate is touched, and one that is large is made no larger.
        let bare = alerts(
            run(["normalize_data": "false"]), told, train: { _ in 0.9 }, validation: { 1 - 0.015 * Double($0) })
        let unscaled = try #require(bare.first { $0.rule == "WorseThanOneColumn" })
        #expect(unscaled.severity == .warning && unscaled.cause.hasPrefix("normalize_data is false"))
        #expect(unscaled.remedies.map(\.set) == [["normalize_data": "true"]])
        let fast = alerts(run(["learning_rate": "3"]), told, train: { _ in 0.9 }, validation: { 1 - 0.015 * Double($0) })
        let large = try #require(fast.first { $0.rule == "WorseThanOneColumn" })
        #expect(large.remedies.first?.set == ["learning_rate": "auto"])
        #expect(large.remedies.allSatisfy { ($0.set["learning_rate"].flatMap(Double.init) ?? 0) < 3 })
    }

    @Test func whatALargeRateThrewAwayIsNotMendedByALargerOne() throws {
        let told = summary { $0.singleColumn = SingleColumnFit(column: "area", lossShare: 0.5) }
        let found = alerts(run(["learning_rate": "3"]), told, train: { _ in 1.0 }, validation: { _ in 1.0 })
        let alert = try #require(found.first { $0.rule == "NoBetterThanConstant" })
        #expect(alert.cause.hasPrefix("learning_rate is 3") && alert.remedies.first?.set == ["learning_rate": "auto"])
        #expect(alert.remedies.allSatisfy { ($0.set["learning_rate"].flatMap(Double.init) ?? 0) < 3 })
    }

    @Test func aLossThatGrowsIsNotLaidToStepsThatAreTooSmall() throws {
        let found = alerts(
            run(["learning_rate": "0.000001"]), summary(), train: { pow(3, Double($0)) }, validation: { pow(3, Double($0)) })
        let alert = try #require(found.first { $0.rule == "Divergence" })
        #expect(!alert.cause.contains("too small"), "\(alert.cause)")
    }

    @Test func aRunThatIsNoBetterThanAConstantNamesTheSettingThatWasChosenByHand() throws {
        let found = alerts(run(["l1": "10"]), summary(), train: { _ in 1.0 }, validation: { _ in 1.0 })
        let alert = try #require(found.first)
        #expect(["NoBetterThanConstant", "LossNotDecreasing"].contains(alert.rule))
        #expect(alert.cause == "l1 is 10: the penalty holds the weights near 0")
        #expect(alert.remedies.first?.set == ["l1": "0"])
        #expect(found.contains { $0.rule == "NoBetterThanConstant" })
    }

    /// Each but the rate lies within a power of ten of what is usual; together they are five steps of a run that needs hundreds.
    @Test func whatMakesARunShortIsPutBackTogether() throws {
        let short = ["learning_rate": "0.001", "epochs": "5", "mini_batch_size": "480"]
        let found = alerts(run(short), summary(), train: { _ in 1.0 }, validation: { _ in 1.0 })
        let alert = try #require(found.first { $0.rule == "NoBetterThanConstant" })
        #expect(alert.cause.hasPrefix("learning_rate is 0.001"))
        #expect(Set(alert.remedies.first.map { Array($0.set.keys) } ?? []) == ["epochs", "learning_rate", "mini_batch_size"])
        // Alone they are what people try without a second thought.
        let usual = alerts(
            run(["epochs": "5", "mini_batch_size": "480"]), summary(), train: { _ in 1.0 }, validation: { _ in 1.0 })
        #expect(usual.first { $0.rule == "NoBetterThanConstant" }?.cause.hasPrefix("the features say nothing") == true)
    }

    @Test func withoutASettingItIsTheFeaturesThatSayNothing() throws {
        let found = alerts(run(), summary(), train: { 1 - 0.002 * Double($0) }, validation: { _ in 1.02 })
        let alert = try #require(found.first)
        #expect(found.map(\.rule) == ["NoBetterThanConstant"])
        #expect(alert.cause.contains("the features say nothing about the target"))
    }

    @Test func aGainThatFewRowsWouldShowByChanceIsARemarkOnceTheRunHasEnded() throws {
        func found(_ rows: Int, _ loss: Double) -> [Alert] {
            alerts(run(), summary { $0.validationRowCount = rows }, train: { _ in 0.97 }, validation: { _ in loss })
                .filter { $0.rule == "NoBetterThanConstant" }
        }
        let alert = try #require(found(100, 0.97).first)
        #expect(alert.severity == .info)
        #expect(alert.summary.hasSuffix("a constant has 1: so small a gain over 100 rows may be chance"))
        #expect(alert.cause.contains("the features say nothing about the target"))
        #expect(found(1_000, 0.97).isEmpty && found(100, 0.95).isEmpty)
        #expect(found(1_000, 0.99).first?.severity == .issue)
    }

    @Test func aLossThatIsUnderAConstantsIsWorthAWordOnlyWhereASettingExplainsIt() {
        let low: (Int) -> Double = { _ in 0.9 }
        #expect(
            alerts(run(), summary(), train: { 0.93 - 0.0003 * Double($0) }, validation: low).filter { $0.severity != .info } == []
        )
        let found = alerts(run(["dropout": "0.98"]), summary(), train: { 0.93 - 0.0003 * Double($0) }, validation: low)
        #expect(found.first?.cause.hasPrefix("dropout is 0.98") == true, "\(found)")
    }

    @Test func settingsThatAreNearWhatIsChosenAnywayAreNoSuspects() {
        var suspects = SettingSuspects()
        suspects.note(.algorithm(algorithm))
        let usual = run(["learning_rate": "0.05", "dropout": "0.3", "momentum": "0.95", "l1": "0.0001"])
        #expect(suspects.suspects(ofLossThatIsHigh: true, in: usual).map(\.name) == [])
        let odd = run(["learning_rate": "3", "momentum": "0.9999"])
        #expect(suspects.suspects(of: .overshoots, in: odd).map(\.name) == ["momentum", "learning_rate"])
        #expect(
            suspects.suspects(of: .learnsNothing, in: run(["learning_rate": "1e-7"])).first?.remedy.set == [
                "learning_rate": "auto"
            ])
    }

    @Test func aRateThatIsTooSmallIsNotMadeSmaller() throws {
        // A network that begins above a constant's loss, and falls by next to nothing.
        let found = alerts(
            run(["learning_rate": "1e-6"]), summary(), train: { 1.5 - 1e-6 * Double($0) }, validation: { _ in 1.5 })
        let alert = try #require(found.first)
        #expect(alert.cause == "learning_rate is 1e-6: the steps are too small to get anywhere")
        #expect(alert.remedies.first?.set == ["learning_rate": "auto"])
    }

    @Test func aSolvedProblemMayMoveInItsLastDigits() {
        let train: (Int) -> Double = { $0 < 100 ? 1 / Double($0 + 1) : 1e-4 * (1 + 0.02 * Double($0 % 40)) * ($0 > 250 ? 8 : 1) }
        let found = alerts(run(), summary(), train: train, validation: { 1 / Double($0 * $0) })
        #expect(found.filter { $0.severity != .info } == [], "\(found)")
    }

    @Test func overfittingIsMeasuredByWhatAConstantLoses() throws {
        let train: (Int) -> Double = { 0.5 * (1 - Double($0) / 500) }
        // Twice the best, and one hundredth of what there was to learn.
        let tiny = alerts(run(), summary(), train: train, validation: { $0 < 8 ? 0.3 / Double($0 * $0) : 0.01 })
        #expect(!tiny.contains { $0.rule == "Overfit" })
        let found = alerts(
            run(["dropout": "0.001"]), summary(), train: train, validation: { $0 < 8 ? 0.5 - 0.02 * Double($0) : 0.5 })
        let alert = try #require(found.first { $0.rule == "Overfit" })
        #expect(alert.severity == .warning && alert.summary.contains("was 0.36 at step 140"), "\(alert.summary)")
        // Whoever is stopped in time has lost nothing.
        let stopped = alerts(
            run(["early_stopping_patience": "5"]), summary(), train: train, validation: { $0 < 8 ? 0.5 - 0.02 * Double($0) : 0.5 }
        )
        #expect(stopped.first { $0.rule == "Overfit" }?.severity == .info)
    }

    @Test func offsetsAndTargetsAreScalesToo() throws {
        let far = alerts(
            run(["normalize_data": "false"]),
            summary {
                ($0.isNormalised, $0.offsetRatio, $0.mostOffsetFeature) = (false, 1200, "year")
            }, train: { 1 / Double($0 + 1) }, validation: { 1 / Double($0) })
        let alert = try #require(far.first)
        #expect(alert.summary == "year lies 1200 standard deviations away from 0")
        #expect(alert.remedies.first?.set == ["normalize_data": "true"])
        let large = alerts(
            run(["normalize_label": "false"]), summary { ($0.targetMean, $0.targetDeviation) = (2e9, 5e8) },
            train: { 1 / Double($0 + 1) },
            validation: { 1 / Double($0) })
        #expect(large.first?.remedies.first?.set == ["normalize_label": "true"])
    }

    @Test func remediesNameNoSettingThatTheAlgorithmLacks() {
        let train: (Int) -> Double = { 0.5 * (1 - Double($0) / 500) }
        var own = run()
        own.hyperparameters["wd"] = "1"
        let found = alerts(own, summary(), train: train, validation: { $0 < 8 ? 0.5 - 0.02 * Double($0) : 0.5 })
        let names = found.flatMap(\.remedies).flatMap(\.set.keys)
        #expect(!found.isEmpty && !names.contains("wd"), "\(names)")
    }
}
