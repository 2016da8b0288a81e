import CheckedNumbers
import Glibc

/// What is known without features: the training rows' mean, or the shares of their classes. A model that does not beat it has
/// learned nothing.
public struct TrainingBaseline: Sendable, Hashable, Codable {
    /// Mean of a regressor's target; nil for classes.
    public let mean: Double?
    /// Share of each class; empty for a regressor. - Range: 0...1, together 1.
    public let shares: [Double]

    /// - Parameter classCount: nil for a regressor.
    public init(_ data: LabelledMatrix, classCount: Int?) {
        var sum = 0.0, total = 0.0, counts = [Double](repeating: 0, count: classCount ?? 0)
        for (row, target) in data.targets.enumerated() {
            let weight = WeightedRows.weight(row, data.weights)
            total += weight
            if classCount == nil { sum += weight * Double(target) } else { counts[Int(nearestWithin: target)] += weight }
        }
        mean = classCount == nil ? (total > 0 ? sum / total : 0) : nil
        shares = counts.map { total > 0 ? $0 / total : 0 }
    }

    /// What keeps it from being the baseline of a model of so many classes, nil for a regressor; nil = nothing.
    public func fault(classCount: Int?) -> String? {
        guard let classCount else { return mean?.isFinite == true && shares.isEmpty ? nil : "a baseline without a mean" }
        let isWhole =
            mean == nil && shares.count == classCount && shares.allSatisfy { (0...1).contains($0) }
            && abs(shares.reduce(0, +) - 1) < 1e-6
        return isWhole ? nil : "a baseline whose shares are not those of \(classCount) classes"
    }

    /// How good it is on rows, as a model would be measured.
    public func entries(of model: any LearnedModel, on data: LabelledMatrix) -> [Metrics.Entry] {
        let scores = scores(count: model.scoreCount, areLogOdds: model.givesProbabilities).map { Float($0) }
        let entries = model.entries(
            scores: (0..<data.rowCount).flatMap { _ in scores }, on: data, threshold: 0.5)
        // What the same for every row explains is nothing, whatever rounding makes of it.
        let explaining: Set = ["r2", "explained_variance", "mcc"]
        return entries.map { ($0.name, explaining.contains($0.name) && abs($0.value) < 1e-12 ? 0 : $0.value) }
    }

    /// A row's scores: the mean; log-odds, one of two classes or one a class; or which of two classes there is more of. Classes
    /// without rows are taken to be very unlikely.
    func scores(count: Int, areLogOdds: Bool = true) -> [Double] {
        if let mean { return [mean] }
        // What is no log-odds is compared with the threshold as it is.
        guard areLogOdds else { return [shares[1] >= shares[0] ? 1 : 0] }
        let logs = shares.map { log(max($0, 1e-12)) }
        return count == 1 ? [logs[1] - logs[0]] : logs
    }
}
