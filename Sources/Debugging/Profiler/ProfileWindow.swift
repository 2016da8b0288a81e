import Events

/// The newest slices of a run's profile, as many as cover some seconds. What is counted is seconds, not slices: their lengths differ.
struct ProfileWindow {
    let seconds: Double
    private(set) var slices: [ProfileSlice] = []
    private(set) var covered = 0.0

    /// - Parameter seconds: how far back it reaches.
    init(seconds: Double) { self.seconds = seconds }

    /// - Returns: what fell out of it.
    @discardableResult mutating func add(_ slice: ProfileSlice) -> [ProfileSlice] {
        slices.append(slice)
        covered += slice.seconds
        var count = 0
        while count < slices.count - 1, covered - slices[count].seconds >= seconds {
            covered -= slices[count].seconds
            count += 1
        }
        defer { slices.removeFirst(count) }
        return Array(slices.prefix(count))
    }

    mutating func forget() { (slices, covered) = ([], 0) }

    /// Share of its time in which something held, 0 to 1.
    func share(_ holds: (ProfileSlice) -> Bool) -> Double {
        covered > 0 ? slices.reduce(0) { $0 + (holds($1) ? $1.seconds : 0) } / covered : 0
    }

    /// The mean of a value over its time; nil where no slice has it.
    func mean(_ value: (MachineUse) -> Double?) -> Double? { slices.spread { value($0.machine) }?.mean }

    /// What a value stayed under in a share of the time; nil where no slice has it.
    func quantile(_ share: Double, _ value: (ProfileSlice) -> Double?) -> Double? { slices.spread(value)?.quantile(share) }

    /// Seconds that went into a part.
    func seconds(of part: StepPart) -> Double { slices.reduce(0) { $0 + ($1.spent[part] ?? 0) } }

    /// Seconds of the steps themselves.
    var stepSeconds: Double { StepPart.ofSteps.reduce(0) { $0 + seconds(of: $1) } }

    /// Durations of the steps in it.
    var durations: StepDurations { slices.reduce(into: StepDurations()) { $0 += $1.durations } }
}
