/// Times of day and durations as seconds: `14:30`, `1:02:03.5`, `2:30 PM`, `P1DT2H`, `2 days 03:04:05`.
enum DurationText {
    /// Seconds; nil when a text is neither.
    static func seconds(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= 3, bytes.count <= 40 else { return nil }
            return iso(bytes) ?? clock(bytes)
        }
    }

    /// `[-]H:MM[:SS[.f]]` with any number of hours, perhaps days before it or AM or PM behind it.
    private static func clock(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var scanner = DateScanner(bytes)
        if let time = scanner.timeOfDay(), scanner.isAtEnd { return time }
        scanner = DateScanner(bytes)
        let isNegative = scanner.take("-")
        var days = 0
        guard var first = scanner.number() else { return nil }
        scanner.takeSpaces()
        if let word = scanner.word() {
            guard word == "day" || word == "days" || word == "d" else { return nil }
            days = first.value
            scanner.takeSpaces()
            _ = scanner.take("+") || scanner.take(",")
            scanner.takeSpaces()
            if scanner.isAtEnd { return Double(days * 86_400) * (isNegative ? -1 : 1) }
            guard let hours = scanner.number() else { return nil }
            first = hours
        }
        guard scanner.take(":"), let minutes = scanner.number(), minutes.digits == 2, minutes.value < 60 else { return nil }
        var seconds = Double(days * 86_400 + first.value * 3600 + minutes.value * 60)
        if scanner.take(":") {
            guard let part = scanner.number(), part.digits == 2, part.value < 60 else { return nil }
            seconds += Double(part.value)
            if scanner.take(".") || scanner.take(",") {
                guard let fraction = scanner.fraction() else { return nil }
                seconds += fraction
            }
        }
        return scanner.isAtEnd ? seconds * (isNegative ? -1 : 1) : nil
    }

    /// `P1DT2H3M4.5S`, `P2W`. Years and months are of no fixed length.
    private static func iso(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var scanner = DateScanner(bytes)
        let isNegative = scanner.take("-")
        guard scanner.take("P") else { return nil }
        var seconds = 0.0, isTime = false, parts = 0
        while !scanner.isAtEnd {
            if scanner.take("T") {
                guard !isTime else { return nil }
                isTime = true
                continue
            }
            guard let whole = scanner.number() else { return nil }
            var amount = Double(whole.value)
            if scanner.take(".") || scanner.take(",") {
                guard let fraction = scanner.fraction() else { return nil }
                amount += fraction
            }
            let unit: Double
            if isTime, scanner.take("H") {
                unit = 3600
            } else if isTime, scanner.take("M") {
                unit = 60
            } else if isTime, scanner.take("S") {
                unit = 1
            } else if !isTime, scanner.take("D") {
                unit = 86_400
            } else if !isTime, scanner.take("W") {
                unit = 604_800
            } else {
                return nil
            }
            seconds += amount * unit
            parts += 1
        }
        return parts > 0 ? seconds * (isNegative ? -1 : 1) : nil
    }
}
