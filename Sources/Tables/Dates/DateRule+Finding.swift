import Glibc

extension DateRule {
    /// How a column's texts are dates.
    struct Finding {
        var rule: DateRule
        /// Seconds since 1970 of each text; nil for those that are no dates.
        var seconds: [Double?]
        /// Whether another order fits as well and reads them otherwise.
        var isAmbiguous = false
        /// What spoke for the order, where that was not the numbers themselves.
        var reason: String?
        /// Two texts that ask for different orders.
        var contradiction: (String, String)?
    }

    /// Finds the order that makes dates of most texts; nil when none is a date.
    ///
    /// - Parameters:
    ///   - rows: which text each row has, or -1; tells whether the rows are in order of time.
    ///   - known: the order of the file's other columns, or the one a user gives.
    static func find(_ texts: [String], rows: [Int32], name: String, known: Order?) -> Finding? {
        let dates = texts.map { DateText($0) }
        let open = dates.compactMap { date -> DateText? in
            if case .open? = date?.day { date } else { nil }
        }
        guard dates.contains(where: { $0 != nil }) else { return nil }
        var rule = DateRule()
        if isBirth(name), dates.contains(where: { $0?.isYearShort == true }) { rule.pivot = currentYear % 100 + 1 }
        guard !open.isEmpty else { return Finding(rule: rule, seconds: dates.map { $0?.seconds(.ymd, pivot: rule.pivot) }) }
        let isShort = open.contains(where: \.isYearShort)
        let orders: [Order] = isShort ? [.dmy, .mdy, .ymd] : [.dmy, .mdy]
        let readings = orders.map { order in dates.map { $0?.seconds(order, pivot: rule.pivot) } }
        let counts = readings.map { $0.count { $0 != nil } }
        let most = max(counts[0], counts[1])
        // A year of two digits in front is what nobody writes where another order will do.
        if isShort, counts[2] > most {
            rule.order = .ymd
            return Finding(rule: rule, seconds: readings[2])
        }
        if counts[0] != counts[1] {
            let best = counts[0] > counts[1] ? 0 : 1
            rule.order = orders[best]
            var found = Finding(rule: rule, seconds: readings[best])
            found.contradiction = contradiction(texts, readings)
            return found
        }
        return undecided(rule, texts, Array(readings.prefix(2)), open, rows, known)
    }

    /// Both orders fit as many texts.
    private static func undecided(
        _ start: DateRule, _ texts: [String], _ readings: [[Double?]], _ open: [DateText], _ rows: [Int32], _ known: Order?
    ) -> Finding {
        var rule = start
        func found(_ order: Order, isAmbiguous: Bool, _ reason: String?) -> Finding {
            rule.order = order
            return Finding(
                rule: rule, seconds: readings[order == .mdy ? 1 : 0], isAmbiguous: isAmbiguous, reason: reason,
                contradiction: contradiction(texts, readings))
        }
        if readings[0] == readings[1] { return found(known ?? .dmy, isAmbiguous: false, nil) }
        if let known, known != .ymd { return found(known, isAmbiguous: false, "as the file's other dates") }
        if open.allSatisfy(\.hasPoints) { return found(.dmy, isAmbiguous: false, nil) }
        let isSorted = readings.map { isMonotone($0, rows) }
        if isSorted[0] != isSorted[1] {
            return found(isSorted[0] ? .dmy : .mdy, isAmbiguous: true, "the rows are in order of time so")
        }
        let spans = readings.map { values in
            let known = values.compactMap { $0 }
            return (known.max() ?? 0) - (known.min() ?? 0)
        }
        if spans[0] > 0, spans[1] > spans[0] * 5 { return found(.dmy, isAmbiguous: true, "the days lie closer together so") }
        if spans[1] > 0, spans[0] > spans[1] * 5 { return found(.mdy, isAmbiguous: true, "the days lie closer together so") }
        return found(.dmy, isAmbiguous: true, nil)
    }

    /// Whether at least six different moments come in order, or in the opposite one: fewer do so by chance.
    private static func isMonotone(_ seconds: [Double?], _ rows: [Int32]) -> Bool {
        var rises = 0, falls = 0, last: Double?
        for row in rows where row >= 0 {
            guard let value = seconds[Int(row)] else { continue }
            if let last {
                rises += value > last ? 1 : 0
                falls += value < last ? 1 : 0
                if rises > 0, falls > 0 { return false }
            }
            last = value
        }
        return rises + falls >= 5
    }

    private static func contradiction(_ texts: [String], _ readings: [[Double?]]) -> (String, String)? {
        let dayFirst = texts.indices.first { readings[0][$0] != nil && readings[1][$0] == nil }
        let monthFirst = texts.indices.first { readings[0][$0] == nil && readings[1][$0] != nil }
        guard let dayFirst, let monthFirst else { return nil }
        return (texts[dayFirst], texts[monthFirst])
    }

    private static func isBirth(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["birth", "born", "dob", "geburt", "naiss", "nacimiento"].contains { name.contains($0) }
    }

    private static let currentYear = 1970 + time(nil) / 31_556_952
}
