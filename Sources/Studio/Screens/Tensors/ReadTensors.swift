import Events

/// What is kept of a run's tensors: each at some of the captured steps.
package struct TensorOverview: Sendable {
    package struct Row: Sendable {
        package var name: String
        package var collection: TensorCollection
        /// What it was like at each of the steps; nil where it was not captured.
        package var summaries: [TensorSummary?]

        package init(name: String, collection: TensorCollection, summaries: [TensorSummary?]) {
            (self.name, self.collection, self.summaries) = (name, collection, summaries)
        }

        /// The newest summary.
        package var last: TensorSummary? { summaries.last(where: { $0 != nil }) ?? nil }
    }

    /// Of training steps, or of evaluations.
    package var mode: TensorsOfStep.Mode
    /// Steps that are told, in order.
    package var steps: [Int]
    package var rows: [Row]
    /// Captured evaluations of which something is kept.
    package var evaluationCount: Int
    /// Captured steps of which something is kept, steps of the run in which nothing was captured, and what the summaries take.
    package var stepCount: Int
    package var passedOver: Int
    package var byteCount: Int
    /// Captured steps that were left out again for want of room.
    package var thinnedCount: Int
    /// What the newest captured step spent its time on.
    package var spent: [StepPart: Double]

    package init(
        mode: TensorsOfStep.Mode = .train, steps: [Int], rows: [Row], stepCount: Int, evaluationCount: Int = 0, passedOver: Int,
        byteCount: Int, thinnedCount: Int, spent: [StepPart: Double]
    ) {
        (self.mode, self.evaluationCount) = (mode, evaluationCount)
        (self.steps, self.rows, self.stepCount, self.passedOver) = (steps, rows, stepCount, passedOver)
        (self.byteCount, self.thinnedCount, self.spent) = (byteCount, thinnedCount, spent)
    }
}

/// Asks what is kept of a run's tensors.
package struct ReadTensors: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true
    /// Steps that are told at most: as many as a row has room for.
    package static let mostSteps = 64

    package let run: RunID
    package let mode: TensorsOfStep.Mode

    package init(_ run: RunID, _ mode: TensorsOfStep.Mode = .train) { (self.run, self.mode) = (run, mode) }

    package func take(_ answer: TensorOverview, into state: inout AppState) -> [Effect] {
        state.changeScreen(TensorsPage.self) { page, _ in page.take(answer) }
        return []
    }
}

/// What one tensor was like at a captured step.
package struct TensorPoint: Hashable, Sendable {
    package var step: Int
    package var epoch: Double
    package var summary: TensorSummary

    package init(step: Int, epoch: Double, summary: TensorSummary) {
        (self.step, self.epoch, self.summary) = (step, epoch, summary)
    }
}

/// Asks for one tensor over all captured steps of training, or over all evaluations.
package struct ReadTensor: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    package let run: RunID
    package let name: String
    package let mode: TensorsOfStep.Mode

    package init(_ run: RunID, _ name: String, _ mode: TensorsOfStep.Mode = .train) {
        (self.run, self.name, self.mode) = (run, name, mode)
    }

    package func take(_ answer: [TensorPoint], into state: inout AppState) -> [Effect] {
        state.changeScreen(TensorPage.self) { page, _ in page.take(answer) }
        return []
    }
}
