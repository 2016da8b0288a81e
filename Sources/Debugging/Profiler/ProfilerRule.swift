import CheckedNumbers
import Events
import Hyperparameters

/// A rule that looks at where a run's time goes, slice by slice.
protocol ProfilerRule: ParameterisedRule {
    /// How it stands from look to look, and the newest slices that it looks at.
    var watch: ProfilerWatch { get set }
    /// Whether a slice tells it anything; others are passed over. By default those in which steps ended do: a start has other work.
    func counts(_ slice: ProfileSlice) -> Bool
    /// Looks at the newest slice, which is in the window already.
    mutating func look(at slice: ProfileSlice, of run: RunRecord) -> ProfilerLook
}

/// What a look at a slice comes to.
enum ProfilerLook {
    /// Too little was seen.
    case unknown
    case well
    case ill(Alert)
}

/// Raises what was ill long enough, and clears what was well long enough.
struct ProfilerWatch {
    /// Seconds that must have been seen, and seconds seen so far.
    let needed: Double
    private(set) var seen = 0.0
    var window: ProfileWindow
    private var recovery = Recovery(after: 3)

    /// - Parameters:
    ///   - seconds: how much must have been seen.
    ///   - window: how far back is looked at, in seconds.
    init(seconds: Double, window: Double = 0) { (needed, self.window) = (seconds, ProfileWindow(seconds: window)) }

    var waits: RuleWait? {
        seen < needed ? RuleWait(Int(nearestWithin: seen), of: Int(nearestWithin: max(1, needed)), "seconds of its profile") : nil
    }

    mutating func pass(_ slice: ProfileSlice) { seen += slice.seconds }

    mutating func take(_ look: ProfilerLook) -> RuleFinding? {
        guard seen >= needed else { return nil }
        switch look {
        case .unknown: return nil
        case .well: return recovery.look(isWell: true) ? RuleFinding(.cleared("it has gone well again for a while")) : nil
        case .ill(let alert):
            if recovery.isRaised {
                _ = recovery.look(isWell: false)
                return nil
            }
            recovery.raise()
            return RuleFinding(alert)
        }
    }
}

extension ProfilerRule {
    public static var clears: Bool { true }
    public var looksAtProfile: Bool { true }
    public var waits: RuleWait? { watch.waits }
    var window: ProfileWindow { watch.window }

    func counts(_ slice: ProfileSlice) -> Bool { slice.stepCount > 0 }

    public mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding? {
        guard case .profiled(let slice) = input else { return nil }
        return take(slice, of: run)
    }

    mutating func take(_ slice: ProfileSlice, of run: RunRecord) -> RuleFinding? {
        watch.pass(slice)
        guard counts(slice) else { return nil }
        watch.window.add(slice)
        return watch.take(look(at: slice, of: run))
    }
}

extension Hyperparameter.Domain {
    static let percent = number(minimum: 0, excludesMinimum: false, maximum: 100, excludesMaximum: false)
    /// How many of something: 1 to a million.
    static let count = integer(minimum: 1, maximum: 1_000_000)
}
