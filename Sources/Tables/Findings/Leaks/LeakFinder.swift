import CheckedNumbers
import Numerics

/// Looks for columns that tell the target by themselves, each in the same ways.
struct LeakFinder {
    private let target: Column
    private let rows: [Int]
    private let asClasses: Bool
    private let found: FoundTarget
    /// The best of the columns that tell no more than a feature may.
    private(set) var best: BestColumn?
    /// Columns that tell the target, and the figure that says so.
    private(set) var leaks: [Leak] = []
    /// Columns that may tell it, by how they are wrong.
    private var candidates: [(column: Column, copy: NoisyCopy, lossShare: Double)] = []
    /// A column that tells the target, and the figure that says so.
    struct Leak {
        var column: String
        var figure: (String, Double)
        var summary: String
        /// Whether it may be an honest feature all the same.
        var isUnsure = false
    }

    /// Columns that name the rows and tell the target.
    private(set) var identifiers: [(column: String, power: Double)] = []

    /// What a column tells at least that is a leak: healthy tables stay under it. The same of whether it has a value at all.
    static let threshold = 0.95, missingThreshold = 0.35
    private static let leastCorrelation = 0.99
    /// What the name of a row may not tell.
    private static let identifierThreshold = 0.3

    init?(_ target: Column, rows: [Int], asClasses: Bool) {
        guard let found = FoundTarget(target, rows: rows, asClasses: asClasses) else { return nil }
        (self.target, self.rows, self.asClasses, self.found) = (target, rows, asClasses, found)
    }

    mutating func look(at column: Column) {
        let bins = ColumnBins(column, rows: rows)
        guard bins.count > 2 || column.missingCount > 0, let power = ColumnPower(bins, found) else { return }
        if RowNames.warning(column, rows: rows) != nil {
            if power.power >= Self.identifierThreshold { identifiers.append((column.name, power.power)) }
            return
        }
        if let leak = leak(column, power) {
            leaks.append(Leak(column: column.name, figure: leak.figure, summary: leak.summary))
            return
        }
        if case .classes(let classes, let count) = found,
            let copy = NoisyCopy(column, target, rows: rows, classes: classes, classCount: count)
        {
            candidates.append((column, copy, power.lossShare))
        } else {
            takeHonest(column, power.lossShare)
        }
    }

    private mutating func takeHonest(_ column: Column, _ lossShare: Double) {
        if lossShare < best?.lossShare ?? 1 { best = BestColumn(name: column.name, lossShare: lossShare) }
    }

    /// Looks at columns that may be copies beside all others, once these were looked at.
    mutating func judge(beside features: ArraySlice<Column>) {
        guard case .classes(let classes, let count) = found, !candidates.isEmpty else { return }
        // Of texts with many values each comes too seldom to say anything, and what is left out as a leak says it all.
        let others = features.filter { $0.dictionary.map { $0.count <= Self.levelLimit } ?? true }
            .prefix(Self.otherLimit).map { ($0.name, ColumnBins($0, rows: rows)) }
        for (column, copy, lossShare) in candidates {
            let beside = others.filter { $0.0 != column.name }.map(\.1)
            guard copy.isWrongByChance(classes: classes, beside: beside) else {
                takeHonest(column, lossShare)
                continue
            }
            leaks.append(
                Leak(
                    column: column.name, figure: ("rows in which it says the class", copy.agreement),
                    summary:
                        "\(column.name) says \(target.name) in \(Self.percent(copy.agreement)) of the rows, and in the others "
                        + "another one by chance",
                    isUnsure: !copy.hasSameNames && count == 2))
        }
    }

    private static let levelLimit = 12, otherLimit = 100

