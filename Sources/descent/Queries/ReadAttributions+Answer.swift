import Events
import Experiments
import Studio

extension ReadAttributions: AnsweredQuery {
    func answer(_ work: QueryWork<AttributionCurves>) throws -> AttributionCurves {
        work.engine.flush()
        return AttributionCurves(
            try work.store.tensors.histories(of: .attributions, run: run).map { history in
                .init(
                    String(history.name.drop { $0 != "/" }.dropFirst()),
                    history.points.filter { $0.mode == .train }.map {
                        .init(step: $0.step, epoch: $0.epoch, size: $0.summary.mean)
                    })
            })
    }
}
