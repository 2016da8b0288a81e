import CheckedNumbers

/// How numbers are written on the screen: the one place for it. Independent of locale; a value that is not a number is `nan`,
/// infinities are `inf` and `-inf`.
public enum NumberFormat {
    /// A fixed number of decimals: `0.3121`.
    /// - Range: `decimals` 0...15; magnitudes from 1e15 are written with an exponent.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return special(value) }
        let decimals = min(max(decimals, 0), 15)
        let magnitude = abs(value)
        guard magnitude < 1e15 else { return exponent(value, digits: 4) }
        var whole = magnitude.rounded(.towardZero)
        let scale = powerOfTen(decimals)
        var fraction = ((magnitude - whole) * scale).rounded(.toNearestOrEven)
        if fraction >= scale {
            whole += 1
            fraction = 0
        }
        var text = String(UInt64(nearestWithin: whole))
        if decimals > 0 {
            let digits = String(UInt64(nearestWithin: fraction))
            text += "." + String(repeating: "0", count: decimals - digits.count) + digits
        }
        let isZero = whole == 0 && fraction == 0
        return value < 0 && !isZero ? "-" + text : text
    }

    /// A number of significant digits, trailing zeros kept: `0.3121`, `41.23`, `1235`, `30.66M`, `1.200e-7`.
    public static func significant(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return special(value) }
        if value == 0 { return "0" }
        let digits = max(1, digits)
        let power = decimalExponent(value, digits: digits)
        if power < -4 || power >= 15 { return exponent(value, digits: digits) }
        if power >= max(digits + 2, 7) {
            return fixed(value / powerOfTen(power / 3 * 3), decimals: max(0, digits - 1 - power % 3)) + suffixes[power / 3]
        }
        return fixed(value, decimals: max(0, digits - 1 - power))
    }

    /// Of the powers of a thousand, from 0.
    private static let suffixes = ["", "k", "M", "G", "T"]

    static func suffix(ofThousands power: Int) -> String { suffixes[min(max(power, 0), suffixes.count - 1)] }

    /// Short, with SI suffixes: `41.2k`, `1.05M`, `12`, `0.5`; trailing zeros are dropped.
    public static func compact(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return special(value) }
        if value == 0 { return "0" }
        let power = decimalExponent(value, digits: digits)
        if power < -4 || power >= 15 { return trimmed(exponent(value, digits: digits)) }
        let group = max(0, power / 3)
        let suffix = suffixes[min(group, 4)]
        let scaled = value / powerOfTen(3 * min(group, 4))
        let scaledPower = power - 3 * min(group, 4)
        return trimmed(fixed(scaled, decimals: max(0, digits - 1 - scaledPower))) + suffix
    }

    /// A whole number with thousands separators: `20,640`.
    public static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A fraction as a percentage: `93 %`.
    public static func percent(_ fraction: Double, decimals: Int = 0) -> String {
        fixed(fraction * 100, decimals: decimals) + " %"
    }

    /// A signed difference without its leading zero, so that columns of them line up: `+.306`, `−.071`, `+1.250`, `±.000`.
    public static func delta(_ value: Double, decimals: Int = 3) -> String {
        guard value.isFinite else { return special(value) }
        let text = fixed(abs(value), decimals: decimals)
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        let sign = isZero ? "±" : value < 0 ? "−" : "+"
        return sign + (text.hasPrefix("0.") ? String(text.dropFirst()) : text)
    }

    /// A stretch of time in its two largest units: `850ms`, `4.2s`, `1m 23s`, `2h 05m`, `3d 4h`.
    /// - Units: seconds.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return special(seconds) }
        if seconds < 0 { return "-" + duration(-seconds) }
        if seconds == 0 { return "0s" }
        if seconds < 0.0009995 { return significant(seconds * 1e6, digits: 3) + "µs" }
        if seconds < 0.9995 { return fixed(seconds * 1000, decimals: seconds < 0.00995 ? 1 : 0) + "ms" }
        if seconds < 9.95 { return fixed(seconds, decimals: 1) + "s" }
        guard seconds < 1e12 else { return exponent(seconds / 86_400, digits: 3) + "d" }
        let total = Int(nearestWithin: seconds)
        if total < 60 { return "\(total)s" }
        if total < 3600 { return "\(total / 60)m \(padded(total % 60))s" }
        if total < 86_400 { return "\(total / 3600)h \(padded(total / 60 % 60))m" }
        return "\(total / 86_400)d \(total / 3600 % 24)h"
    }

    /// A size in memory or on disk: `512 B`, `1.2 GB`.
    /// - Units: bytes; multiples of 1000.
    public static func bytes(_ count: Int) -> String {
        if count.magnitude < 1000 { return "\(count) B" }
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        var value = Double(count) / 1000, unit = 0
        while abs(value) >= 999.5, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        return fixed(value, decimals: abs(value) < 9.95 ? 1 : 0) + " " + units[unit]
    }

    /// The time of day: `14:02:11`, or `14:02` without seconds.
    /// - Units: seconds since 1970, and what to add for the time zone.
    public static func clock(_ time: Double, utcOffsetSeconds: Int = 0, showsSeconds: Bool = true) -> String {
        guard time.isFinite, abs(time) < 1e15 else { return special(time) }
        let total = Int(roundedDownWithin: time) + utcOffsetSeconds
        let day = ((total % 86_400) + 86_400) % 86_400
        let text = padded(day / 3600) + ":" + padded(day / 60 % 60)
        return showsSeconds ? text + ":" + padded(day % 60) : text
    }

    /// A value in at most `width` characters, with as many digits as fit up to `digits` significant ones. For table cells.
    public static func fitted(_ value: Double, width: Int, digits: Int = 4) -> String {
        var digits = max(1, digits)
        while digits > 1 {
            let text = significant(value, digits: digits)
            if text.count <= width { return text }
            digits -= 1
        }
        let text = significant(value, digits: 1)
        return text.count <= width ? text : compact(value, digits: 1)
    }

    /// A tick's label: the decimals its step needs, SI suffixes when the step is thousands.
    static func tick(_ value: Double, step: Double) -> String {
        guard value.isFinite, step > 0 else { return special(value) }
        let largest = max(abs(value), step)
        if largest >= 1e15 || step < 1e-6 {
            let digits = value == 0 ? 1 : min(14, Int(nearestWithin: log10Floor(abs(value)) - log10Floor(step))) + 1
            return value == 0 ? "0" : trimmed(exponent(value, digits: min(max(digits, 1), 15)))
        }
        for (unit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
        where largest >= unit * (unit == 1e3 ? 10 : 1) && step >= unit / 1000 * 10 {
            if value == 0 { return "0" }
            return trimmed(fixed(value / unit, decimals: decimals(of: step / unit))) + suffix
        }
        if step >= 1 { return grouped(Int(nearestWithin: value)) }
        return fixed(value, decimals: decimals(of: step))
    }

    /// How many decimals a step of 1, 2 or 5 times a power of ten needs.
    static func decimals(of step: Double) -> Int { max(0, Int(nearestWithin: -log10Floor(step))) }

    // MARK: - Parts

    static func special(_ value: Double) -> String { value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }

    static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

    /// Without the zeros after the point's last other digit; an exponent is kept.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        let parts = text.split(separator: "e", maxSplits: 1)
        var digits = parts[0]
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return parts.count > 1 ? digits + "e" + parts[1] : String(digits)
    }

    static func exponent(_ value: Double, digits: Int) -> String {
        let power = decimalExponent(value, digits: digits)
        // In two steps, since a power of ten below 1e-308 is no normal number.
        let half = power / 2
        let mantissa = value / powerOfTen(half) / powerOfTen(power - half)
        return fixed(mantissa, decimals: max(0, digits - 1)) + "e\(power)"
    }

    /// The decimal exponent of a value after rounding to that many digits.
    static func decimalExponent(_ value: Double, digits: Int) -> Int {
        // No double is beyond these.
        let power = Int(nearestWithin: min(max(log10Floor(abs(value)), -400), 400))
        let half = power / 2
        let mantissa = abs(value) / powerOfTen(half) / powerOfTen(power - half)
        return mantissa >= 10 - 0.5 / powerOfTen(max(0, digits - 1)) ? power + 1 : power
    }

    static func powerOfTen(_ power: Int) -> Double {
        var result = 1.0
        var base = power < 0 ? 0.1 : 10.0
        var left = abs(power)
        if power < 0 { return 1 / powerOfTen(-power) }
        while left > 0 {
            if left & 1 == 1 { result *= base }
            base *= base
            left >>= 1
        }
        return result
    }
}

extension NumberFormat {
    /// Time since the start, for axes: `0`, `0.5s`, `90s`, `2m`, `1m30`, `1h`, `1h30`, `2d`.
    /// - Units: seconds.
    static func elapsed(_ seconds: Double, step: Double) -> String {
        if seconds == 0 { return "0" }
        guard seconds.isFinite, abs(seconds) < 1e12 else { return special(seconds) }
        if step < 1 || (abs(seconds) < 60 && step < 60) { return tick(seconds, step: step) + "s" }
        let sign = seconds < 0 ? "-" : ""
        let total = Int(nearestWithin: abs(seconds))
        if step < 60 { return sign + "\(total / 60)m" + padded(total % 60) }
        if total < 3600 { return sign + "\(total / 60)m" }
        if total < 86_400 || step < 3600 {
            return sign + "\(total / 3600)h" + (step < 3600 ? padded(total / 60 % 60) : "")
        }
        return sign + "\(total / 86_400)d" + (step < 86_400 ? padded(total / 3600 % 24) + "h" : "")
    }
}
