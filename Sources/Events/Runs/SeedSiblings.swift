/// Looks for runs that are alike to others but for their seed. A fork is nobody's sibling, nor is a run that was steered; one that was
/// done again counts once.
public struct SeedSiblings: Sendable {
    private let groups: Set<SeedGroup>

    /// - Parameter runs: the runs whose siblings are looked for.
    public init(of runs: some Sequence<RunRecord>) { groups = Set(runs.compactMap(SeedGroup.init)) }

    /// Whether none of them can have a sibling.
    public var isEmpty: Bool { groups.isEmpty }

    /// Whether a run is like one of them, if it was not steered: no record tells that. The runs themselves are among these.
    public func includes(_ record: RunRecord) -> Bool {
        guard record.reproduces == nil, let group = SeedGroup(record) else { return false }
        return groups.contains(group)
    }

    /// Groups of two and more, in the order of their first runs; of runs with the same seed the first counts, which leaves out what was
    /// done again.
    /// - Parameter isSteered: whether settings were changed while a run trained.
    public static func groups(of runs: [RunSummary], isSteered: (RunID) -> Bool) -> [[RunSummary]] {
        var order: [SeedGroup] = []
        var groups: [SeedGroup: [RunSummary]] = [:]
        for run in runs where !isSteered(run.record.id) {
            guard let group = SeedGroup(run.record) else { continue }
            if groups[group] == nil { order.append(group) }
            if groups[group]?.contains(where: { $0.record.seed == run.record.seed }) ?? false { continue }
            groups[group, default: []].append(run)
        }
        return order.compactMap { groups[$0] }.filter { $0.count > 1 }
    }
}
