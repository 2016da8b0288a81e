import Glibc

/// What the learning rate is multiplied by, step by step.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The shapes it may have.
    public enum Shape: String, Sendable, Hashable, CaseIterable {
        /// 1.
        case constant
        /// A factor every so many steps.
        case step
        /// Half a cosine wave, from 1 to 0.
        ///
        /// - Source: Loshchilov and Hutter, "SGDR" (2017), equation 5, without restarts.
        case cosine
        /// Up along a cosine from 1/25 to 1 over the first 30 % of the steps, then down to 1/250,000.
        ///
        /// - Source: Smith and Topin, "Super-convergence" (2018), in PyTorch's form.
        case oneCycle = "one_cycle"
        /// A factor whenever the loss stays where it is for some epochs; the trainer applies it.
        case plateau
    }

    public var shape: Shape
    /// Steps in all.
    public var plannedSteps: Int
    /// Steps over which the rate rises evenly to its full height first.
    public var warmupSteps: Int
    /// `step`: how often it falls. `step` and `plateau`: by which factor.
    public var fallSteps: Int, factor: Double

    /// The multiplier of a step, counted from 0.
    ///
    /// - Range: over 0, at most 1.
    public func multiplier(step: Int) -> Double {
        if step < warmupSteps { return Double(step + 1) / Double(warmupSteps + 1) }
        let done = Double(step - warmupSteps), all = Double(max(1, plannedSteps - warmupSteps))
        let value: Double =
            switch shape {
            case .constant, .plateau: 1
            case .step: pow(factor, Double((step - warmupSteps) / fallSteps))
            case .cosine: Self.between(1, 0, min(1, done / all))
            case .oneCycle:
                done < 0.3 * all
                    ? Self.between(0.04, 1, done / (0.3 * all)) : Self.between(1, 4e-6, min(1, (done / all - 0.3) / 0.7))
            }
        return max(1e-9, value)
    }

    private static func between(_ start: Double, _ end: Double, _ part: Double) -> Double {
        end + (start - end) * (1 + cos(Double.pi * part)) / 2
    }
}

/// Lowers the learning rate when a loss no longer falls; asked once an epoch.
struct Plateau: Sendable, Hashable {
    /// Epochs without improvement before the rate falls.
    let patience: Int
    let factor: Double
    private(set) var scale = 1.0
    private(set) var best = Double.infinity
    private(set) var badCount = 0

    init(patience: Int, factor: Double) {
        self.patience = patience
        self.factor = factor
    }

    /// A loss counts as better when it is so by one in ten thousand, as in PyTorch.
    mutating func observe(_ loss: Double) {
        if loss < best * (1 - 1e-4) {
            (best, badCount) = (loss, 0)
        } else {
            badCount += 1
        }
        if badCount > patience {
            scale *= factor
            badCount = 0
        }
    }

    mutating func restore(scale: Double, best: Double, badCount: Int) {
        (self.scale, self.best, self.badCount) = (scale, best, badCount)
    }
}
