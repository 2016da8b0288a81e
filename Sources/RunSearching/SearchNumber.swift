/// Numbers as a user writes them in a search.
enum SearchNumber {
    /// `0.01`, `1e-3`, `10k`, `1.5M`, `5%`.
    static func number(_ text: String) -> Double? {
        if let plain = Double(text) { return plain }
        let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "%": 0.01]
        guard let last = text.last, let factor = factors[last], let number = Double(text.dropLast()) else { return nil }
        return number * factor
    }

    /// Seconds of `90`, `90s`, `5m`, `1h30m`, `2d`, `1w`.
    static func duration(_ text: String, needsUnit: Bool = false) -> Double? {
        if !needsUnit, let plain = Double(text) { return plain }
        let units: [String: Double] = ["ms": 1e-3, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var total = 0.0
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), let factor = units[unit.lowercased()] else { return nil }
            total += number * factor
        }
        return total
    }
}
