import CheckedNumbers
import Events
import Glibc

/// How a script that is to end comes to its end: asked by a message, then by SIGTERM, then killed.
struct ScriptEnding {
    /// Why Descent ends it; nil = it does not.
    private(set) var reason: EndReason?
    /// How long it may take for what it is asked.
    /// - Units: seconds.
    let patience: Double
    /// When a message asked it.
    private var askedAt: UInt64?
    private var terminatedAt: UInt64?
    private var isKilled = false
    /// The signals of which was said that it goes on without them, or in spite of them; 0 is the message.
    private var said: Set<Int32> = []

    /// After so long it is said that it goes on.
    /// - Units: nanoseconds.
    private static let silence: UInt64 = 3_000_000_000

    init(patience: Double) { self.patience = patience }

    /// - Parameter isAsked: whether a message asks it; else SIGTERM does at once.
    mutating func begin(_ process: GuardedProcess, _ reason: EndReason, isAsked: Bool, _ now: UInt64) {
        self.reason = reason
        if isAsked {
            askedAt = now
        } else {
            terminatedAt = now
            process.terminate()
        }
    }

    /// Goes on from asking to SIGTERM, and kills it where the user wants no more waiting; the guard does when its patience ends.
    /// - Returns: once of each, what comes next of a script that does not end.
    mutating func hasten(_ process: GuardedProcess, isHurried: Bool, _ now: UInt64) -> String? {
        guard reason != nil else { return nil }
        if isHurried, !isKilled {
            isKilled = true
            process.kill()
        }
        if let asked = askedAt, terminatedAt == nil, now >= asked + UInt64(nearestWithin: patience * 1e9) {
            terminatedAt = now
            process.terminate()
        }
        guard !isKilled, let start = terminatedAt ?? askedAt, now >= start + Self.silence else { return nil }
        let signal = terminatedAt == nil ? 0 : SIGTERM
        guard said.insert(signal).inserted else { return nil }
        let seconds = Int(nearestWithin: patience - Double(Self.silence) * 1e-9)
        return signal == 0
            ? "goes on though it was asked to stop: SIGTERM follows in \(seconds) s"
            : "ignores SIGTERM: it is killed in \(seconds) s"
    }
}
