/// Takes a date apart, byte by byte.
struct DateScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// No date is longer.
    private static let longest = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    static func date(_ bytes: UnsafeBufferPointer<UInt8>) -> DateText? {
        guard bytes.count >= 4, bytes.count <= longest else { return nil }
        var scanner = DateScanner(bytes)
        if scanner.isDigit { return scanner.startingWithNumber() }
        return scanner.startingWithWord()
    }

    // MARK: Pieces

    var isAtEnd: Bool { position == bytes.count }
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var isDigit: Bool { next.map { $0 &- 48 < 10 } ?? false }

    mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func takeSpaces() { while next == 32 { position += 1 } }

    /// A run of digits; nil when there is none or it is too long to be part of a date.
    mutating func number(most: Int = 9) -> (value: Int, digits: Int)? {
        let start = position
        var value = 0
        while let byte = next, byte &- 48 < 10 {
            guard position - start < most else { return nil }
            value = value * 10 + Int(byte) - 48
            position += 1
        }
        return position > start ? (value, position - start) : nil
    }

    private mutating func number(below bound: Int, digits: ClosedRange<Int>) -> Int? {
        guard let part = number(), digits.contains(part.digits), part.value < bound else { return nil }
        return part.value
    }

    /// A run of letters, in lower case; bytes beyond ASCII are letters.
    mutating func word() -> String? {
        let start = position
        while let byte = next, (byte | 32) &- 97 < 26 || byte >= 0x80 { position += 1 }
        guard position > start else { return nil }
        return String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    }

    /// The digits of a fraction as a part of one.
    mutating func fraction() -> Double? {
        let start = position
        var value = 0.0, scale = 1.0
        while let byte = next, byte &- 48 < 10 {
            value = value * 10 + Double(byte &- 48)
            scale *= 10
            position += 1
        }
        return position > start ? value / scale : nil
    }

    // MARK: Dates

    private mutating func startingWithNumber() -> DateText? {
        let start = position
        guard let first = number(most: 14) else { return nil }
        if first.digits == 14 || first.digits == 8 { return compact(first) }
        if let separator = next, separator == 45 || separator == 47 || separator == 46 {
            position += 1
            if isDigit { return numbers(first, separator) }
            if first.digits == 4, separator == 45 { return yearAndMark(first.value) }
            position -= 1
        }
        if first.digits == 4, next == UInt8(ascii: "Q") || next == UInt8(ascii: "q") { return yearAndMark(first.value) }
        if let chinese = eastAsian(first) { return chinese }
        position = start + first.digits
        return first.digits <= 2 ? dayThenMonthName(first.value) : nil
    }

    /// `2024-03-05`, `5.3.2024`, `03/05/24`, `2024-03`, `03/2024`; the separator was taken.
    private mutating func numbers(_ first: (value: Int, digits: Int), _ separator: UInt8) -> DateText? {
        guard let second = number() else { return nil }
        guard next == separator else {
            // A month of a year; followed by nothing, so that fractions and other numbers are none.
            guard isAtEnd, separator != 46 else { return nil }
            let (year, month) = first.digits == 4 ? (first, second) : (second, first)
            guard year.digits == 4, month.digits == 2 else { return nil }
            return CalendarTime.days(year: year.value, month: month.value, day: 1).map {
                DateText(day: .plain(days: $0), time: 0)
            }
        }
        position += 1
        guard let third = number() else { return nil }
        let day: DateText.Day
        if first.digits == 4, second.digits <= 2, third.digits <= 2 {
            guard let days = CalendarTime.days(year: first.value, month: second.value, day: third.value) else { return nil }
            day = .plain(days: days)
        } else if first.digits <= 2, second.digits <= 2, third.digits == 4 || third.digits == 2 {
            day = .open(first.value, second.value, third.value, isYearShort: third.digits == 2)
        } else {
            return nil
        }
        return timed(day, hasPoints: separator == 46)
    }

    /// `20240305`, `20240305T143015`, `20240305143015`.
    private mutating func compact(_ digits: (value: Int, digits: Int)) -> DateText? {
        let isLong = digits.digits == 14
        let date = isLong ? digits.value / 1_000_000 : digits.value
        guard let days = CalendarTime.days(year: date / 10_000, month: date / 100 % 100, day: date % 100) else { return nil }
        var time = isLong ? digits.value % 1_000_000 : nil
        if !isLong, take("T") {
            guard let clock = number(), clock.digits == 6 || clock.digits == 4 else { return nil }
            time = clock.digits == 6 ? clock.value : clock.value * 100
        }
        guard let time else { return isAtEnd ? DateText(day: .plain(days: days), time: 0) : nil }
        let (hour, minute, second) = (time / 10_000, time / 100 % 100, time % 100)
        guard hour < 24, minute < 60, second < 61, let offset = zone() else { return nil }
        return DateText(day: .plain(days: days), time: Double(hour * 3600 + minute * 60 + second) - offset)
    }

    /// `2024-W10-2`, `2024-W10`, `2024-Q1`, `2024Q1`; the year and a hyphen were taken.
    private mutating func yearAndMark(_ year: Int) -> DateText? {
        let days: Int?
        if take("W") {
            guard let week = number(below: 54, digits: 2...2), week > 0 else { return nil }
            var weekday = 1
            if take("-") {
                guard let day = number(below: 8, digits: 1...1), day > 0 else { return nil }
                weekday = day
            }
            days = CalendarTime.days(isoYear: year, week: week, weekday: weekday)
        } else if take("Q") || take("q") {
            guard let quarter = number(below: 5, digits: 1...1), quarter > 0 else { return nil }
            days = CalendarTime.days(year: year, month: quarter * 3 - 2, day: 1)
        } else {
            return nil
        }
        guard isAtEnd, let days else { return nil }
        return DateText(day: .plain(days: days), time: 0)
    }

    /// `2024年3月5日`.
    private mutating func eastAsian(_ year: (value: Int, digits: Int)) -> DateText? {
        let start = position
        defer { position = start }
        guard year.digits == 4, word() == "年", let month = number(), word() == "月", let day = number(), word() == "日", isAtEnd,
            let days = CalendarTime.days(year: year.value, month: month.value, day: day.value)
        else { return nil }
        return DateText(day: .plain(days: days), time: 0)
    }

    /// `05-Mar-2024`, `5 March 2024`, `5. März 24`, `05Mar2024`, `05/Mar/2024`; the day was taken.
    private mutating func dayThenMonthName(_ day: Int) -> DateText? {
        skipSeparators()
        guard let name = word(), let month = DateWords.month(name) else { return nil }
        skipSeparators()
        guard let year = number(), let found = Self.day(year, month, day) else { return nil }
        return timed(found)
    }

    /// `March 5, 2024`, `Tue Mar 5 2024`, `Tuesday, 5 March 2024`, `Mar-2024`, `Q1 2024`.
    private mutating func startingWithWord() -> DateText? {
        guard var name = word() else { return nil }
        if name == "q", let quarter = number(below: 5, digits: 1...1), quarter > 0 {
            skipSeparators()
            guard let year = number(), year.digits == 4, isAtEnd else { return nil }
            return CalendarTime.days(year: year.value, month: quarter * 3 - 2, day: 1).map {
                DateText(day: .plain(days: $0), time: 0)
            }
        }
        if DateWords.month(name) == nil || (DateWords.isWeekday(name) && startsWithAnotherMonth) {
            guard DateWords.isWeekday(name) else { return nil }
            skipSeparators()
            if isDigit { return startingWithNumber() }
            guard let second = word() else { return nil }
            name = second
        }
        guard let month = DateWords.month(name) else { return nil }
        skipSeparators()
        guard let first = number() else { return nil }
        if first.digits == 4 {
            guard isAtEnd else { return nil }
            return CalendarTime.days(year: first.value, month: month, day: 1).map {
                DateText(day: .plain(days: $0), time: 0)
            }
        }
        guard first.digits <= 2 else { return nil }
        for ending in ["st", "nd", "rd", "th"] where hasPrefix(ending) { position += 2 }
        let mark = position
        if let (time, year) = clockThenYear() {
            return CalendarTime.days(year: year, month: month, day: first.value).map {
                DateText(day: .plain(days: $0), time: time)
            }
        }
        position = mark
        skipSeparators()
        guard let year = number(), let found = Self.day(year, month, first.value) else { return nil }
        return timed(found)
    }

    /// ` 14:30:15 2024`, as C's asctime ends its dates.
    private mutating func clockThenYear() -> (time: Double, year: Int)? {
        takeSpaces()
        guard let time = timeOfDay() else { return nil }
        takeSpaces()
        guard let year = number(), year.digits == 4, isAtEnd else { return nil }
        return (time, year.value)
    }

    /// `mar` is a Tuesday in Spanish and French, and March.
    private var startsWithAnotherMonth: Bool {
        var copy = self
        copy.skipSeparators()
        if let second = copy.word() { return DateWords.month(second) != nil }
        guard copy.number() != nil else { return false }
        copy.skipSeparators()
        return copy.word().map { DateWords.month($0) != nil } ?? false
    }

    private func hasPrefix(_ text: String) -> Bool {
        position + text.utf8.count <= bytes.count && zip(text.utf8, bytes[position...]).allSatisfy { $0 == $1 | 32 }
    }

    private mutating func skipSeparators() { while let byte = next, byte == 32 || (44...47).contains(byte) { position += 1 } }

    /// A day whose month has a name; nil when there is none such.
    private static func day(_ year: (value: Int, digits: Int), _ month: Int, _ day: Int) -> DateText.Day? {
        switch year.digits {
        case 4: CalendarTime.days(year: year.value, month: month, day: day).map { .plain(days: $0) }
        // The year 0 stands for one with a 29 February.
        case 2: CalendarTime.days(year: 0, month: month, day: day).map { _ in .short(year: year.value, month: month, day: day) }
        default: nil
        }
    }

    // MARK: Time of day

    /// A day with what follows it: nothing, or a time of day and a zone.
    private mutating func timed(_ day: DateText.Day, hasPoints: Bool = false) -> DateText? {
        if isAtEnd { return DateText(day: day, time: 0, hasPoints: hasPoints) }
        guard take("T") || take("t") || take(" ") || take(":") || take(",") else { return nil }
        takeSpaces()
        guard let time = timeOfDay(), let offset = zone() else { return nil }
        return DateText(day: day, time: time - offset, hasPoints: hasPoints)
    }

    /// `5:06`, `05:06:07.25`, `2:30 PM`, `14h30`.
    mutating func timeOfDay() -> Double? {
        guard let hour = number(below: 25, digits: 1...2), take(":") || take("h"), let minute = number(below: 60, digits: 2...2)
        else { return nil }
        var hours = hour, seconds = Double(minute * 60)
        if take(":") {
            guard let second = number(below: 61, digits: 2...2) else { return nil }
            seconds += Double(second)
            if take(".") || take(",") {
                guard let part = fraction() else { return nil }
                seconds += part
            }
        }
        if let half = halfOfDay() {
            guard (1...12).contains(hour) else { return nil }
            hours = hour % 12 + (half == "pm" ? 12 : 0)
        }
        guard hours < 24 || (hours == 24 && seconds == 0) else { return nil }
        return Double(hours * 3600) + seconds
    }

    /// `am` or `pm`, also with a space before it and with points.
    private mutating func halfOfDay() -> String? {
        let start = position
        takeSpaces()
        guard let letter = next.map({ $0 | 32 }), letter == UInt8(ascii: "a") || letter == UInt8(ascii: "p") else {
            position = start
            return nil
        }
        position += 1
        _ = take(".")
        guard take("m") || take("M") else {
            position = start
            return nil
        }
        _ = take(".")
        return letter == UInt8(ascii: "a") ? "am" : "pm"
    }

    /// Seconds that a zone is ahead of UTC, up to the end; 0 when there is none.
    mutating func zone() -> Double? {
        takeSpaces()
        if isAtEnd { return 0 }
        for name in ["z", "utc", "gmt"] where hasPrefix(name) && position + name.utf8.count == bytes.count { return 0 }
        if hasPrefix("utc") || hasPrefix("gmt") { position += 3 }
        guard let sign = next, sign == 43 || sign == 45 else { return nil }
        position += 1
        guard let hour = number(), hour.digits <= 2 || hour.digits == 4 else { return nil }
        var minutes = hour.digits == 4 ? hour.value / 100 * 60 + hour.value % 100 : hour.value * 60
        if hour.digits <= 2, take(":") {
            guard let minute = number(below: 60, digits: 2...2) else { return nil }
            minutes += minute
        }
        guard isAtEnd || Self.isZoneName(bytes[position...]), minutes <= 15 * 60 else { return nil }
        return Double(minutes * 60) * (sign == 45 ? -1 : 1)
    }

    /// `[Europe/Berlin]` or ` (CET)` behind an offset, which says all.
    private static func isZoneName(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let text = rest.drop { $0 == 32 }
        return (text.first == 91 && text.last == 93) || (text.first == 40 && text.last == 41)
    }
}
