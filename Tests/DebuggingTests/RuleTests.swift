import Debugging
import Events
import Testing

@Suite struct RuleTests {
    private func run(_ hyperparameters: [String: String] = [:]) -> RunRecord {
        RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"),
            hyperparameters: ["learning_rate": "0.1", "shuffle": "true", "normalize_data": "true", "epochs": "15"].merging(
                hyperparameters
            ) { $1 },
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
    }

    private func data(isShuffled: Bool = true, isNormalised: Bool = true, z: Double = 0, ratio: Double = 1) -> RuleInput {
        .trainingData(
            TrainingDataSummary(
                rowCount: 1000, featureCount: 3, validationRowCount: 100, target: "churned", isShuffled: isShuffled,
                isNormalised: isNormalised, orderZ: z, scaleRatio: ratio, widestFeature: "assets", narrowestFeature: "fee"))
    }

    private func expectSilence(_ finding: RuleFinding?) { #expect(finding?.alert == nil) }

    /// One value, as a stretch of its own.
    private func sample(_ metric: MetricName, _ value: Double, step: Int, epoch: Double) -> RuleInput {
        let sample = MetricSample(sequence: 1, metric: 0, step: step, epoch: epoch, wallTime: 0, value: value)
        return .samples(SampleStretch(metrics: [metric], samples: [sample]))
    }

    /// Training losses one a step, 20 steps an epoch.
    private func feed(_ rule: inout some Rule, _ losses: [Double], of run: RunRecord) -> Alert? {
        for (index, loss) in losses.enumerated() {
            let input = sample(.trainLoss, loss, step: index + 1, epoch: Double(index + 1) / 20)
            if let alert = rule.observe(input, of: run)?.alert { return alert }
        }
        return nil
    }

    /// A healthy loss: exponential decay to a floor with log-normal noise, seeded.
    private func healthy(_ count: Int, seed: UInt64, noise: Double) -> [Double] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func uniform() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / Double(1 << 53)
        }
        return (0..<count).map { step in
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
            return (0.3 + 0.7 * pow(0.99, Double(step))) * (1 + noise * normal)
        }
    }

    private func pow(_ base: Double, _ exponent: Double) -> Double {
        var result = 1.0
        for _ in 0..<Int(exponent) { result *= base }
        return result
    }

    @Test func aHealthyRunRaisesNothing() {
        for seed in 1...20 {
            let losses = healthy(2_000, seed: UInt64(seed), noise: 0.1)
            var rules: (NonFiniteLoss, Divergence, LossNotDecreasing) = (.init(), .init(), .init())
            #expect(feed(&rules.0, losses, of: run()) == nil)
            #expect(feed(&rules.1, losses, of: run()) == nil, "seed \(seed)")
            #expect(feed(&rules.2, losses, of: run()) == nil, "seed \(seed)")
        }
    }

    @Test func aLossThatIsNotANumberIsNamedWithItsStepAndTheSmallerRate() throws {
        var rule = NonFiniteLoss()
        let alert = try #require(feed(&rule, [1, 2, .nan], of: run()))
        #expect(alert.step == 3)
        #expect(alert.evidence.last == .init("last finite loss", 2))
        #expect(alert.remedies.first?.set == ["learning_rate": "0.01"])
    }

    @Test func aLossThatGrowsIsDivergence() throws {
        var rule = Divergence()
        let alert = try #require(feed(&rule, (0..<60).map { 1 + Double($0) * 0.2 }, of: run(["normalize_data": "false"])))
        #expect(alert.step < 30)
        #expect(alert.remedies.map(\.set) == [["normalize_data": "true"], ["learning_rate": "0.01"]])
    }

    @Test func aSlowClimbAfterALongFallIsDivergence() throws {
        let falling = healthy(800, seed: 3, noise: 0.03)
        let climbing = (0..<400).map { 0.3 * pow(1.01, Double($0)) }
        var rule = Divergence()
        let alert = try #require(feed(&rule, falling + climbing, of: run()))
        #expect((801...1_000).contains(alert.step))
        #expect(alert.evidence.contains(.init("threshold", 12)))
    }

    @Test func aFlatLossIsNotDecreasing() throws {
        var rule = LossNotDecreasing()
        let flat = healthy(200, seed: 5, noise: 0.1).enumerated().map { 0.69 + 0.01 * Double($0.offset % 3) }
        let alert = try #require(feed(&rule, flat, of: run(["shuffle": "false"])))
        #expect(alert.remedies.first?.set == ["shuffle": "true"])
    }

    /// A stretch as a trainer records it: what a step tells besides its loss, before the loss.
    private func step(_ step: Int, loss: Double, norm: Double, rate: Double) -> RuleInput {
        let metrics = [StepMetric.gradientNorm.name, StepMetric.learningRate.name, .trainLoss]
        let samples = [norm, rate, loss].enumerated().map { metric, value in
            MetricSample(
                sequence: 1, metric: Int32(metric), step: step, epoch: Double(step) / 20, wallTime: 0, value: value)
        }
        return .samples(SampleStretch(metrics: metrics, samples: samples[...]))
    }

    @Test func whatStepsToldIsEvidenceOfALossThatOverflowed() throws {
        var rule = NonFiniteLoss()
        expectSilence(rule.observe(step(1, loss: 1, norm: 2, rate: 0.1), of: run()))
        expectSilence(rule.observe(step(2, loss: 5, norm: 3e30, rate: 0.05), of: run()))
        let raised = rule.observe(step(3, loss: .infinity, norm: .infinity, rate: 0.05), of: run())
        let alert = try #require(raised?.alert)
        #expect(
            alert.evidence.dropFirst(2) == [
                .init("latest gradient norm", 3e30), .init("gradient norm at start", 2), .init("latest learning rate", 0.05),
            ])
    }

    @Test func theRateThatWasSteeredIsEvidenceAndNotTheConfiguredOne() throws {
        var rule = Divergence(), raised: Alert?
        for index in 1...60 {
            if index == 8 {
                expectSilence(rule.observe(.settingsChanged(HyperparameterChange(["learning_rate": "4"])), of: run()))
            }
            // Only of the first steps all is told.
            let loss = 1 + Double(index) * 0.2
            let input =
                index < 8
                ? step(index, loss: loss, norm: Double(index), rate: 0.1)
                : sample(.trainLoss, loss, step: index, epoch: Double(index) / 20)
            raised = raised ?? rule.observe(input, of: run())?.alert
        }
        let alert = try #require(raised)
        #expect(
            alert.evidence.suffix(3) == [
                .init("latest gradient norm", 7), .init("gradient norm at start", 1), .init("latest learning rate", 4),
            ])
    }

    @Test func aLossThatDoesNotFallTellsTheNormOfItsGradient() throws {
        var rule = LossNotDecreasing(), raised: Alert?
        for index in 1...100 {
            raised = raised ?? rule.observe(step(index, loss: 0.69, norm: 1e-9, rate: 0.1), of: run())?.alert
        }
        #expect(
            try #require(raised).evidence.suffix(2) == [
                .init("latest gradient norm", 1e-9), .init("latest learning rate", 0.1),
            ])
    }

    @Test func aLossThatStandsStillIsNoFaultWhereNothingDescends() {
        var rule = LossNotDecreasing(), clustering = run()
        clustering.hyperparameters["learning_rate"] = nil
        #expect(feed(&rule, [Double](repeating: 0.5, count: 200), of: clustering) == nil)
    }

    @Test func aResumedRunIsMeasuredFromTheEpochItIsFoundIn() {
        var rule = LossNotDecreasing()
        for step in 801...1_000 {
            let input = sample(.trainLoss, 1 / Double(step), step: step, epoch: Double(step) / 20)
            expectSilence(rule.observe(input, of: run()))
        }
    }

    @Test(arguments: [["wd": "0"], ["lambda": "1"]])
    func aValidationLossThatTurnsUpIsOverfit(penalty: [String: String]) throws {
        var rule = Overfit()
        var alert: Alert?
        for epoch in 1...12 {
            let train = 1 / Double(epoch)
            let validation = epoch < 5 ? 1 - 0.1 * Double(epoch) : 0.55 + 0.05 * Double(epoch)
            _ = rule.observe(sample(.trainLoss, train, step: epoch * 10, epoch: Double(epoch)), of: run(penalty))
            let input = sample(.validationLoss, validation, step: epoch * 10, epoch: Double(epoch))
            alert = alert ?? rule.observe(input, of: run(penalty))?.alert
        }
        let found = try #require(alert)
        #expect(found.step == 90)
        #expect(found.severity == .warning)
        #expect(found.remedies.first?.text == "nothing need be lost: the model of step 40, the best, is kept")
        // By the name that the algorithm has for it.
        #expect(found.remedies[1].set == (penalty["wd"] == nil ? ["lambda": "10"] : ["wd": "0.001"]))
    }

    @Test func rowsSortedByTheTargetAreNamedOnlyWhenTheyAreFedInThatOrder() throws {
        var rule = DataOrder()
        expectSilence(rule.observe(data(isShuffled: true, z: 133), of: run()))
        expectSilence(rule.observe(data(isShuffled: false, z: 3.3), of: run()))
        let raised = rule.observe(data(isShuffled: false, z: 133), of: run())
        let alert = try #require(raised?.alert)
        #expect(alert.summary == "rows arrive sorted by churned (z = 133 > 4)")
        #expect(alert.remedies.first?.set == ["shuffle": "true"])
    }

    @Test func scalesFarApartAreNamedOnlyWithoutNormalisation() throws {
        var rule = FeatureScale()
        expectSilence(rule.observe(data(isNormalised: true, ratio: 1e6), of: run()))
        expectSilence(rule.observe(data(isNormalised: false, ratio: 50), of: run()))
        let raised = rule.observe(data(isNormalised: false, ratio: 1e6), of: run())
        let alert = try #require(raised?.alert)
        #expect(alert.summary == "assets varies 1M times as much as fee")
    }

    @Test func aLossThatHalvesNearZeroIsNoReasonToGoOn() {
        var rule = StillImproving()
        var loss = 1.0
        for index in 0..<10 {
            expectSilence(rule.observe(sample(.validationLoss, loss, step: index, epoch: Double(index)), of: run()))
            loss /= 2
        }
        expectSilence(rule.observe(.ended(.completed, reason: .maxEpochs, step: 9), of: run()))
    }

    @Test func scalesThatAreOnlySomewhatApartAreNamedWhereARunIsSlowAndTheyAreOnPurpose() throws {
        var byHand = run(["normalize_data": "false"])
        byHand.request.hyperparameters = ["normalize_data": "false"]
        let slow = { (ratio: Double, run: RunRecord) -> Alert? in
            var rule = StillImproving()
            _ = rule.observe(data(isNormalised: false, ratio: ratio), of: run)
            for (index, value) in [1.0, 0.9, 0.8, 0.7].enumerated() {
                _ = rule.observe(sample(.validationLoss, value, step: index, epoch: Double(index)), of: run)
            }
            return rule.observe(.ended(.completed, reason: .maxEpochs, step: 3), of: run)?.alert
        }
        let named = try #require(slow(30, byHand))
        #expect(named.cause == "normalize_data is false: a step that suits one feature is far too large or too small for another")
        #expect(named.remedies.map(\.set).prefix(2) == [["normalize_data": "true"], ["epochs": "45"]] && named.severity == .info)
        // Alike enough, far apart enough to have been named before the first step, or not the user's choice.
        for (ratio, run) in [(4, byHand), (1e4, byHand), (30, run(["normalize_data": "false"]))] {
            #expect(slow(Double(ratio), run)?.cause == "the run had too few epochs to converge")
        }
    }

    @Test func aRunThatStoppedTooSoonIsToldSo() throws {
        var rule = StillImproving()
        for (index, value) in [1.0, 0.9, 0.8, 0.7].enumerated() {
            let input = sample(.validationLoss, value, step: index, epoch: Double(index))
            expectSilence(rule.observe(input, of: run()))
        }
        let raised = rule.observe(.ended(.completed, reason: .maxEpochs, step: 3), of: run())
        let alert = try #require(raised?.alert)
        #expect(alert.remedies.first?.set == ["epochs": "45"])
    }
}

@Suite struct DebuggerTests {
    @Test func findingsArePostedOnTheBusOnceARule() throws {
        let bus = EventBus(collectsEvery: 100)
        let mailbox = Mailbox(policy: .lossless(capacity: 10_000))
        bus.subscribe(mailbox)
        let debugger = try Debugger(bus: bus)
        let record = RunRecord(
            id: RunID("r"), name: "r", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "test", createdAt: 0, processID: 0)
        bus.post(.run(.registered(record)), run: record.id)
        let channel = bus.makeChannel(run: record.id, metrics: [.trainLoss])
        for step in 1...50 { channel.record(0, .nan, step: step, epoch: 0) }
        channel.close()
        debugger.close()
        bus.close()
        let alerts = mailbox.take().events.compactMap { event in
            if case .debugger(.alertRaised(let alert)) = event.kind { alert } else { nil }
        }
        #expect(alerts.map(\.rule) == ["NonFiniteLoss"])
        #expect(alerts.first?.step == 1)
    }
}
