import Cells
import Events

/// The whole history of one curve, with what happened to its run.
package struct ReadCurve: StudioQuery {
    package struct Answer: Sendable {
        package var series: Series
        /// How much of it is here, where the rest is still on its way.
        package var arrival: CurveArrival?
        /// The run's steering changes and checkpoints, and the size of its data.
        package var changes: [StudioEvent]

        package init(series: Series, arrival: CurveArrival? = nil, changes: [StudioEvent]) {
            self.series = series
            self.arrival = arrival
            self.changes = changes
        }
    }

    package static let lane = QueryLane.store
    package static let isLive = true

    package let run: RunID
    package let metric: MetricName

    package init(_ run: RunID, _ metric: MetricName) {
        self.run = run
        self.metric = metric
    }

    package var slot: QuerySlot { QuerySlot(of: Self.self, "\(run) \(metric)") }

    /// What is there is replaced; live samples that came after the curve's end stay.
    package func take(_ answer: Answer, into state: inout AppState) -> [Effect] {
        state.runs.loadChanges(answer.changes, of: run)
        state.series.load(answer.series, SeriesLibrary.Key(run, metric), answer.arrival)
        state.derived.forget(run, metric)
        return []
    }
}
