import JSON

/// What the tensors of a model were like at one step.
public struct TensorsOfStep: Sendable, Hashable {
    /// Whether the model was training or being evaluated.
    public enum Mode: String, Sendable, CaseIterable {
        case train, eval
    }

    /// As `MetricsRecorded.step` counts: what was captured in the step that made this count.
    public var step: Int
    /// Epochs done at this step, with fraction.
    public var epoch: Double
    /// Seconds since 1970.
    public var wallTime: Double
    public var mode: Mode
    /// By collection and in the model's order in each.
    public var summaries: [TensorSummary]
    /// Steps since the last captured one in which nothing was captured.
    public var passedOver: Int
    /// What the step spent its time on; empty where that was not measured.
    public var spent: [StepPart: Double]

    public init(
        step: Int, epoch: Double, wallTime: Double, mode: Mode = .train, summaries: [TensorSummary], passedOver: Int = 0,
        spent: [StepPart: Double] = [:]
    ) {
        (self.step, self.epoch, self.wallTime, self.mode) = (step, epoch, wallTime, mode)
        (self.summaries, self.passedOver, self.spent) = (summaries, passedOver, spent)
    }

    /// Those of a collection.
    public func summaries(of collection: TensorCollection) -> [TensorSummary] { summaries.filter { $0.collection == collection } }

    /// The summary of a tensor; nil where it was not captured at this step.
    public subscript(name: String) -> TensorSummary? { summaries.first { $0.name == name } }
}

extension TensorsOfStep {
    package var json: JSONValue {
        .object([
            "step": .integer(step), "epoch": .epoch(epoch), "recordedAt": .number(wallTime), "mode": .string(mode.rawValue),
            "passedOver": .integer(passedOver),
            "spent": spent.isEmpty ? nil : StepPart.json(spent),
            "tensors": .array(summaries.map(\.json)),
        ])
    }

    /// What reads back as a step without tensors, and by collection how many there are.
    var outline: [JSONValue.Member] {
        var counts: [String: Int] = [:]
        for summary in summaries { counts[summary.collection.rawValue, default: 0] += 1 }
        var empty = self
        empty.summaries = []
        let members = empty.json.members ?? []
        return members + [.init("counts", .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }))]
    }

    /// Summaries that make no sense are left out.
    package init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let epoch = json["epoch"]?.double, let time = json["recordedAt"]?.double,
            let mode = json["mode"]?.string.flatMap(Mode.init), let passedOver = json["passedOver"]?.integer, passedOver >= 0,
            let tensors = json["tensors"]?.array
        else { return nil }
        self.init(
            step: step, epoch: epoch, wallTime: time, mode: mode, summaries: tensors.compactMap(TensorSummary.init(json:)),
            passedOver: passedOver, spent: StepPart.seconds(json["spent"]))
    }
}
