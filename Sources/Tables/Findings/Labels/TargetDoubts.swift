import CheckedNumbers
import Numerics

/// What speaks against targets as they stand in a table: labels that contradict rows like them, numbers in other units.
struct TargetDoubts {
    private(set) var found: [TableFinding] = []

    /// Rows that are held to each other, at most; they are evenly spread.
    private static let rowLimit = 1000
    private static let leastRows = 60, leastDistinct = 20, mostClasses = 50
    /// Of what is to be told, what must be left untold for a word about it.
    private static let leastUntold = 0.05

    /// - Parameters:
    ///   - features: what is learned from, without columns that tell the target.
    ///   - rows: those that may be looked at.
    init(_ features: [Column], _ target: Column, rows: [Int], asClasses: Bool) {
        guard LinearAlgebraLibrary.isUsable, let all = FoundTarget(target, rows: rows, asClasses: asClasses) else { return }
        switch all {
        case .classes(let classes, let count):
            let present = rows.indices.filter { classes[$0] >= 0 }
            lookForContradictions(features, target, present.map { rows[$0] })
            let places = Self.thinned(present), kept = places.map { rows[$0] }
            let own = places.map { classes[$0] }
            guard kept.count >= Self.leastRows, count <= Self.mostClasses, let plain = PlainFeatures(features, rows: kept),
                let votes = HeldOutVotes(plain, own, count)
            else { return }
            if let noise = LabelNoise(votes, classes: own, classCount: count) {
                let isOneColumn = Self.oneColumnTells(features, kept, own, classCount: count, as: noise)
                take(noise, target.name, kept, isSure: noise.isSure && !isOneColumn)
            } else {
                takeUntold(votes.contradictions(own), of: kept, target.name)
            }
        case .numbers(let numbers):
            // Numbers of rows that are alike differ by nature.
            let present = rows.indices.filter { numbers[$0].isFinite }
            let places = Self.thinned(present), kept = places.map { rows[$0] }, wanted = places.map { numbers[$0] }
            guard kept.count >= Self.leastRows, Set(wanted).count >= Self.leastDistinct,
                let plain = PlainFeatures(features, rows: kept), let residuals = HeldOutResiduals(plain, wanted)
            else { return }
            take(residuals, wanted, target.name, kept)
        }
    }

    private static func thinned(_ places: [Int]) -> [Int] {
        guard places.count > rowLimit else { return places }
        return (0..<rowLimit).map { places[$0 * places.count / rowLimit] }
    }

    /// Whether a column of few levels says as much by itself as rows that are alike.
    private static func oneColumnTells(
        _ features: [Column], _ rows: [Int], _ classes: [Int32], classCount: Int, as noise: LabelNoise
    ) -> Bool {
        let right = classes.count - noise.places.count
        return features.contains { column in
            guard let levels = Levels(column, rows), levels.count <= 12 else { return false }
            var counts = [Int](repeating: 0, count: levels.count * classCount)
            for (row, level) in levels.values.enumerated() where level >= 0 {
                counts[Int(level) * classCount + Int(classes[row])] += 1
            }
            let own = (0..<levels.count).reduce(0) { $0 + (counts[$1 * classCount..<($1 + 1) * classCount].max() ?? 0) }
            return own * 50 >= right * 49
        }
    }

    private mutating func take(_ noise: LabelNoise, _ name: String, _ rows: [Int], isSure: Bool) {
        let (low, high) = (noise.share.lowerBound, noise.share.upperBound)
        let range = "between \(Int(nearestWithin: low * 100)) and \(Int(nearestWithin: high * 100)) % of the values of \(name)"
        var finding = TableFinding(
            isSure ? .labelNoise : .possibleLabelNoise, [name],
            [
                ("share at least", low), ("at most", high), ("wrong where it is sure, by wrong in all", noise.evenness),
                ("told of what can be told", min(1, noise.told)),
            ], "\(range) contradict rows that are alike")
        finding.rows = noise.places.map { rows[$0] + 1 }
        found.append(finding)
    }

    private mutating func take(_ residuals: HeldOutResiduals, _ numbers: [Double], _ name: String, _ rows: [Int]) {
        if let units = WrongUnits(residuals, numbers) {
            let what =
                units.factor < 0
                ? "have the sign turned"
                : units.factor > 1
                    ? "are \(Column.text(of: units.factor)) times too large"
                    : "are \(Column.text(of: (1 / units.factor).rounded())) times too small"
            var finding = TableFinding(
                .wrongUnits, [name],
                [("factor", units.factor), ("rows", Double(units.places.count)), ("of the strays", units.share)],
                "\(units.places.count) values of \(name) \(what), by what rows like them have")
            finding.rows = units.places.map { rows[$0] + 1 }
            found.append(finding)
        } else if let noise = TargetNoise(residuals) {
            var finding = TableFinding(
                .labelNoise, [name],
                [("share of targets", noise.share), ("twice the log likelihood, by rows", noise.gainPerRow)],
                "about \(Int(nearestWithin: noise.share * 100)) % of the values of \(name) have nothing to do with their rows")
            finding.rows = noise.places.map { rows[$0] + 1 }
            found.append(finding)
        } else {
            takeUntold(residuals.strays, of: rows, name)
        }
    }

    /// - Parameter places: of targets that are not what rows like theirs say, the farthest off first.
    private mutating func takeUntold(_ places: [Int], of rows: [Int], _ name: String) {
        let share = Double(places.count) / Double(rows.count)
        guard share >= Self.leastUntold else { return }
        var finding = TableFinding(
            .untoldTargets, [name], [("rows", Double(places.count)), ("share of the rows", share)],
            "\(places.count) of \(rows.count) values of \(name) are not what rows like theirs say")
        finding.rows = places.map { rows[$0] + 1 }
        found.append(finding)
    }

    private mutating func lookForContradictions(_ features: [Column], _ target: Column, _ rows: [Int]) {
        let targets = RowHashes([target], rowCount: target.rowCount).values
        guard let rowsAlike = ContradictingRows(features, rows: rows, targets: rows.map { targets[$0] }) else { return }
        var finding = TableFinding(
            .contradictions, [target.name],
            [("rows", Double(rowsAlike.places.count)), ("rows that have others like them", Double(rowsAlike.repeated))],
            "\(rowsAlike.places.count) rows are like others in every feature and differ in \(target.name)")
        finding.rows = rowsAlike.places.map { rows[$0] + 1 }
        found.append(finding)
    }
}
