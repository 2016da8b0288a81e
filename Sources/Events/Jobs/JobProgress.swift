import JSON

/// How far and how fast a job is.
public struct JobProgress: Sendable, Hashable {
    public var step: Int
    public var plannedSteps: Int
    /// Training rows consumed per second since the last report.
    public var rowsPerSecond: Double

    public init(step: Int, plannedSteps: Int, rowsPerSecond: Double) {
        self.step = step
        self.plannedSteps = plannedSteps
        self.rowsPerSecond = rowsPerSecond
    }
}

extension JobProgress {
    var json: JSONValue {
        .object([
            "step": .integer(step), "plannedSteps": .integer(plannedSteps), "rowsPerSecond": .number(rowsPerSecond.rounded()),
        ])
    }

    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let plannedSteps = json["plannedSteps"]?.integer,
            let rowsPerSecond = json["rowsPerSecond"]?.double
        else { return nil }
        self.init(step: step, plannedSteps: plannedSteps, rowsPerSecond: rowsPerSecond)
    }
}
