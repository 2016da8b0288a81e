/// Numbers as a user writes them in a search.
enum SearchNumber {
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
