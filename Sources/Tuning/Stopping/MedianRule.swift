/// Ends a trial whose objective is worse than half of the others were on average up to the same epoch.
///
/// - Source: Golovin et al., "Google Vizier: A Service for Black-Box Optimization" (2017), section 3.2.2, as SageMaker
///   documents its automatic early stopping; no trial is ended in its first epochs or before others ended.
public struct MedianRule: Sendable {
    /// Epochs in which no trial is ended.
    public var graceEpochs = 1
    /// How many other trials must have come as far.
    public var leastOthers = 5
    /// Of each trial, what was seen at each epoch; smaller is better.
    private var courses: [Int: [Double]] = [:]

    public init() {}

    /// Takes the value of a trial's next epoch in; smaller is better.
    /// - Returns: why the trial is to end; nil = it goes on.
    public mutating func report(_ trial: Int, value: Double) -> String? {
        courses[trial, default: []].append(value)
        let epoch = courses[trial]?.count ?? 0
        guard epoch > graceEpochs else { return nil }
        let others = courses.filter { $0.key != trial && $0.value.count >= epoch }
            .map { $0.value.prefix(epoch).reduce(0, +) / Double(epoch) }.filter(\.isFinite).sorted()
        guard others.count >= leastOthers else { return nil }
        let middle = others.count / 2
        let median = others.count % 2 == 1 ? others[middle] : (others[middle - 1] + others[middle]) / 2
        guard value.isNaN || value > median else { return nil }
        return "worse at epoch \(epoch) than half of \(others.count) other trials were up to there"
    }
}
