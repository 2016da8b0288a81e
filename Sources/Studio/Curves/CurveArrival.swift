import Cells
import Events

/// How much of a curve is here that is on its way from another machine. Of the rest the points that show most are here.
public struct CurveArrival: Hashable, Sendable {
    public var here: Int
    public var total: Int

    public init(here: Int, total: Int) { (self.here, self.total) = (here, total) }

    /// `12k of 1.20M points`
    var words: String { "\(NumberFormat.compact(Double(here))) of \(NumberFormat.compact(Double(total))) points" }
}

extension AppState {
    /// How much is here of the first curve of a run's metric that is not whole yet.
    func arrival(of metric: String, of run: RunSummary) -> CurveArrival? {
        CurvesScene.names(metric, of: run).lazy.compactMap { series.arrival(run.record.id, $0) }.first
    }

    /// The same of the curves that are shown.
    func arrival(in scene: CurvesScene) -> CurveArrival? {
        guard let metric = scene.metric else { return nil }
        return scene.runs.lazy.compactMap { arrival(of: metric, of: $0) }.first
    }
}
