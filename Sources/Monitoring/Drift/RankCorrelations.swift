import Glibc
import JSON
import Numerics
import Tables

/// How columns go together: Spearman's rank correlation of every pair of columns of numbers, and of texts with two values.
///
/// What changes here no column shows by itself.
public struct RankCorrelations: Sendable, Hashable {
    public private(set) var names: [String]
    /// By pair, in the order (0, 1), (0, 2), …, (1, 2), …; NaN where either column is constant.
    public private(set) var values: [Double]
    /// Rows that have both values of a pair.
    public private(set) var counts: [Int]
    /// Of columns of texts with two values the one that counts as the greater.
    public private(set) var greater: [String: String]

    /// More columns are left out: the first ones stay.
    static let mostColumns = 60

    /// - Parameter baseline: what is compared: its columns and its order of two values; nil = what the table has.
    public init(_ table: Table, as baseline: RankCorrelations? = nil) {
        (names, values, counts, greater) = ([], [], [], baseline?.greater ?? [:])
        var columns: [[Double]] = []
        for column in table.columns where names.count < Self.mostColumns {
            if let baseline, !baseline.names.contains(column.name) { continue }
            guard let numbers = Self.numbers(column, &greater, isGiven: baseline != nil) else { continue }
            names.append(column.name)
            columns.append(numbers)
        }
        for first in columns.indices {
            for second in columns.indices where second > first {
                let rows = columns[first].indices.filter { columns[first][$0].isFinite && columns[second][$0].isFinite }
                values.append(Self.correlation(rows.map { columns[first][$0] }, rows.map { columns[second][$0] }))
                counts.append(rows.count)
            }
        }
    }

    init(names: [String], values: [Double], counts: [Int], greater: [String: String]) {
        (self.names, self.values, self.counts, self.greater) = (names, values, counts, greater)
    }

    private static func numbers(_ column: Column, _ greater: inout [String: String], isGiven: Bool) -> [Double]? {
        switch column.storage {
        case .numbers(let numbers): return column.kind == .date ? nil : numbers
        case .codes(let codes, let dictionary):
            if !isGiven {
                let used = Set(codes.filter { $0 >= 0 }).map { dictionary[Int($0)] }.sorted()
                guard used.count == 2 else { return nil }
                greater[column.name] = used[1]
            }
            guard let one = greater[column.name] else { return nil }
            let known = dictionary.map { $0 == one ? 1.0 : 0 }
            return codes.map { $0 < 0 ? .nan : known[Int($0)] }
        }
    }

    private static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        let left = Statistics.ranks(first), right = Statistics.ranks(second)
        guard Set(left).count > 1, Set(right).count > 1 else { return .nan }
        return Statistics.correlation(left, right)
    }
}

/// Two columns that go together otherwise than they did.
public struct PairDrift: Sendable, Hashable {
    public var first: String, second: String
    public var before: Double, now: Double
    /// How likely chance alone is to bring it.
    public var chance: Double
}

extension RankCorrelations {
    /// A change below this is not told, however sure it is.
    private static let leastChange = 0.15

    /// The pairs that go together otherwise than in a baseline, the surest first.
    ///
    /// - Parameter falseAlarms: of how many comparisons in 1 chance may bring a pair.
    /// - Source: Fisher's transformation, with the variance of ranks by Fieller, Hartley and Pearson (1957), 1.06 / (n − 3).
    public func drift(from before: RankCorrelations, falseAlarms: Double) -> [PairDrift] {
        let mine = byPair, theirs = before.byPair
        guard !theirs.isEmpty else { return [] }
        let limit = falseAlarms / Double(theirs.count)
        return theirs.compactMap { pair, old -> PairDrift? in
            guard let new = mine[pair], old.count > 10, new.count > 10, !old.value.isNaN, !new.value.isNaN,
                abs(old.value - new.value) >= Self.leastChange
            else { return nil }
            let error = (1.06 / Double(old.count - 3) + 1.06 / Double(new.count - 3)).squareRoot()
            let apart = abs(Self.stretched(old.value) - Self.stretched(new.value)) / error
            let chance = erfc(apart / 2.0.squareRoot())
            return chance < limit
                ? PairDrift(first: pair.first, second: pair.second, before: old.value, now: new.value, chance: chance) : nil
        }.sorted { ($0.chance, $0.first, $0.second) < ($1.chance, $1.first, $1.second) }
    }

    private struct Pair: Hashable {
        var first: String, second: String
    }

    private static func stretched(_ value: Double) -> Double { atanh(max(-0.999, min(0.999, value))) }

    private var byPair: [Pair: (value: Double, count: Int)] {
        var found: [Pair: (value: Double, count: Int)] = [:], place = 0
        for first in names.indices {
            for second in names.indices where second > first {
                found[Pair(first: names[first], second: names[second])] = (values[place], counts[place])
                place += 1
            }
        }
        return found
    }

    var json: JSONValue {
        .object([
            "names": .array(names.map { .string($0) }), "values": .array(values.map { .number($0) }),
            "counts": .array(counts.map { .integer($0) }), "greater": .object(sorted: greater.mapValues { .string($0) }),
        ])
    }

    init?(json: JSONValue) {
        guard let names = json["names"]?.array?.compactMap(\.string), Set(names).count == names.count,
            names.count <= Self.mostColumns,
            let values = json["values"]?.array?.compactMap(\.double), let counts = json["counts"]?.array?.compactMap(\.integer),
            values.count == names.count * (names.count - 1) / 2, counts.count == values.count,
            values.allSatisfy({ $0.isNaN || abs($0) <= 1 }), counts.allSatisfy({ $0 >= 0 && $0 <= 1 << 52 })
        else { return nil }
        var greater: [String: String] = [:]
        for member in json["greater"]?.members ?? [] { greater[member.name] = member.value.string }
        self.init(names: names, values: values, counts: counts, greater: greater)
    }
}
