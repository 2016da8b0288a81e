/// One value as the log has it.
package struct LoggedValue: Sendable, Hashable {
    /// In the log's own spelling.
    package var name: String
    package var step: Int
    /// 0 where the log has none.
    package var epoch = 0.0
    /// Seconds since 1970; nil where the log has none.
    package var wallTime: Double?
    package var value: Double
    /// Which restart of its program put other values in the place of this one, counted from 1; nil = it stands.
    package var replacedBy: Int?

    package init(
        name: String, step: Int, epoch: Double = 0, wallTime: Double? = nil, value: Double, replacedBy: Int? = nil
    ) {
        (self.name, self.step, self.epoch, self.wallTime) = (name, step, epoch, wallTime)
        (self.value, self.replacedBy) = (value, replacedBy)
    }
}

extension LoggedValue {
    /// Steps farther from 0 than this are no counts: arithmetic with them would overflow.
    private static let farthestStep: UInt = 1 << 62

    package static func isStep(_ step: Int) -> Bool { step.magnitude <= farthestStep }

    /// The value with what can be kept of its place and time; nil when its step is none.
    ///
    /// - Parameter hasTime: set to false where a time was given that is none.
    package func checked(hasTime: inout Bool) -> LoggedValue? {
        guard Self.isStep(step) else { return nil }
        var value = self
        value.wallTime = wallTime.flatMap(LogTime.checked)
        if wallTime != nil, value.wallTime == nil { hasTime = false }
        // Epochs are kept in single precision.
        if !(epoch.magnitude < 1e15) { value.epoch = 0 }
        return value
    }
}
