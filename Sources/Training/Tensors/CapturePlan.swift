import CheckedNumbers
import Events

/// Decides of which steps and evaluations tensors are summed up.
///
/// By itself it spends less than a share of the training time on it, by what captures have cost so far: the first steps densely, as far
/// as a quarter of what the planned steps allow pays for it, later ones as the time comes, and the last one. What it decides changes
/// nothing that is computed.
struct CapturePlan {
    /// What captures may take of the time, by their own clocks.
    static let share = 0.02
    /// Steps that are captured one after the other if they may.
    static let firstSteps = 16
    /// Seconds that captures may take in advance, of a job however long.
    private static let mostInAdvance = 0.05
    /// Seconds between two captures at least, in jobs that take longer than a few seconds, and captures that a short job has room for.
    private static let usualGap = 0.1, capturesOfShort = 64.0
    /// The longer a job takes, the longer are its gaps: one in so many of the time so far.
    private static let capturesInView = 500.0

    let interval: CaptureInterval
    private let firstStep: Int, plannedSteps: Int, stepsPerEpoch: Int
    private var elapsed = 0.0, stepCount = 0, lastStep = 0.0
    /// The shortest step so far, without captures: first steps take long, and evaluations come now and then.
    private var shortestStep = Double.infinity
    private(set) var spent = 0.0
    private var lastCost = 0.0, evaluationCost = 0.0
    /// No step is captured before this much time has passed.
    private var due = 0.0

    /// - Parameter step: steps done before.
    init(_ interval: CaptureInterval, from step: Int, plannedSteps: Int, stepsPerEpoch: Int = 1) {
        self.interval = interval
        self.stepsPerEpoch = max(1, stepsPerEpoch)
        firstStep = step
        self.plannedSteps = max(0, plannedSteps - step)
    }

    /// Whether a step is to be captured. Asked before it is taken.
    /// - Parameter step: how many steps there will be when it is done.
    func wants(step: Int) -> Bool {
        switch interval.steps {
        case .off: return false
        case .every(let count): return (step - 1) % count == 0
        case .everyEpoch(let count): return (step - 1) % stepsPerEpoch == 0 && (step - 1) / stepsPerEpoch % count == 0
        case .automatic:
            if plannedSteps > 0, step == firstStep + plannedSteps { return true }
            guard elapsed >= due else { return false }
            return step <= firstStep + Self.firstSteps ? spent + lastCost <= allowed : true
        }
    }

    /// Whether an evaluation is to be captured.
    /// - Parameter number: how many there were before it.
    func wantsEvaluation(_ number: Int) -> Bool {
        switch interval.evaluations {
        case .off: return false
        case .every(let count): return number % count == 0
        case .automatic: return interval.steps != .automatic || spent + evaluationCost <= allowed
        }
    }

    /// Notes what the capture of an evaluation has cost.
    mutating func noteEvaluation(cost: Double) {
        spent += cost
        evaluationCost = evaluationCost == 0 ? cost : (evaluationCost + cost) / 2
    }

    /// Whether a step is the last one that is planned.
    func isLast(step: Int) -> Bool { plannedSteps > 0 && step == firstStep + plannedSteps }

    /// Seconds that captures may take for each step, in the long run.
    var fairCost: Double { stepCount > 0 ? Self.share * elapsed / Double(stepCount) : 0 }

    /// Seconds that captures which would only become longer may take now: up to somewhat more than their share of the time so far.
    var room: Double { 1.5 * Self.share * elapsed - spent }

    /// Notes that a step has been taken.
    mutating func pass(seconds: Double) {
        elapsed += seconds
        stepCount += 1
        lastStep = seconds
        if seconds < shortestStep { shortestStep = seconds }
    }

    /// Notes what a capture has cost, after `pass` of its step.
    mutating func note(cost: Double, step: Int) {
        spent += cost
        shortestStep = min(shortestStep, max(0, lastStep - cost))
        // What a first capture costs (memory, caches) says little of the next.
        lastCost = lastCost == 0 || stepCount < 2 ? cost : (lastCost + cost) / 2
        guard step >= firstStep + Self.firstSteps else { return }
        let missing = spent + lastCost - allowed
        let gap = max(min(Self.usualGap, plannedSeconds / Self.capturesOfShort), elapsed / Self.capturesInView)
        due = elapsed + max(gap, missing / (Self.share * Self.ofElapsed))
    }

    private static let ofElapsed = 0.75

    /// Seconds that the job is going to take at least, as far as its steps tell.
    private var plannedSeconds: Double { stepCount > 0 ? shortestStep * Double(plannedSteps) : 0 }

    /// Seconds that captures may have taken by now.
    private var allowed: Double {
        let advance = min(Self.share * (1 - Self.ofElapsed) * plannedSeconds, Self.mostInAdvance)
        // The last step is paid for, too.
        return Self.share * Self.ofElapsed * elapsed + advance - lastCost
    }
}
