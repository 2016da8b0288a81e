extension NumberFormat {
    /// A value and how much it varies, in one unit and with as many decimals: `23.38M` and `9.81M`, `0.3121` and `0.0201`.
    ///
    /// A spread too small to be seen beside the value is written by itself.
    public static func withSpread(_ value: Double, _ spread: Double) -> (value: String, spread: String) {
        let largest = max(abs(value), abs(spread)), apart = (significant(value), significant(spread, digits: 3))
        guard value.isFinite, spread.isFinite, largest > 0 else { return apart }
        let power = decimalExponent(largest, digits: 4)
        // As `significant` writes the larger one.
        guard power >= -4, power < 15 else { return apart }
        let group = power >= 7 ? power / 3 : 0, unit = powerOfTen(3 * group), decimals = max(0, 3 - power + 3 * group)
        let texts = [value, spread].map { fixed($0 / unit, decimals: decimals) + (group > 0 ? suffix(ofThousands: group) : "") }
        let isLost = { (number: Double, text: String) in number != 0 && text.allSatisfy { !$0.isNumber || $0 == "0" } }
        return (
            isLost(value, texts[0]) ? apart.0 : texts[0], isLost(spread, texts[1]) ? significant(spread, digits: 2) : texts[1]
        )
    }
}
