/// What runs have in common that are alike but for their seed: what was asked for, and the data it was asked of.
public struct SeedGroup: Hashable, Sendable {
    private let request: JobRequest
    private let dataFingerprint: String

    /// - Returns: nil for a fork, which began with what another run had learned.
    public init?(_ record: RunRecord) {
        guard record.fork == nil else { return nil }
        request = record.request.withoutSeed
        dataFingerprint = record.dataFingerprint
    }
}

extension RunSummary {
    /// Whether two runs are alike but for their seed: the same settings on the same data, neither forked.
    public func isSeedSibling(of other: RunSummary) -> Bool {
        guard record.seed != other.record.seed, let group = SeedGroup(record) else { return false }
        return group == SeedGroup(other.record)
    }
}
