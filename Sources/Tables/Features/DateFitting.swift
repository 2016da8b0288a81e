/// Chooses the features of a column of dates: only parts that differ between training rows and, where they come again, came again.
///
/// What helps which learner was measured on hourly counts of rented bicycles: linear models gain most from an indicator for each hour
/// of the week, networks from indicators of the parts, trees from the parts as numbers with the time gone by beside them (alone it
/// does harm out of time: trees continue nothing).
struct DateFitting {
    private let style: FeatureOptions.Style
    private let count: Int
    private let start: Double, end: Double
    /// Values of each part, ascending.
    private let values: [DatePart: [Int]]

    /// Rows that each value of a part should have on average to get an indicator of its own; an hour of the week more of them, since
    /// indicators of hour and day tell most of it, and a day of the month still more, since it seldom matters.
    private static let rowsPerValue = 10, rowsPerHourOfWeek = 50, rowsPerDay = 300

    /// - Parameter moments: of the training rows, in seconds since 1970; at least one, none missing.
    init(_ moments: [Double], style: FeatureOptions.Style) {
        self.style = style
        count = moments.count
        start = moments.min() ?? 0
        end = moments.max() ?? 0
        values = Self.values(of: moments)
    }

    private static func values(of moments: [Double]) -> [DatePart: [Int]] {
        let small = DatePart.allCases.filter { $0 != .year }, room = 168
        var seen = [Bool](repeating: false, count: small.count * room)
        var years: Set<Int> = []
        for moment in moments {
            let parts = DateParts(moment)
            for (index, part) in small.enumerated() { seen[index * room + parts.value(part)] = true }
            years.insert(parts.value(.year))
        }
        var values = [DatePart.year: years.sorted()]
        for (index, part) in small.enumerated() { values[part] = (0..<room).filter { seen[index * room + $0] } }
        return values
    }

    private var span: Double { end - start }

    /// Whether a part tells rows apart, and has come again if it does.
    private func varies(_ part: DatePart) -> Bool {
        guard (values[part]?.count ?? 0) > 1 else { return false }
        guard let period = part.period else { return true }
        // The seasons of a little over a year are known in part, those of less not at all.
        return part == .month ? span > period : span >= 2 * period
    }

    private var hasSeasons: Bool { span > DateCycle.year.seconds && varies(.month) }

    /// - Parameter median: what stands in for a missing date.
    func encoding(median: Double) -> DateEncoding {
        var features: [DateEncoding.Feature]
        switch style {
        case .trees: features = parts
        case .linear: features = indicators(isLinear: true)
        case .network: features = indicators(isLinear: false)
        case .distances: features = circles
        }
        // Where distances count, all of the time there was is worth as much as a cycle. Days of a span beyond all calendars are too many.
        features.append(.elapsed(unit: style == .distances && span > 0 || span > 1e15 ? span : 86_400))
        return DateEncoding(features: features, start: start, fill: median)
    }

    private var parts: [DateEncoding.Feature] {
        [DatePart.year, .month, .day, .weekday, .weekend, .hour, .minute, .second].filter(varies).map { .value($0) }
    }

    /// An indicator for each value, if there are rows enough to learn from.
    private func indicators(_ part: DatePart, rowsPerValue: Int = rowsPerValue) -> DateEncoding.Feature? {
        guard varies(part), let values = values[part], count >= rowsPerValue * values.count else { return nil }
        return .indicators(part, values)
    }

    private func indicators(isLinear: Bool) -> [DateEncoding.Feature] {
        var features: [DateEncoding.Feature] = []
        func add(_ feature: DateEncoding.Feature?) { if let feature { features.append(feature) } }
        add(indicators(.month))
        if hasSeasons { add(.harmonics(.year, count >= 10 * Self.rowsPerValue ? 3 : 1)) }
        add(indicators(.day, rowsPerValue: Self.rowsPerDay))
        add(indicators(.weekday))
        if varies(.weekend) { add(.value(.weekend)) }
        add(indicators(.hour))
        if isLinear, varies(.hour) { add(indicators(.hourOfWeek, rowsPerValue: Self.rowsPerHourOfWeek)) }
        if varies(.hour), varies(.minute) || indicators(.hour) == nil {
            add(.harmonics(.day, count >= 8 * Self.rowsPerValue ? 4 : 1))
        }
        if varies(.minute) { add(.harmonics(.hour, count >= 8 * Self.rowsPerValue ? 4 : 1)) }
        if varies(.second), count >= 60 * Self.rowsPerValue { add(.harmonics(.minute, 2)) }
        return features
    }

    private var circles: [DateEncoding.Feature] {
        var features: [DateEncoding.Feature] = []
        if hasSeasons { features.append(.harmonics(.year, 1)) }
        if varies(.weekday) { features.append(.harmonics(.week, 1)) }
        if varies(.hour) { features.append(.harmonics(.day, 1)) }
        if varies(.minute) { features.append(.harmonics(.hour, 1)) }
        return features
    }
}

extension DateFitting {
    /// The features that a column of times of day has beside its number of seconds: cycles of a day, where the times reach over more
    /// than half of one. Durations such as those of a race rarely do, and trees cut the number itself.
    static func clock(_ times: [Double], median: Double, style: FeatureOptions.Style) -> DateEncoding? {
        guard let first = times.min(), let last = times.max(), first >= 0, last < 86_400, last - first > 43_200 else {
            return nil
        }
        let harmonics =
            switch style {
            case .trees: 0
            case .linear: 4
            case .network: 2
            case .distances: 1
            }
        guard harmonics > 0 else { return nil }
        return DateEncoding(features: [.harmonics(.day, harmonics)], start: 0, fill: median)
    }
}
