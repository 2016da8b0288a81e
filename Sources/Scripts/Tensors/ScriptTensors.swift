import Clocks
import Events

/// Puts together what a script's package tells of the tensors of a step, message by message.
struct ScriptTensors {
    /// Tensors of a run that are told apart; of a step as many.
    private static let mostNames = 10_000

    private var step = 0
    private var mode = TensorsOfStep.Mode.train
    private var summaries: [TensorSummary] = []
    private var last: Int?
    private var names: Set<String> = []
    /// Seconds that the package has needed so far, as it told last.
    private var cost = 0.0
    /// Summaries of names beyond those that are told apart.
    private(set) var leftOutCount = 0

    /// Takes a summary.
    /// - Returns: the step before, where this is one of another.
    mutating func take(_ summary: TensorSummary, step: Int, mode: TensorsOfStep.Mode = .train, epoch: Double) -> TensorsOfStep? {
        guard names.contains(summary.name) || names.count < Self.mostNames else {
            leftOutCount += 1
            return nil
        }
        names.insert(summary.name)
        let finished = step == self.step && mode == self.mode ? nil : finish(epoch: epoch)
        (self.step, self.mode) = (step, mode)
        if let known = summaries.firstIndex(where: { $0.name == summary.name && $0.collection == summary.collection }) {
            summaries[known] = summary
        } else {
            summaries.append(summary)
        }
        return finished
    }

    /// Takes what the package has needed so far and what the step spent its time on, which it tells after the summaries of a step.
    /// - Returns: that step; nil where nothing was told of it.
    mutating func finish(cost seconds: Double, spent: [StepPart: Double], epoch: Double) -> TensorsOfStep? {
        let own = seconds - cost
        if seconds.isFinite { cost = max(cost, seconds) }
        var finished = finish(epoch: epoch)
        finished?.spent = spent
        if own.isFinite, own > 0 { finished?.spent[.record] = own }
        return finished
    }

    /// What was told of the step so far; nil where nothing was.
    mutating func finish(epoch: Double) -> TensorsOfStep? {
        guard !summaries.isEmpty else { return nil }
        defer {
            if mode == .train { last = step }
            summaries = []
        }
        let sorted = summaries.enumerated().sorted { ($0.element.collection, $0.offset) < ($1.element.collection, $1.offset) }
        return TensorsOfStep(
            step: step, epoch: epoch, wallTime: WallClock.now(), mode: mode, summaries: sorted.map(\.element),
            passedOver: mode == .train ? last.map { step > $0 ? step - $0 - 1 : 0 } ?? 0 : 0)
    }
}
