import MetricDirections

/// What runs are judged by, as the user says it: a metric as it is called here or in the log, and which way it is better.
public struct ObjectiveChoice: Sendable, Hashable {
    public var name: String
    /// Unknown = as the metric's name says.
    public var direction: MetricDirection

    public init(name: String, direction: MetricDirection = .unknown) {
        self.name = name
        self.direction = direction
    }

    /// Reads `NAME`, `max:NAME` or `min:NAME`; nil where no name stands.
    public init?(parsing text: String) {
        let isMaximum = text.hasPrefix("max:"), isMinimum = text.hasPrefix("min:")
        let name = isMaximum || isMinimum ? String(text.dropFirst(4)) : text
        if name.isEmpty { return nil }
        self.init(name: name, direction: isMaximum ? .maximised : isMinimum ? .minimised : .unknown)
    }
}
