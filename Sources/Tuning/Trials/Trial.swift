/// A configuration to try.
public struct Trial: Sendable, Hashable {
    /// From 0, in the order in which trials were suggested.
    public let number: Int
    /// Its place in the search space.
    public let point: [Double]
    /// What a job is given, by name.
    public let values: [String: SettingValue]
    /// Why this one, in a few words.
    public let reason: String
    /// What the suggester learned up to it and goes on from; kept with the trial, so that a search that is taken up again
    /// suggests what it would have suggested.
    public let memory: [Double]

    public init(number: Int, point: [Double], values: [String: SettingValue], reason: String, memory: [Double] = []) {
        (self.number, self.point, self.values, self.reason, self.memory) = (number, point, values, reason, memory)
    }
}
