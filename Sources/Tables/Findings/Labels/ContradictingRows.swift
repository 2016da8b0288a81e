import Numerics

/// Rows that are alike in every feature and differ in the target.
///
/// Where features are few and discrete that is how outcomes are. So the feature with the most values must tell rows apart: two rows may agree in it as
/// seldom as in one of a hundred.
struct ContradictingRows {
    /// Places of rows whose target is not that of most rows like them.
    let places: [Int]
    /// Rows that have others like them.
    let repeated: Int

    private static let mostAgreement = 0.01, leastColumns = 2, leastPlaces = 2, leastShare = 0.001

    /// - Parameter targets: the target of each row as a number that is equal where it is.
    init?(_ features: [Column], rows: [Int], targets: [UInt64]) {
        guard features.count >= Self.leastColumns, let count = features.first?.rowCount else { return nil }
        let isTelling = features.contains { column in
            var counts: [UInt64: Int] = [:]
            let hashes = RowHashes([column], rowCount: count).values
            for row in rows where !column.isMissing(at: row) { counts[hashes[row], default: 0] += 1 }
            let pairs = counts.values.reduce(0.0) { $0 + Double($1) * Double($1 - 1) }
            return counts.count >= 20 && pairs <= Self.mostAgreement * Double(rows.count) * Double(rows.count - 1)
        }
        guard isTelling else { return nil }
        let hashes = RowHashes(features, rowCount: count).values
        var alike: [UInt64: [Int]] = [:]
        for (place, row) in rows.enumerated() { alike[hashes[row], default: []].append(place) }
        var places: [Int] = [], repeated = 0
        for group in alike.values where group.count > 1 {
            repeated += group.count
            var counts: [UInt64: Int] = [:]
            for place in group { counts[targets[place], default: 0] += 1 }
            guard counts.count > 1, let most = counts.values.max() else { continue }
            // Of two that are as many nobody knows which is right.
            let isTied = counts.values.count { $0 == most } > 1
            places += group.filter { isTied || counts[targets[$0], default: 0] < most }
        }
        guard places.count >= Self.leastPlaces, Double(places.count) >= Self.leastShare * Double(rows.count) else { return nil }
        (self.places, self.repeated) = (places.sorted(), repeated)
    }
}
