import Events
import Experiments
import Studio

extension ReadTensors: AnsweredQuery {
    func answer(_ work: QueryWork<TensorOverview>) throws -> TensorOverview {
        work.engine.flush()
        let store = try work.store.tensors, all = try store.steps(of: run, mode: mode)
        // Evenly over all of them, the newest among them.
        let count = min(all.count, Self.mostSteps)
        let shown = (0..<count).map { all[($0 + 1) * all.count / count - 1] }
        var rows: [TensorOverview.Row] = [], places: [String: Int] = [:]
        for tensor in try store.names(of: run) {
            places["\(tensor.collection) \(tensor.name)"] = rows.count
            rows.append(
                .init(name: tensor.name, collection: tensor.collection, summaries: Array(repeating: nil, count: count)))
        }
        var spent: [StepPart: Double] = [:]
        for (column, step) in shown.enumerated() {
            guard work.isWanted() else { throw QueryCancelled() }
            guard let tensors = try store.tensors(of: run, at: step, mode: mode) else { continue }
            if !tensors.spent.isEmpty { spent = tensors.spent }
            for summary in tensors.summaries {
                guard let place = places["\(summary.collection) \(summary.name)"] else { continue }
                rows[place].summaries[column] = summary
            }
        }
        let usage = try store.usage(of: run), run = try work.store.run(run)
        // Of what is shown in an evaluation alone, or in none.
        rows.removeAll { $0.last == nil }
        return TensorOverview(
            mode: mode, steps: shown, rows: rows, stepCount: usage.stepCount, evaluationCount: usage.evaluationCount,
            passedOver: max(0, max(run?.step ?? 0, usage.steps?.upperBound ?? 0) - usage.stepCount),
            byteCount: usage.byteCount, thinnedCount: usage.thinnedCount, spent: spent)
    }
}

extension ReadTensor: AnsweredQuery {
    func answer(_ work: QueryWork<[TensorPoint]>) throws -> [TensorPoint] {
        work.engine.flush()
        return try work.store.tensors.points(name, of: run, mode)
    }
}

extension TensorStore {
    /// One tensor at the captured steps of training, or at the evaluations.
    func points(_ name: String, of run: RunID, _ mode: TensorsOfStep.Mode = .train) throws -> [TensorPoint] {
        try tensor(name, of: run).points.filter { $0.mode == mode }.map {
            TensorPoint(step: $0.step, epoch: $0.epoch, summary: $0.summary)
        }
    }
}
