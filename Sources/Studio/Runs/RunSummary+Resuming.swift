import Events

extension RunSummary {
    /// Whether it can go on from its last checkpoint.
    package var canResume: Bool {
        record.origin == .trained && (status == .paused || status == .stopped || status == .failed)
    }
}
