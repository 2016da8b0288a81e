import CheckedNumbers

/// What a column of another format is written as.
enum ParquetKind: Equatable {
    case long, double, truth, date, moment(isUTC: Bool), text

    var physicalType: Int {
        switch self {
        case .truth: 0
        case .date: 1
        case .long, .moment: 2
        case .double: 5
        case .text: 6
        }
    }

    var logical: ParquetSchemaText.Logical {
        switch self {
        case .long, .double, .truth: .none
        case .date: .date
        case .moment(let isUTC): .moment(isUTC: isUTC)
        case .text: .text
        }
    }

    /// A value as it is stored; nil when there is none.
    ///
    /// - Parameter column: of the table, which has the number where the text is spelled in a way of its own.
    func stored(_ value: SourceValue, _ column: Column?, _ row: Int) -> [UInt8]? {
        if case .bytes(let bytes) = value { return bytes }
        guard let text = value.field else { return nil }
        switch self {
        case .text: return Array(text.utf8)
        case .truth:
            let word = text.lowercased()
            return word == "true" ? [1] : word == "false" ? [0] : nil
        case .long: return (Int64(text) ?? Self.whole(column, row)).map(Self.bytes)
        case .double: return (Self.number(text) ?? Self.number(column, row)).map(Self.bytes)
        case .date: return Moment(text).map { Self.bytes(Int32(clamping: $0.microseconds / 86_400_000_000)) }
        case .moment: return Moment(text).map { Self.bytes($0.microseconds) }
        }
    }

    /// The table's number of a row, when it is whole and exact.
    static func whole(_ column: Column?, _ row: Int) -> Int64? {
        guard let number = number(column, row), number == number.rounded(), abs(number) <= 0x1p53 else { return nil }
        return Int64(nearest: number)
    }

    static func number(_ column: Column?, _ row: Int) -> Double? {
        guard let number = column?.numbers?[row], !number.isNaN else { return nil }
        return number
    }

    static func number(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { NumberText.value($0) }
    }

    private static func bytes<Number: BitwiseCopyable>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }

    /// A day or a moment whose text can be had back from its count of microseconds, but for the sign between date and time and for
    /// zeros at the end of the seconds.
    struct Moment {
        let microseconds: Int64
        /// nil = a day.
        let isUTC: Bool?

        init?(_ text: String) {
            guard let seconds = CalendarTime.seconds(iso: text), abs(seconds) < 1e12,
                let microseconds = Int64(nearest: seconds * 1e6)
            else { return nil }
            self.microseconds = microseconds
            guard text.utf8.count > 10 else {
                guard microseconds % 86_400_000_000 == 0, MomentText.day(microseconds / 86_400_000_000) == text else {
                    return nil
                }
                isUTC = nil
                return
            }
            let isUTC = text.hasSuffix("Z")
            guard MomentText.moment(microseconds, digits: 6, isUTC: isUTC) == Self.normal(text, isUTC) else { return nil }
            self.isUTC = isUTC
        }

        private static func normal(_ text: String, _ isUTC: Bool) -> String {
            let date = text.prefix(10)
            var time = text.dropFirst(11)
            if isUTC { time = time.dropLast() }
            if time.utf8.count == 5 { time += ":00" }
            if time.contains(".") {
                while time.last == "0" { time.removeLast() }
                if time.last == "." { time.removeLast() }
            }
            return "\(date)T\(time)\(isUTC ? "Z" : "")"
        }
    }
}

/// Finds the narrowest kind that all values of a column have.
struct ParquetKindGuess {
    private let column: Column?
    private let texts: SourceTexts
    /// nil = there was no value yet.
    private(set) var kind: ParquetKind?
    /// Whether there was a whole number that doubles do not hold.
    private var needsLong = false

    init(_ column: Column?, _ texts: SourceTexts) { (self.column, self.texts) = (column, texts) }

    /// Whether another value can change anything.
    var isOpen: Bool { kind != .text }

    mutating func note(_ value: SourceValue, _ row: Int) {
        guard let found = found(value, row) else { return }
        switch (kind, found) {
        case (nil, _): kind = found
        case (let known?, found) where known == found: break
        case (.long, .double), (.double, .long): kind = .double
        // A table shows a moment at midnight as a day.
        case (.date, .moment(isUTC: true)), (.moment(isUTC: true), .date): kind = texts == .shown ? .moment(isUTC: true) : .text
        default: kind = .text
        }
        if kind == .double, needsLong { kind = .text }
    }

    private mutating func found(_ value: SourceValue, _ row: Int) -> ParquetKind? {
        switch value {
        case .missing: return nil
        case .bytes: return .text
        case .truth: return .truth
        case .number(let text): return numeric(text, row)
        case .text(let text):
            guard texts != .texts, let column, column.kind != .categorical, column.kind != .text else { return .text }
            if CSVLayout.isMissing(text) { return nil }
            switch column.kind {
            case .integer, .numeric: return numeric(text, row)
            case .boolean: return ["true", "false"].contains(text.lowercased()) ? .truth : .text
            case .date:
                guard let moment = ParquetKind.Moment(text) else { return .text }
                return moment.isUTC.map { .moment(isUTC: $0) } ?? .date
            case .categorical, .text: return .text
            }
        }
    }

    private mutating func numeric(_ text: String, _ row: Int) -> ParquetKind {
        if let whole = Int64(text) {
            needsLong = needsLong || Int64(exactly: Double(whole)) != whole
            return .long
        }
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        // Whole numbers beyond 64 bits would lose digits.
        if digits.allSatisfy({ (48...57).contains($0) }) { return .text }
        if ParquetKind.number(text) != nil { return .double }
        if column?.kind == .integer, ParquetKind.whole(column, row) != nil { return .long }
        return ParquetKind.number(column, row) == nil ? .text : .double
    }
}
