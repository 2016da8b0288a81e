/// What a value of slices was, each slice counting by its length.
package struct ProfileSpread {
    /// By value; at least one.
    private let values: [(value: Double, seconds: Double)]
    private let seconds: Double

    fileprivate init?(_ values: [(value: Double, seconds: Double)]) {
        seconds = values.reduce(0) { $0 + $1.seconds }
        self.values = values.sorted { $0.value < $1.value }
        guard seconds > 0 else { return nil }
    }

    package var mean: Double { values.reduce(0) { $0 + $1.value * $1.seconds } / seconds }

    /// What it stayed under in a share of the time, 0 to 1.
    package func quantile(_ share: Double) -> Double {
        var seen = 0.0
        for one in values {
            seen += one.seconds
            if seen >= share * seconds { return one.value }
        }
        return values[values.count - 1].value
    }
}

extension Sequence<ProfileSlice> {
    /// What a value was; nil where no slice has it.
    package func spread(_ value: (ProfileSlice) -> Double?) -> ProfileSpread? {
        ProfileSpread(compactMap { slice in value(slice).map { (value: $0, seconds: slice.seconds) } })
    }
}
