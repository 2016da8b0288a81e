import Events

/// What an alert rests on, beside the run's curves.
package struct AlertEvidence: Sendable {
    /// What the run was trained on, as it was told when it began.
    package var data: TrainingDataSummary?
    /// The target over the rows in their order, or over the column that the alert is about.
    package var course: TargetCourse?
    /// The widest and the narrowest features: their names and standard deviations, the widest first.
    package var scales: [(name: String, deviation: Double)] = []
    /// What the tensor that the alert is about was like, by step.
    package var tensor: [TensorPoint] = []
    /// Why there is no picture of the data; empty where there is one, or none is wanted.
    package var refusal = ""

    package init() {}
}

/// Looks for what shows an alert's evidence: in the workspace, and in the data file where the alert is about data.
package struct FindEvidence: StudioQuery {
    package static let lane = QueryLane.files

    package let run: RunID
    package let alert: Alert

    package init(_ run: RunID, _ alert: Alert) { (self.run, self.alert) = (run, alert) }

    package var slot: QuerySlot { QuerySlot(of: Self.self, "\(run) \(alert.rule) \(alert.step)") }

    package func take(_ answer: AlertEvidence, into state: inout AppState) -> [Effect] {
        state.changeScreen(AlertPage.self) { page, _ in page.take(answer) }
        return []
    }
}
