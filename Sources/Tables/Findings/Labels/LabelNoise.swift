import CheckedNumbers
import Glibc
import Numerics

/// Labels that contradict the rows around them where these agree.
///
/// Where an outcome is open, errors are many between the classes and few amid one of them: the surer a model is, the seldomer it is wrong. Wrong
/// labels are as many where it is sure. So the rows that a model of the others is surest of, half of those it gives to each class, are held to
/// the rest: what is nearly as often wrong there, of classes that are told apart well but for that, is wrong labels. A column of
/// few levels that tells as much by itself is as sure everywhere, and its errors may be an open outcome.
/// - Source: the idea of contradictions of held-out rows is that of Northcutt, Jiang and Chuang, "Confident learning" (2021).
struct LabelNoise {
    /// The share of labels that contradict, from and to: Wilson's interval of 95 %.
    let share: ClosedRange<Double>
    /// Whether it is hardly an open outcome.
    let isSure: Bool
    /// Places of the rows that contradict, the most doubtful first.
    let places: [Int]
    /// Errors of the surest rows by those of all, and how much of what can be told but for them is told.
    let evenness: Double, told: Double

    private static let leastContradictions = 5, leastOfClass = 10
    /// How unlikely it may be that contradictions are spread over the classes as they are.
    private static let leastLikelihood = 0.05
    private static let leastEvenness = 0.6, leastTold = 0.65, leastScore = 0.55, sureScore = 0.7
    /// What must be told of the classes beyond the largest one's share, in shares of the rows.
    private static let leastGain = 0.08

    /// - Parameter classes: the class of each row, none missing.
    /// - Returns: nil where nothing says that labels are wrong.
    init?(_ votes: HeldOutVotes, classes: [Int32], classCount: Int) {
        let rowCount = classes.count
        var counts = [Double](repeating: 0, count: classCount)
        for label in classes { counts[Int(label)] += 1 }
        let largest = (counts.max() ?? 0) / Double(rowCount), accuracy = votes.accuracy
        let surest = votes.surest(leastOfClass: Self.leastOfClass)
        guard surest.classCount * 5 >= counts.count(where: { $0 >= Double(Self.leastOfClass) }) * 4 else { return nil }
        let wrong = surest.rows.count { votes.said[$0] != classes[$0] }
        let deviation = (largest * (1 - largest) / Double(rowCount)).squareRoot()
        guard wrong >= Self.leastContradictions, accuracy - largest >= max(Self.leastGain, 4 * deviation) else { return nil }
        let floor = Double(wrong) / Double(surest.rows.count)
        told = (accuracy - largest) / max(1e-9, 1 - floor - largest)
        evenness = floor / max(1e-9, 1 - accuracy)
        let score = min(told, 1) * min(evenness, 1)
        guard told >= Self.leastTold, evenness >= Self.leastEvenness, score >= Self.leastScore else { return nil }
        isSure = score >= Self.sureScore && Self.isByChance(votes.said, classes, surest.rows, counts)
        share = Wilson.interval(wrong, of: surest.rows.count)
        places = votes.contradictions(classes)
    }

    /// Whether rows said to be of each class contradict as often as by chance: all alike, or as a label drawn from all would.
    private static func isByChance(_ said: [Int32], _ classes: [Int32], _ rows: [Int], _ counts: [Double]) -> Bool {
        var sizes = [Double](repeating: 0, count: counts.count), wrong = sizes
        for row in rows {
            sizes[Int(said[row])] += 1
            if said[row] != classes[row] { wrong[Int(said[row])] += 1 }
        }
        let all = wrong.reduce(0, +), used = counts.indices.filter { sizes[$0] > 0 }
        let likelihood = { (weight: (Int) -> Double) -> Double in
            let whole = used.reduce(0) { $0 + sizes[$1] * weight($1) }
            let distance = used.reduce(0.0) { sum, label in
                let expected = max(1e-9, all * sizes[label] * weight(label) / max(1e-12, whole))
                let rest = max(1e-9, sizes[label] - expected), gap = wrong[label] - expected
                return sum + gap * gap / expected + gap * gap / rest
            }
            return ChiSquare.tail(distance, freedom: Double(max(1, used.count - 1)))
        }
        let rowCount = Double(classes.count)
        return max(likelihood { _ in 1 }, likelihood { 1 - counts[$0] / rowCount }) >= leastLikelihood
    }
}

