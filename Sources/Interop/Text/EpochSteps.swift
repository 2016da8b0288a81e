/// Makes one count of steps that start anew in each epoch (`epoch,batch,loss`; MMDetection's `iter`).
///
/// The rule: when the epoch goes up and the step falls back, or stays although the same is measured again, the steps go on from
/// where the last epoch ended. What was measured on other rows than those of training stands where training was by then.
struct EpochSteps {
    /// Whether steps were found to start anew.
    private(set) var hasRestarted = false
    /// What the steps of this epoch are counted from.
    private var base = 0
    private var first: Int?
    private var last: Row?
    private var evaluation: (epoch: Double, raw: Int, step: Int)?

    private struct Row {
        var epoch: Double
        var raw: Int
        var step: Int
        var values: [LoggedValue]
    }

    /// Steps that are counted on to beyond this are none.
    private static let most = 1 << 61

    /// The step of a training row in the whole run.
    /// - Parameter values: what the row measured.
    mutating func training(_ raw: Int, epoch: Double, values: [LoggedValue]) -> Int {
        let isFromZero = (first ?? raw) == 0
        first = first ?? raw
        if let last, epoch.rounded(.down) > last.epoch.rounded(.down),
            raw < last.raw || raw == last.raw && values.map(\.name) == last.values.map(\.name)
        {
            let next = base.addingReportingOverflow(last.raw + (isFromZero ? 1 : 0))
            if !next.overflow, next.partialValue < Self.most { (base, hasRestarted) = (next.partialValue, true) }
        }
        let sum = base.addingReportingOverflow(raw)
        let step = sum.overflow ? raw : sum.partialValue
        last = Row(epoch: epoch, raw: raw, step: step, values: values)
        return step
    }

    /// The step of a row that was measured on other rows: where training is, and on from there within one evaluation.
    mutating func evaluating(_ raw: Int, epoch: Double) -> Int {
        guard let last else { return raw }
        if let begun = evaluation, begun.epoch == epoch, raw > begun.raw { return begun.step + (raw - begun.raw) }
        evaluation = (epoch, raw, last.step)
        return last.step
    }
}
