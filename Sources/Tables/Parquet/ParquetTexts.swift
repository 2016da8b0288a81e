import CheckedNumbers

/// Times of day as text.
enum TimeOfDay {
    /// A column of times of day, such as `05:06:07` or `05:06:07.250000`.
    static func column(name: String, _ numbers: [Double], perSecond: Double) -> TextColumn {
        var places: [Double: Int32] = [:]
        var dictionary: [String] = []
        let codes = numbers.map { number in
            if number.isNaN { return Int32(-1) }
            if let place = places[number] { return place }
            places[number] = Int32(dictionary.count)
            dictionary.append(text(number, perSecond: perSecond))
            return Int32(dictionary.count - 1)
        }
        return TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: false)
    }

    private static func text(_ number: Double, perSecond: Double) -> String {
        let whole = (number / perSecond).rounded(.down)
        guard whole >= 0, whole < 86_400 else { return String(number / perSecond) }
        let seconds = Int(nearestWithin: whole)
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : String($0) }
        let microseconds = min(999_999, Int(roundedDownWithin: (number - whole * perSecond) * 1e6 / perSecond))
        let clock = parts.joined(separator: ":")
        if microseconds == 0 { return clock }
        let digits = String(microseconds)
        return clock + "." + String(repeating: "0", count: 6 - digits.count) + digits
    }
}

/// UUIDs as text.
enum UUIDText {
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
