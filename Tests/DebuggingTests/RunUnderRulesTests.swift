import Events
import Testing

@testable import Debugging

/// What rules are shown of a run, and in which order.
@Suite struct RunUnderRulesTests {
    /// Writes down what it is shown, and tells it when a rate is changed to 9.
    private struct Scribe: Rule {
        static let name = "Scribe"
        static let summary = "writes down what it is shown"
        var lines: [String] = []

        static func wants(_ metric: MetricName, of run: RunRecord) -> Bool {
            metric == .trainLoss || metric == run.objective.metric
        }

        static func wantsTensors(of run: RunRecord) -> Bool { true }

        mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
            switch input {
            case .algorithm(let algorithm): lines.append(algorithm.name)
            case .trainingData: lines.append("data")
            case .samples(let stretch):
                stretch.forEach { lines.append("\(stretch.metrics[Int($0.metric)]) \($0.step)") }
                lines.append("|")
            case .settingsChanged(let change):
                lines.append("\(change.text) of \(run.hyperparameters["learning_rate"] ?? "none")")
                guard change.values["learning_rate"] == "9" else { return nil }
                return RuleFinding(
                    Alert(
                        rule: Self.name, severity: .info, step: 0, summary: lines.joined(separator: ", "), evidence: [],
                        cause: "", remedies: []))
            case .tensors(let step): lines.append("tensors \(step.step)")
            case .profiled(let slice): lines.append("profile \(slice.step)")
            case .observed(let seen): lines.append("observed \(seen.name)")
            case .ended: lines.append("end")
            case .clock: lines.append("clock")
            case .earlier(let run): lines.append("run \(run.name)")
            case .evaluated: lines.append("evaluation")
            }
            return nil
        }
    }

    private let record = RecordedRun("r", objective: MetricName("validation:rmse")).record

    private func sample(_ sequence: UInt64, _ metric: Int32, step: Int) -> MetricSample {
        MetricSample(sequence: sequence, metric: metric, step: step, epoch: 0, wallTime: 0, value: 1)
    }

    private func change(_ sequence: UInt64, _ rate: String) -> StudioEvent {
        StudioEvent(
            sequence: sequence, wallTime: 0, run: record.id,
            kind: .job(.hyperparametersChanged(HyperparameterChange(["learning_rate": rate]))))
    }

    /// Plays a batch to a scribe and returns what it wrote.
    private func played(_ events: [StudioEvent], _ groups: [RunSamples]) -> String {
        let run = RunUnderRules(record: record, rules: [Scribe()])
        var timeline = RunTimeline(events: events, groups: groups.map(\.ordered)), alerts: [Alert] = []
        while let entry = timeline.next() {
            switch entry {
            case .event(let event):
                switch RunFact(event) {
                case .settingsChanged(let change): alerts += run.take(change).alerts
                case .tensorsSummarised(let tensors): alerts += run.show(tensors).alerts
                default: break
                }
            case .samples(let samples, let group): alerts += run.show(samples, of: groups[group].metrics).alerts
            }
        }
        return alerts.map(\.summary).joined(separator: "; ")
    }

    @Test func stretchesEndWhereSomethingElseHappened() {
        let steps = RunSamples(
            run: record.id, metrics: [.trainLoss],
            samples: [1, 2, 5, 7, 8].enumerated().map { sample($0.element, 0, step: $0.offset + 1) })
        let evaluations = RunSamples(
            run: record.id, metrics: [MetricName("validation:rmse"), MetricName("validation:mae")],
            samples: [sample(3, 0, step: 2), sample(3, 1, step: 2), sample(9, 1, step: 5), sample(9, 0, step: 5)])
        let told = played([change(6, "0.5"), change(11, "9")], [steps, evaluations])
        #expect(
            told == "train:loss 1, train:loss 2, |, validation:rmse 2, |, train:loss 3, |, learning_rate = 0.5 of 0.5, "
                + "train:loss 4, train:loss 5, |, validation:rmse 5, |, learning_rate = 9 of 9")
    }

    @Test func tensorsOfAStepComeBetweenTheSamplesOfThatStepAndOfTheNext() {
        let steps = RunSamples(
            run: record.id, metrics: [.trainLoss], samples: [sample(1, 0, step: 1), sample(3, 0, step: 2), sample(4, 0, step: 3)])
        func tensors(_ sequence: UInt64, step: Int) -> StudioEvent {
            StudioEvent(
                sequence: sequence, wallTime: 0, run: record.id,
                kind: .tensors(.summarised(TensorsOfStep(step: step, epoch: 0, wallTime: 0, summaries: []))))
        }
        #expect(
            played([tensors(2, step: 1), tensors(5, step: 3), change(6, "9")], [steps])
                == "train:loss 1, |, tensors 1, train:loss 2, train:loss 3, |, tensors 3, learning_rate = 9 of 9")
    }

    @Test func metricsThatNobodyWantsAreShownToNobody() {
        let others = RunSamples(
            run: record.id, metrics: [MetricName("validation:mae"), StepMetric.learningRate.name],
            samples: [sample(1, 0, step: 1), sample(2, 1, step: 2)])
        #expect(played([change(3, "9")], [others]) == "learning_rate = 9 of 9")
    }

    @Test func samplesOfOneEventComeByTheNamesOfTheirMetrics() {
        let both = RunSamples(
            run: record.id, metrics: [MetricName("validation:rmse"), .trainLoss],
            samples: [sample(2, 0, step: 2), sample(2, 1, step: 2), sample(1, 0, step: 1), sample(1, 1, step: 1)])
        #expect(
            played([change(3, "9")], [both])
                == "train:loss 1, validation:rmse 1, train:loss 2, validation:rmse 2, |, learning_rate = 9 of 9")
    }

    /// Two channels that claim one sequence number: nobody promises which comes first, but both come.
    @Test func channelsWithOneNumberBothComeThrough() {
        let steps = RunSamples(run: record.id, metrics: [.trainLoss], samples: [sample(1, 0, step: 1), sample(1, 0, step: 2)])
        let others = RunSamples(run: record.id, metrics: [MetricName("validation:rmse")], samples: [sample(1, 0, step: 3)])
        #expect(
            played([change(2, "9")], [steps, others])
                == "train:loss 1, train:loss 2, |, validation:rmse 3, |, learning_rate = 9 of 9")
    }

    /// Has a remedy for what it is told.
    private struct Adviser: Rule {
        static let name = "Adviser"
        static let summary = "advises another rate"
        mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
            guard case .settingsChanged = input else { return nil }
            return RuleFinding(
                Alert(
                    rule: Self.name, severity: .info, step: 0, summary: "", evidence: [], cause: "",
                    remedies: [.init("another rate", set: ["rate": "9"])]))
        }
    }

    @Test func aRemedyForAScriptIsSomethingThatItTakes() {
        func advice(_ change: (inout RunRecord) -> Void) -> Alert.Remedy? {
            var record = record
            record.name = "mine"
            record.request = JobRequest(datasetPath: "", target: nil, algorithm: JobRequest.scriptAlgorithm)
            record.hyperparameters = ["rate": "1"]
            change(&record)
            let run = RunUnderRules(record: record, rules: [Adviser()])
            return run.take(HyperparameterChange(["other": "1"])).alerts.first?.remedies.first
        }
        #expect(advice { $0.request.hyperparameters["rate"] = "1" } == .init("another rate", set: ["rate": "9"]))
        #expect(
            advice { $0.steerable = ["rate"] } == .init("another rate, while it trains: descent runs steer mine rate=9"))
        #expect(advice { _ in } == .init("another rate"))
    }
}
