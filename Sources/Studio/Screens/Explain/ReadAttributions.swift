import Events

/// How much columns added to a run's predictions while it was trained.
package struct AttributionCurves: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package var step: Int
        package var epoch: Double
        /// Mean size of what the column adds, in the margin.
        package var size: Double

        package init(step: Int, epoch: Double, size: Double) { (self.step, self.epoch, self.size) = (step, epoch, size) }
    }

    package struct Curve: Sendable, Equatable {
        package var column: String
        package var points: [Point]

        package init(_ column: String, _ points: [Point]) { (self.column, self.points) = (column, points) }

        var last: Double { points.last?.size ?? 0 }
    }

    /// Those of columns that add most at last first.
    package var curves: [Curve]

    package init(_ curves: [Curve]) { self.curves = curves.sorted { ($1.last, $0.column) < ($0.last, $1.column) } }
}

/// Asks how much columns added while a run was trained, or what of it is known so far.
package struct ReadAttributions: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package let run: RunID

    package init(_ run: RunID) { self.run = run }

    package func take(_ answer: AttributionCurves, into state: inout AppState) -> [Effect] {
        state.changeScreen(ExplainPage.self) { page, _ in if page.run == run { page.take(answer) } }
        state.pageChanged()
        return []
    }
}
