/// How a value of a binary format that is no text is written as one, exactly.
enum StoredText: Hashable {
    case truth
    case signed, unsigned
    case half, float, double
    /// Whole numbers with so many digits behind the point.
    case decimal(scale: Int)
    /// Days since 1 January 1970, or milliseconds that are days.
    case day, dayInMilliseconds
    /// Units of so many decimal places of a second since then.
    case moment(digits: Int, isUTC: Bool)
    /// The same since midnight.
    case clock(digits: Int)
    case int96
    case uuid

    /// Decimal places of a second, for so many units of it.
    static func digits(_ perSecond: Double) -> Int { perSecond == 1e9 ? 9 : perSecond == 1e6 ? 6 : perSecond == 1e3 ? 3 : 0 }

    /// - Parameter bytes: the value, the lowest byte first, but for a UUID's.
    func value(_ bytes: some BidirectionalCollection<UInt8>) -> SourceValue {
        let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = UInt64(max(0, 8 - bytes.count)) * 8
        let integer = Int64(bitPattern: bits << unused) >> Int64(unused)
        switch self {
        case .truth: return .truth(bits & 1 == 1)
        case .signed: return .number(String(integer))
        case .unsigned: return .number(String(bits))
        case .half: return .number(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)).description)
        case .float: return .number(Float(bitPattern: UInt32(truncatingIfNeeded: bits)).description)
        case .double: return .number(Double(bitPattern: bits).description)
        case .decimal(let scale): return .number(DecimalText.text(bytes.reversed(), scale: scale))
        case .day: return .text(MomentText.day(integer))
        case .dayInMilliseconds:
            guard integer.isMultiple(of: 86_400_000) else { return .text(MomentText.moment(integer, digits: 3, isUTC: false)) }
            return .text(MomentText.day(integer / 86_400_000))
        case .moment(let digits, let isUTC): return .text(MomentText.moment(integer, digits: digits, isUTC: isUTC))
        case .clock(let digits): return .text(MomentText.clock(integer, digits: digits))
        case .int96: return .text(MomentText.int96(Array(bytes)[...]))
        case .uuid: return .text(Array(bytes).withUnsafeBufferPointer(UUIDText.text))
        }
    }
}
