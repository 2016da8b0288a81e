/// What columns of numbers are beyond numbers: counted times, and values that numbers in double precision cannot hold.
enum NumberTyping {
    /// Whole numbers up to here are exact in double precision.
    private static let largestExact = 9_007_199_254_740_992.0

    /// Whether a whole number may have been rounded.
    static func isRounded(_ number: Double) -> Bool { abs(number) > largestExact && number.isFinite }

    /// Whether some of whole numbers may have been.
    static func areRounded(_ numbers: [Double]) -> Bool { numbers.contains(where: isRounded) }

    static func decide(_ numbers: [Double], _ rule: ColumnRule, options: ReadOptions) -> ColumnDecision {
        var numbers = numbers
        for word in options.missing?.words ?? [] {
            var word = word
            guard let marker = word.withUTF8({ NumberText.value($0) }) else { continue }
            for row in numbers.indices where numbers[row] == marker { numbers[row] = .nan }
        }
        if rule.kind == .integer, rule.numbers == nil, options.kinds[rule.name] == nil,
            let dates = CountedTime.rule(numbers, name: rule.name)
        {
            return counted(numbers, ColumnRule(name: rule.name, kind: .date, dates: dates, missing: rule.missing))
        }
        var decision = ColumnDecision(
            column: Column(name: rule.name, kind: rule.kind, storage: .numbers(numbers)), rule: rule)
        let isInfinite = rule.kind == .numeric && numbers.contains(where: \.isInfinite)
        if isInfinite {
            decision.warnings.append(
                TableWarning(
                    .infiniteValues, column: rule.name,
                    "\(rule.name) holds infinite values: replace them, or the column cannot be used"))
        }
        if rule.kind == .integer, let large = numbers.first(where: { abs($0) > largestExact }) {
            decision.warnings.append(
                TableWarning(
                    .roundedNumbers, column: rule.name,
                    "\(rule.name) has whole numbers beyond 2^53, such as \(Column.text(of: large)), which are rounded: if they are ids, say --type '\(rule.name)=text', or --drop it"
                ))
        }
        return decision
    }

    /// Numbers as the dates they count.
    static func counted(_ numbers: [Double], _ rule: ColumnRule) -> ColumnDecision {
        let seconds = numbers.map { number in
            if let epoch = rule.dates?.epoch { return number / epoch.perSecond }
            return CountedTime.seconds(ofDay: number) ?? .nan
        }
        return ColumnDecision(
            column: Column(name: rule.name, kind: .date, storage: .numbers(seconds)), rule: rule)
    }
}
