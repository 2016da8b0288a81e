import CheckedNumbers

/// Whole numbers that are times: counts since 1970, days such as 20240305 and moments such as 20240305143015.
enum CountedTime {
    /// How a column's whole numbers are dates; nil when nothing speaks for it.
    static func rule(_ numbers: [Double], name: String) -> DateRule? {
        let isHinted = isHint(name)
        guard let sample = numbers.first(where: { !$0.isNaN }) else { return nil }
        let isMoment = (19_000_101_000_000.0...21_001_231_235_959).contains(sample)
        if isMoment || (19_000_101.0...21_001_231).contains(sample) {
            return areDays(numbers, leastDistinct: isHinted || isMoment ? 2 : 5) ? DateRule() : nil
        }
        guard isHinted, let epoch = DateRule.Epoch.allCases.first(where: { Self.range($0).contains(sample) }) else { return nil }
        let range = Self.range(epoch)
        var inside = 0, present = 0, isConstant = true
        for number in numbers where !number.isNaN {
            present += 1
            inside += range.contains(number) ? 1 : 0
            isConstant = isConstant && number == sample
        }
        return !isConstant && inside * 100 >= present * 99 ? DateRule(epoch: epoch) : nil
    }

    /// Counts from the beginning of 1990 to that of 2100; those of different units never overlap.
    private static func range(_ epoch: DateRule.Epoch) -> ClosedRange<Double> {
        631_152_000 * epoch.perSecond...4_102_444_800 * epoch.perSecond
    }

    private static func areDays(_ numbers: [Double], leastDistinct: Int) -> Bool {
        var distinct: Set<Double> = []
        for number in numbers where !number.isNaN {
            guard seconds(ofDay: number) != nil else { return false }
            if distinct.count < leastDistinct { distinct.insert(number) }
        }
        return distinct.count >= leastDistinct
    }

    /// Seconds since 1970 of a day such as 20240305 or a moment such as 20240305143015.
    static func seconds(ofDay number: Double) -> Double? {
        if number >= 10_000_101_000_000, number <= 99_991_231_235_959, number == number.rounded() {
            let moment = Int(nearestWithin: number), time = moment % 1_000_000
            let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100)
            guard hour < 24, minute < 60, second < 60 else { return nil }
            return seconds(ofDay: Double(moment / 1_000_000)).map { $0 + Double(hour * 3600 + minute * 60 + second) }
        }
        guard (10_000_101.0...99_991_231).contains(number), number == number.rounded() else { return nil }
        let day = Int(nearestWithin: number)
        return CalendarTime.days(year: day / 10_000, month: day / 100 % 100, day: day % 100).map { Double($0) * 86_400 }
    }

    private static let hints: Set<String> = [
        "time", "timestamp", "ts", "date", "datetime", "epoch", "at", "when", "created", "updated", "modified", "datum", "fecha",
        "zeit",
    ]

    /// Whether a column's name says that it holds times: `created_at`, `eventTime`, `ts`.
    private static func isHint(_ name: String) -> Bool {
        !hints.isDisjoint(with: NameWords.words(name)) || name.lowercased().hasSuffix("timestamp")
    }
}
