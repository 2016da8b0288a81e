import Events
import Testing

@testable import Debugging

/// Descent's own rules on the tensors of networks.
@Suite struct TensorRuleTests {
    private func run() -> RunUnderRules {
        RunUnderRules(
            record: RecordedRun("r", ["activation": "tanh"]).record,
            rules: [NonFiniteTensor(), DeadUnits(), SaturatedUnits(), VanishingGradients(), UnchangedWeights()])
    }

    private func tensor(
        _ name: String, _ collection: TensorCollection, _ change: (inout TensorSummary) -> Void = { _ in }
    ) -> TensorSummary {
        var tensor = TensorSummary(name, collection, shape: [10, 10], count: 100)
        (tensor.meanMagnitude, tensor.l2, tensor.minimum, tensor.maximum) = (0.1, 1, -0.3, 0.3)
        change(&tensor)
        return tensor
    }

    private func play(_ steps: [[TensorSummary]]) -> [DebuggerEvent] {
        let run = run()
        return steps.enumerated().flatMap {
            run.show(TensorsOfStep(step: $0.offset + 1, epoch: 0, wallTime: 0, summaries: $0.element))
        }
    }

    private func layer(_ name: String, inactive: Int = 0, saturated: Int = 0, of count: Int = 100) -> TensorSummary {
        tensor(name, .activations) { $0.units = .init(count: count, inactive: inactive, saturated: saturated) }
    }

    @Test func unitsThatANetworkDoesWellWithoutAreNotMissed() throws {
        func told(_ loss: Double) -> [DebuggerEvent] {
            let run = RunUnderRules(record: RecordedRun("r").record, rules: [DeadUnits()])
            var told: [DebuggerEvent] = []
            for step in 1...8 {
                // It began at 1, and units die one after the other.
                let value = step == 1 ? 1 : loss
                let sample = MetricSample(
                    sequence: UInt64(step), metric: 0, step: step, epoch: 0, wallTime: 0, value: value)
                told += run.show([sample][...], of: [.validationLoss])
                var layer = TensorSummary("a", .activations, shape: [100], count: 100)
                layer.units = .init(count: 100, inactive: step * 11, saturated: 0)
                told += run.show(TensorsOfStep(step: step, epoch: 0, wallTime: 0, summaries: [layer]))
            }
            return told
        }
        #expect(told(0.9).alerts.map(\.rule) == ["DeadUnits"])
        #expect(told(0.02).alerts.isEmpty)
    }

    @Test func theFirstTensorThatIsNotFiniteIsNamed() throws {
        let step = [
            tensor("a", .weights) { $0.nans = 1 }, tensor("gradient/a", .gradients) { $0.nans = 3 },
            tensor("gradient/b", .gradients) { $0.nans = 3 }, tensor("x.relu_output", .activations),
            tensor("y.relu_output", .activations) { $0.infinities = 2 },
        ]
        let alert = try #require(play([step]).alerts.first)
        #expect(alert.rule == "NonFiniteTensor" && alert.tensor == "y.relu_output" && alert.severity == .issue)
        #expect(alert.remedies.contains { $0.set == ["learning_rate": "0.01"] })
        // Without the activation it is the gradient that is computed first, from the last layer on.
        #expect(play([Array(step.dropLast())]).alerts.first?.tensor == "gradient/b")
        #expect(play([[tensor("a", .weights)]]).alerts.isEmpty)
        // Weights that an earlier step broke explain the rest.
        #expect(alert.cause.hasPrefix("a holds values that are not finite"))
        #expect(try #require(play([Array(step.dropFirst())]).alerts.first).cause.contains("overflows"))
        let recovered = play([step, [tensor("a", .weights)]])
        #expect(recovered.states(of: "NonFiniteTensor").last == "Cleared 2")
    }

    @Test func aLayerWhoseUnitsDieIsNamedOnceForAllLayers() throws {
        let dying = (0..<6).map { step in
            [layer("a", inactive: 20), layer("b", inactive: 40 + 10 * step), layer("c", inactive: 70)]
        }
        let found = play(dying).alerts
        #expect(found.count == 1)
        let alert = try #require(found.first)
        #expect(alert.rule == "DeadUnits" && alert.step == 3 && alert.tensor == "b")
        #expect(alert.sampleSize == 100 && alert.cause.contains("step"))
        // What is no number is not inactive.
        let broken = (0..<6).map { _ in
            var tensor = layer("a", inactive: 100)
            tensor.nans = 50
            return [tensor]
        }
        #expect(!play(broken).alerts.contains { $0.rule == "DeadUnits" })
        // Units that never lived are not blamed on the steps.
        let stillborn = try #require(play((0..<6).map { _ in [layer("a", inactive: 98)] }).alerts.first)
        #expect(stillborn.cause.contains("from the beginning"))
        #expect(!stillborn.remedies.isEmpty && stillborn.remedies.allSatisfy { $0.set["learning_rate"] == nil })
        // Half of a small layer is no evidence, nor is a layer that has always been a little sparse.
        #expect(play((0..<6).map { _ in [layer("a", inactive: 4, of: 6), layer("b", inactive: 45)] }).alerts.isEmpty)
        // One step is none either.
        #expect(play([[layer("a", inactive: 90)]] + (0..<6).map { _ in [layer("a")] }).alerts.isEmpty)
        let back = play((0..<4).map { _ in [layer("a", inactive: 90)] } + (0..<4).map { _ in [layer("a", inactive: 10)] })
        #expect(back.states(of: "DeadUnits").last == "Cleared 8")
    }

