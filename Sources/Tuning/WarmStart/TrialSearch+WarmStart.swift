import MetricDirections

extension TrialSearch {
    /// How many of the best earlier configurations are tried first, where there are fewer searches than that.
    private static let startCount = 3
    private static let closeness = 0.1

    /// Earlier searches in the space of this one.
    /// - Throws: `TuningError` where nothing would come of it.
    static func placed(
        _ warmStart: WarmStart, in space: SearchSpace, _ strategy: SearchStrategy, _ direction: MetricDirection
    ) throws(TuningError) -> [PlacedSearch] {
        guard strategy.isModelled else {
            throw TuningError(
                .strategy,
                "\(strategy.rawValue) learns nothing from earlier searches: leave out --warm-start, or search by bayesian, tpe, asha "
                    + "or hyperband")
        }
        guard warmStart.searches.count <= WarmStart.mostSearches else {
            throw TuningError(
                .strategy, "\(warmStart.searches.count) searches to begin with: give at most \(WarmStart.mostSearches)")
        }
        let placed = warmStart.searches.map { search in
            PlacedSearch(search, in: space, needsAll: warmStart.kind == .identical) { direction == .maximised ? -$0 : $0 }
        }
        for search in placed where !search.isShared.contains(true) {
            throw TuningError(
                .strategy,
                "\(search.name) knows none of \(space.searched.map(\.name).joined(separator: ", ")): leave it out of --warm-start"
            )
        }
        for search in placed where search.values.isEmpty {
            throw TuningError(
                .strategy,
                "no trial of \(search.name) with a value lies in the ranges: widen them, or leave it out of --warm-start")
        }
        return placed
    }

    /// The best configurations of each in turn, those that lie close to one before left out.
    static func best(of searches: [PlacedSearch]) -> [(point: [Double], reason: String)] {
        var chosen: [(point: [Double], reason: String)] = [], left = searches.map { $0.ranked[...] }
        let count = searches.isEmpty ? 0 : max(startCount, searches.count)
        while chosen.count < count, left.contains(where: { !$0.isEmpty }) {
            for place in left.indices where chosen.count < count {
                left[place] = left[place].drop { point in
                    chosen.contains { AcquisitionSearch.lie(point, $0.point, within: closeness) }
                }
                guard let point = left[place].popFirst() else { continue }
                chosen.append((point, "the best of \(searches[place].name)"))
            }
        }
        return chosen
    }
}
