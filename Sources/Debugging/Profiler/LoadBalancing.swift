import CheckedNumbers
import Events
import Glibc
import Hyperparameters

/// Graphics processors are not equally busy.
///
/// SageMaker's compares the last one with itself only, so that it never fires. Here every pair is compared.
public struct LoadBalancing: ProfilerRule {
    public static let name = "LoadBalancing"
    public static let summary = "graphics processors are not equally busy"
    public static let parameters = [
        Hyperparameter(
            "threshold", .fraction, default: "0.5",
            "the square root of the Jensen-Shannon divergence of two of them, at most 0.83"),
        Hyperparameter("patience", .count, default: "100", "half seconds that are looked at, at least"),
    ]
    private let threshold: Double
    var watch: ProfilerWatch

    public init(_ parameters: RuleParameters) {
        threshold = parameters.number("threshold")
        watch = ProfilerWatch(seconds: parameters.number("patience") / 2, window: 300)
    }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 && slice.machine.graphics.count > 1 }

    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook {
        let histograms = slice.machine.graphics.indices.map(histogram)
        var worst: (left: Int, right: Int, distance: Double)?
        for left in histograms.indices {
            for right in histograms.indices.dropFirst(left + 1) {
                let distance = Self.distance(histograms[left], histograms[right])
                if distance > worst?.distance ?? threshold { worst = (left, right, distance) }
            }
        }
        guard let worst else { return .well }
        func mean(_ index: Int) -> Double {
            window.mean { $0.graphics(at: index)?.percent } ?? 0
        }
        return .ill(
            Alert(
                rule: Self.name, severity: .info, step: slice.step,
                summary:
                    "graphics processor \(worst.left) is busy to \(rounded(mean(worst.left))) %, \(worst.right) to \(rounded(mean(worst.right))) %",
                evidence: [.init("distance", worst.distance), .init("threshold", threshold)],
                cause: "one of them gets more of each batch, or does more beside it",
                remedies: [
                    .init(
                        "spread batches evenly: DistributedDataParallel instead of DataParallel, one process a graphics processor"
                    )
                ],
                sampleSize: Int(nearestWithin: window.covered)))
    }

    /// Share of the time by how busy one is, in steps of ten points.
    private func histogram(of index: Int) -> [Double] {
        var bins = [Double](repeating: 0, count: 11)
        for slice in window.slices {
            guard let busy = slice.machine.graphics(at: index)?.percent else { continue }
            bins[min(10, max(0, Int(roundedDownWithin: busy / 10)))] += slice.seconds
        }
        let sum = bins.reduce(0, +)
        return sum > 0 ? bins.map { $0 / sum } : bins
    }

    /// - Range: 0 to the root of the natural logarithm of 2.
    static func distance(_ left: [Double], _ right: [Double]) -> Double {
        func divergence(_ one: [Double], _ middle: [Double]) -> Double {
            zip(one, middle).reduce(0) { $1.0 > 0 && $1.1 > 0 ? $0 + $1.0 * log($1.0 / $1.1) : $0 }
        }
        let middle = zip(left, right).map { ($0 + $1) / 2 }
        return sqrt(max(0, (divergence(left, middle) + divergence(right, middle)) / 2))
    }
}