    @Test func aLayerThatIsFlatOnBothSidesIsSaturated() throws {
        let alert = try #require(play((0..<3).map { _ in [layer("a", saturated: 80)] }).alerts.first)
        #expect(alert.rule == "SaturatedUnits" && alert.tensor == "a" && alert.step == 3)
        // Of a ReLU what is inactive is flat, and is another rule's.
        #expect(
            !play((0..<3).map { _ in [layer("a", inactive: 80, saturated: 80)] }).alerts.contains { $0.rule == "SaturatedUnits" })
        #expect(play((0..<9).map { _ in [layer("a", saturated: 55)] }).alerts.isEmpty)
    }

    @Test func aShortRunOfWhichFewStepsWereCapturedIsJudgedAtItsEnd() {
        func alerts(_ steps: [[TensorSummary]]) -> [String] {
            let run = run()
            for (place, tensors) in steps.enumerated() {
                #expect(run.show(TensorsOfStep(step: place + 1, epoch: 0, wallTime: 0, summaries: tensors)).isEmpty)
            }
            return run.showEnd(JobStatusChange(status: .completed, reason: .maxEpochs)).alerts.map(\.rule)
        }
        let ill = layers(5, by: 0.1), well = layers(5, by: 0.9)
        #expect(alerts([ill, ill]) == ["VanishingGradients"])
        #expect(alerts([ill]).isEmpty && alerts([well, ill]).isEmpty && alerts([well, ill, ill]).isEmpty)
    }

    @Test func whatIsTooMuchCanBeSet() throws {
        func found(_ line: String) throws -> [Alert] {
            let run = RunUnderRules(record: RecordedRun("r").record, selection: try RuleSelection([line], withUsual: false))
            return (1...4).flatMap { step in
                run.show(
                    TensorsOfStep(step: step, epoch: 0, wallTime: 0, summaries: [layer("a", inactive: 45)])
                ).alerts
            }
        }
        #expect(try found("DeadUnits").isEmpty)
        #expect(try found("DeadUnits(share=0.3)").map(\.tensor) == ["a"])
    }

    /// Layers whose gradients become smaller by a factor from the last to the first.
    private func layers(_ count: Int, by factor: Double, scale: Double = 1) -> [TensorSummary] {
        (0..<count).flatMap { index -> [TensorSummary] in
            var length = scale
            for _ in index..<(count - 1) { length *= factor }
            return [
                tensor("dense\(index).weight", .weights) { $0.l2 = scale },
                tensor("gradient/dense\(index).weight", .gradients) { $0.l2 = length },
            ]
        }
    }

    @Test func gradientsThatGetLostOnTheirWayAreToldWhateverTheirScale() throws {
        for scale in [1e-12, 1, 1e12] {
            let alert = try #require(play((0..<3).map { _ in layers(5, by: 0.1, scale: scale) }).alerts.first)
            #expect(alert.rule == "VanishingGradients" && alert.tensor == "gradient/dense0.weight")
            #expect(alert.remedies.first?.set == ["activation": "relu"])
        }
        // Small all over is no vanishing, and two layers are too few.
        #expect(play((0..<9).map { _ in layers(5, by: 0.5, scale: 1) }).alerts.isEmpty)
        #expect(play((0..<9).map { _ in layers(2, by: 1e-6) }).alerts.isEmpty)
    }

    @Test func weightsThatStandStillWhileOthersLearnAreTold() throws {
        func step(_ still: Double, gradient: Double = 1, other: Double = 1) -> [TensorSummary] {
            [
                tensor("gradient/a", .gradients) { $0.l2 = gradient }, tensor("update/a", .updates) { $0.l2 = still },
                tensor("gradient/b", .gradients), tensor("update/b", .updates) { $0.l2 = other },
            ]
        }
        let alert = try #require(play((0..<5).map { _ in step(0) }).alerts.first)
        #expect(alert.rule == "UnchangedWeights" && alert.tensor == "a" && alert.step == 5)
        #expect(alert.cause.contains("optimiser"))
        #expect(play((0..<5).map { _ in step(0, gradient: 0) }).alerts.first?.cause.contains("no gradient reaches it") == true)
        #expect(play((0..<9).map { step($0 % 3 == 0 ? 1 : 0) }).alerts.isEmpty)
        // A learning rate of 0 holds all of them: that is no matter of one layer.
        #expect(play((0..<9).map { _ in step(0, other: 0) }).alerts.isEmpty)
    }
}