    private func leak(_ column: Column, _ power: ColumnPower) -> (figure: (String, Double), summary: String)? {
        let name = column.name
        if power.power >= Self.threshold {
            let share = power.power > 0.9995 ? "" : "\(Self.percent(power.power)) of "
            return (("told by the column alone", power.power), "\(name) alone tells \(share)\(target.name)")
        }
        if let copy = PartialCopy(column, target, rows: rows, asClasses: asClasses) {
            return (
                ("rows in which it says the target exactly", copy.share),
                "\(name) says \(target.name) exactly in \(Self.percent(copy.share)) of the rows"
            )
        }
        if let told = toldWherePresent(column) {
            return (
                ("told by the column alone where it has a value", told),
                "where \(name) has a value it tells \(Self.percent(told)) of \(target.name)"
            )
        }
        // Of few rows bins are too coarse to say so.
        if let correlation = correlation(column), abs(correlation) > Self.leastCorrelation {
            return (("correlation", correlation), "\(name) and \(target.name) rise and fall together")
        }
        if case .numbers(let wanted) = found, column.kind != .date, let numbers = column.numbers,
            let copy = RankCopy(rows.map { numbers[$0] }, wanted)
        {
            return (
                ("rows in which it goes with the target", copy.share),
                "\(name) goes with \(target.name) to the hair in \(Self.percent(copy.share)) of the rows, and not at all in others"
            )
        }
        if let share = presenceFollows(column) {
            return (
                ("rows whose class says whether there is a value", share),
                "\(column.name) has a value in rows of some classes of \(target.name) and in those of others none"
            )
        }
        guard let presence = presence(column), presence >= Self.missingThreshold else { return nil }
        return (
            ("told by whether the column has a value", presence),
            "whether \(name) has a value tells \(Self.percent(presence)) of \(target.name)"
        )
    }

    /// With a number, or with the second of two classes; of the ranks of numbers, since a copy may be bent.
    private func correlation(_ column: Column) -> Double? {
        guard let numbers = column.numbers else { return nil }
        let own = rows.map { numbers[$0] }
        switch found {
        case .numbers(let wanted):
            let present = own.indices.filter { own[$0].isFinite && wanted[$0].isFinite }
            guard present.count >= 20, present.count * 2 >= own.count else { return nil }
            let straight = Statistics.correlation(own, wanted)
            guard abs(straight) <= Self.leastCorrelation, column.kind != .date else { return straight }
            return Statistics.correlation(
                RankCopy.places(present.map { own[$0] }).places, RankCopy.places(present.map { wanted[$0] }).places)
        case .classes(let classes, 2): return Statistics.correlation(own, classes.map { $0 < 0 ? .nan : Double($0) })
        case .classes: return nil
        }
    }

    /// What is told where the column has a value, where that is so in half of the rows, and worth a word.
    private func toldWherePresent(_ column: Column) -> Double? {
        let present = rows.filter { !column.isMissing(at: $0) }
        guard present.count * 2 >= rows.count, present.count * 50 <= rows.count * 49, present.count >= 50,
            let found = FoundTarget(target, rows: present, asClasses: asClasses),
            let power = ColumnPower(ColumnBins(column, rows: present), found)?.power, power >= Self.threshold
        else { return nil }
        return power
    }

    /// What is told by whether a column has a value.
    private func presence(_ column: Column) -> Double? {
        let codes = rows.map { column.isMissing(at: $0) ? Int32(0) : 1 }, present = codes.count { $0 == 1 }
        guard min(present, codes.count - present) >= 10 else { return nil }
        let indicator = Column(name: "", kind: .boolean, storage: .codes(codes, dictionary: ["", " "]))
        return ColumnPower(ColumnBins(indicator, rows: Array(codes.indices)), found)?.power
    }

    /// The share of rows whose class says whether the column has a value, where nearly all do: of many classes one says little of the target, and
    /// is a leak all the same.
    private func presenceFollows(_ column: Column) -> Double? {
        guard case .classes(let classes, let count) = found, count > 2 else { return nil }
        var missing = [Int](repeating: 0, count: count), present = missing
        for (place, row) in rows.enumerated() where classes[place] >= 0 {
            if column.isMissing(at: row) { missing[Int(classes[place])] += 1 } else { present[Int(classes[place])] += 1 }
        }
        let rest = zip(missing, present).reduce(0) { $0 + min($1.0, $1.1) }
        let less = min(missing.reduce(0, +), present.reduce(0, +))
        guard less >= 10, rest * 50 <= less else { return nil }
        return 1 - Double(rest) / Double(max(1, classes.count { $0 >= 0 }))
    }

    static func percent(_ share: Double) -> String { "\(Int(roundedDownWithin: share * 100)) %" }
}
