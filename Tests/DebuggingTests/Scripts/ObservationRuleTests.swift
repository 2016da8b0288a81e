import Events
import Testing

@testable import Debugging

/// Figures as the Python package tells them of small trainings.
@Suite("Rules over what is observed of a script")
struct ObservationRuleTests {
    private let record = RecordedRun("r", objective: .validationLoss).record

    private func seen(
        _ name: String, _ figures: [String: Double], _ words: [String: String] = [:], step: Int = 100, metricStep: Int? = nil
    ) -> TrainingObservation {
        TrainingObservation(
            name, subject: words["loss"] ?? words["optimizer"], step: step, metricStep: metricStep,
            figures: figures.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }, words: words)
    }

    /// What a rule says of observations that come one after the other.
    private func said(_ rule: any Rule.Type, _ observations: TrainingObservation...) -> Alert? {
        let run = RunUnderRules(record: record, rules: [rule.init()])
        return observations.flatMap { run.show($0).alerts }.first
    }

    private func loss(_ name: String, least: Double, most: Double, off: Double, made: String = "Addmm") -> TrainingObservation {
        seen(
            "loss",
            ["calls": 48, "looks": 48, "classes": 3, "smallest": least, "largest": most, "farthest from a sum of 1": off],
            ["loss": name, "made by": made, "reduction": "mean"])
    }

    @Test("Probabilities where logits are wanted, and scores where logarithms are, are named; logits and logarithms are well")
    func lossInputs() {
        let softmax = said(LossInput.self, loss("cross_entropy", least: 0.01, most: 0.9, off: 1e-7, made: "Softmax"))
        #expect(softmax?.summary == "cross_entropy is given probabilities, and wants logits")
        #expect(softmax?.remedies.first?.text.contains("without softmax") == true)
        #expect(said(LossInput.self, loss("cross_entropy", least: -3, most: 2, off: 5)) == nil)
        // Logarithms of probabilities are logits, too.
        #expect(said(LossInput.self, loss("cross_entropy", least: -3, most: -0.1, off: 7, made: "LogSoftmax")) == nil)
        #expect(
            said(LossInput.self, loss("nll_loss", least: -2, most: 3, off: 9))?.summary
                == "nll_loss is given scores, and wants logarithms of probabilities")
        #expect(said(LossInput.self, loss("nll_loss", least: -9, most: -1e-4, off: 1e-6, made: "LogSoftmax")) == nil)
        let binary = "binary_cross_entropy_with_logits"
        #expect(said(LossInput.self, loss(binary, least: 0.1, most: 0.9, off: 0, made: "Sigmoid")) != nil)
        // Scores that happen to lie in [0, 1].
        #expect(said(LossInput.self, loss(binary, least: 0, most: 0.9, off: 0, made: "Relu")) == nil)
    }

    @Test("Gradients that are left over at nearly every step are named, those of several passes a step are not")
    func gradientsLeft() {
        #expect(said(GradientsNotZeroed.self, seen("gradients", ["left over": 46, "clean": 1]))?.severity == .issue)
        #expect(said(GradientsNotZeroed.self, seen("gradients", ["left over": 10, "clean": 30])) == nil)
        #expect(said(GradientsNotZeroed.self, seen("gradients", ["left over": 3, "clean": 0])) == nil)
    }

    @Test("A loss that is climbed is named, unless another one is descended")
    func direction() {
        #expect(said(LossDirection.self, seen("gradients", ["up": 48, "down": 0])) != nil)
        #expect(said(LossDirection.self, seen("gradients", ["up": 24, "down": 24])) == nil)
    }

    @Test("Batches of one class are an order; shuffled ones, and some likeness, are not")
    func labelOrder() {
        func labels(_ alike: Double, z: Double, groups: Double = 48) -> TrainingObservation {
            seen("labels", ["likeness in a batch": alike, "z": z, "groups": groups, "rows": groups * 32], ["kind": "classes"])
        }
        #expect(said(DataOrder.self, labels(0.98, z: 400))?.rule == "DataOrder")
        #expect(said(DataOrder.self, labels(0.001, z: 2)) == nil)
        #expect(said(DataOrder.self, labels(0.1, z: 12)) == nil)
        #expect(said(DataOrder.self, labels(0.98, z: 40, groups: 4)) == nil)
    }

    @Test("Columns on unlike scales are named, unless the first layer brings them to one")
    func inputScale() {
        let raw = seen(
            "inputs",
            ["rows": 640, "widest deviation": 1e4, "narrowest deviation": 1e-3, "size": 3000, "offset in deviations": 0.1],
            ["kind": "table", "widest": "0", "narrowest": "2"])
        #expect(said(FeatureScale.self, raw)?.summary == "input column 0 varies 10M times as much as input column 2")
        #expect(said(FeatureScale.self, seen("model", [:], ["first": "BatchNorm1d"]), raw) == nil)
        // Seldom another than 0: narrow, and well.
        let rare = seen(
            "inputs",
            ["rows": 640, "widest deviation": 1, "narrowest deviation": 1e-3, "size": 0.7, "offset in deviations": 0.1],
            ["kind": "table"])
        #expect(said(FeatureScale.self, rare) == nil)
        let bytes = seen(
            "inputs",
            [
                "rows": 640, "widest deviation": 70, "narrowest deviation": 60, "size": 110, "offset in deviations": 1.5,
                "smallest": 0, "largest": 255,
            ], ["kind": "images"])
        #expect(said(FeatureScale.self, bytes)?.summary.contains("0 to 255") == true)
    }

    @Test("Dropout while judging is named; a pass without gradients between every two steps is no judging")
    func modes() {
        func modes(_ blocks: Double, dropout: Double) -> TrainingObservation {
            seen(
                "modes", ["judging passes": 20, "with dropout": dropout, "with batch norm": 0, "blocks": blocks, "steps": 400],
                ["dropout": "Dropout"])
        }
        #expect(said(ModuleMode.self, modes(20, dropout: 20))?.remedies.first?.text.contains("model.eval()") == true)
        #expect(said(ModuleMode.self, modes(20, dropout: 0)) == nil)
        #expect(said(ModuleMode.self, modes(400, dropout: 20)) == nil)
    }

    @Test("Parameters of another model, left out, or without a gradient are named; what is frozen beside learned layers is told")
    func parameters() {
        func owned(
            learned: Double, left: Double = 0, frozen: Double = 0, bare: Double = 0, weights: Double = 2, steps: Double = 100
        ) -> TrainingObservation {
            seen(
                "parameters",
                [
                    "parameters": 1000, "learned": learned, "left out": left, "frozen": frozen, "without gradient": bare,
                    "weights": 3, "weights learned": weights, "held by optimizers": 6, "steps": steps,
                ], ["left out": "body.0.weight", "without gradient": "body.0.weight"])
        }
        #expect(said(ParametersLeftOut.self, owned(learned: 1000)) == nil)
        #expect(said(ParametersLeftOut.self, owned(learned: 0, left: 1000))?.cause.contains("another model") == true)
        #expect(said(ParametersLeftOut.self, owned(learned: 100, left: 900))?.severity == .issue)
        // A second optimizer may step later.
        #expect(said(ParametersLeftOut.self, owned(learned: 100, left: 900, steps: 10)) == nil)
        #expect(said(ParametersLeftOut.self, owned(learned: 1000, bare: 800))?.cause.contains("detach") == true)
        #expect(said(ParametersLeftOut.self, owned(learned: 100, frozen: 900))?.severity == .info)
        #expect(said(ParametersLeftOut.self, owned(learned: 3, frozen: 997, weights: 0))?.severity == .issue)
    }

    @Test("A rate that fell to nothing in the first half is named, one that ends there is not")
    func rates() {
        func rate(since: Double?, steps: Double) -> TrainingObservation {
            var figures = ["learning rate": 1e-9, "largest rate so far": 0.1, "steps": steps]
            figures["next to nothing since"] = since
            return seen("optimizer", figures, ["optimizer": "Adam"])
        }
        #expect(said(LearningRateGone.self, rate(since: 20, steps: 400)) != nil)
        #expect(said(LearningRateGone.self, rate(since: 390, steps: 400)) == nil)
        #expect(said(LearningRateGone.self, rate(since: nil, steps: 400)) == nil)
    }

    @Test("An alert stands at the step of the curves, and tells the optimizer's")
    func steps() {
        let alert = said(
            LossDirection.self, seen("gradients", ["up": 48, "down": 0], step: 340, metricStep: 17))
        #expect(alert?.step == 17)
        #expect(alert?.evidence.last == .init("step of the optimizer", 340))
    }

    @Test("A fault in the script explains what the losses show")
    func diagnosis() throws {
        let events = [
            said(LossInput.self, loss("cross_entropy", least: 0.01, most: 0.9, off: 1e-7, made: "Softmax")),
            Alert(rule: FlatLoss.name, severity: .issue, step: 5, summary: "flat", evidence: [], cause: "c", remedies: []),
        ].compactMap { $0 }.enumerated().map {
            StudioEvent(sequence: UInt64($0 + 1), wallTime: 0, run: record.id, kind: .debugger(.alertRaised($1)))
        }
        let diagnoses = RunDiagnosing(run: record, events: events.reversed()).diagnoses()
        #expect(diagnoses.map(\.cause) == ["lossInput"])
        #expect(diagnoses.first?.symptoms.map(\.rule) == ["LossInput", "FlatLoss"])
    }
}