/// What the rows around each row, or lines through the others, say of its class: whichever is right more often.
struct HeldOutVotes {
    /// - Shape: [rows, classes].
    let shares: [Double]
    let said: [Int32]
    let accuracy: Double
    private let classCount: Int

    init?(_ features: PlainFeatures, _ classes: [Int32], _ classCount: Int) {
        let rowCount = classes.count
        var indicators = [Double](repeating: 0, count: rowCount * classCount)
        for (row, label) in classes.enumerated() { indicators[row * classCount + Int(label)] = 1 }
        let nearest = NearestRows(features, rowCount: rowCount, count: 30)
        var candidates: [[Double]] = []
        for count in [10, 30] where rowCount >= 8 * count {
            var shares = [Double](repeating: 0, count: rowCount * classCount)
            for row in 0..<rowCount {
                for other in nearest.rows(nextTo: row, count) {
                    shares[row * classCount + Int(classes[Int(other)])] += 1 / Double(count)
                }
            }
            candidates.append(shares)
        }
        candidates += [HeldOutLines(features, rowCount: rowCount).told(indicators, outcomes: classCount)].compactMap { $0 }
        var best: (accuracy: Double, shares: [Double], said: [Int32])?
        for shares in candidates {
            let said = (0..<rowCount).map { row in
                Int32((0..<classCount).max { shares[row * classCount + $0] < shares[row * classCount + $1] } ?? 0)
            }
            let accuracy = Double(zip(said, classes).count { $0 == $1 }) / Double(rowCount)
            if accuracy > best?.accuracy ?? -1 { best = (accuracy, shares, said) }
        }
        guard let best else { return nil }
        (accuracy, shares, said, self.classCount) = (best.accuracy, best.shares, best.said, classCount)
    }

    /// By how much the class said is ahead of the next one.
    private func lead(_ row: Int) -> Double {
        let own = shares[row * classCount + Int(said[row])]
        let next = (0..<classCount).filter { $0 != Int(said[row]) }.map { shares[row * classCount + $0] }.max() ?? 0
        return own - next
    }

    /// Of the rows given to each class the surer half, and of how many classes there are enough.
    func surest(leastOfClass: Int) -> (rows: [Int], classCount: Int) {
        // Those that are equally sure in an order of chance.
        var random = RandomSource(seed: 3)
        let leads = said.indices.map { lead($0) + 1e-6 * random.uniform() }
        var rows: [Int] = [], count = 0
        for label in 0..<classCount {
            let own = said.indices.filter { Int(said[$0]) == label }.sorted { leads[$0] > leads[$1] }
            guard own.count >= leastOfClass else { continue }
            rows += own.prefix(own.count / 2)
            count += 1
        }
        return (rows, count)
    }

    /// Rows that are called otherwise than said, by how much more is said for the other class.
    func contradictions(_ classes: [Int32]) -> [Int] {
        let doubt = classes.indices.map { shares[$0 * classCount + Int(said[$0])] - shares[$0 * classCount + Int(classes[$0])] }
        return classes.indices.filter { said[$0] != classes[$0] }.sorted { (-doubt[$0], $0) < (-doubt[$1], $1) }
    }
}

/// The interval of a share that was counted.
enum Wilson {
    /// - Source: Wilson (1927), 95 %.
    static func interval(_ hits: Int, of count: Int) -> ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let z = 1.96, n = Double(count), share = Double(hits) / n
        let middle = share + z * z / (2 * n), spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, (middle - spread) / (1 + z * z / n))...min(1, (middle + spread) / (1 + z * z / n))
    }
}
