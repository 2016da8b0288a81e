/// Finds what somebody may have meant.
public enum NearestName {
    private static let longest = 200

    /// The candidates closest to a misspelt name, nearest first; none if all are too different.
    public static func suggestions(for name: String, among candidates: [String], limit: Int = 1) -> [String] {
        // Whatever is longer was not mistyped, and comparing it takes the product of the lengths.
        guard name.utf8.count <= longest else { return [] }
        let wanted = Array(name.lowercased())
        let allowed = max(1, wanted.count / 3 + 1)
        return
            candidates.enumerated()
            .filter { $0.element.utf8.count <= longest }
            .map { (distance(wanted, Array($1.lowercased())), $0, $1) }
            .filter { $0.0 <= allowed || ($0.2.lowercased().hasPrefix(name.lowercased()) && wanted.count > 1) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .prefix(limit)
            .map { $0.2 }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours between two words.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                var best = min(previous[column + 1] + 1, current[column] + 1)
                best = min(best, previous[column] + (first[row] == second[column] ? 0 : 1))
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[second.count]
    }
}
