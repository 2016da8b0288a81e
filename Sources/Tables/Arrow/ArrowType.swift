import CTableKernels

/// How the values of a flat column are stored, and what becomes of them.
struct ArrowType: Hashable {
    /// The buffers behind the one that says which values are missing.
    enum Layout: Hashable {
        /// None, and not even that one.
        case none
        /// A bit each.
        case bits
        /// So many bytes each.
        case fixed(Int)
        /// Offsets of so many bytes each, then the bytes they point into.
        case offsets(Int)
        /// 16 bytes each, which hold a short text or point into one of several buffers.
        case views
    }

    /// What the stored values become.
    enum Reading: Hashable {
        case nothing
        /// Numbers of one of the kernels' types, times a factor or, if negative, divided by it.
        case numbers(type: Int32, factor: Double, kind: ColumnKind)
        /// Times of day.
        case times(type: Int32, perSecond: Double)
        case truths
        case texts
        /// Bytes that may be text.
        case bytes
        case uuids
    }

    var layout: Layout
    var reading: Reading
    /// How values that are no texts are written; nil for texts.
    var text: StoredText?

    /// Whether its values become numbers; all others become numbered texts.
    var isNumeric: Bool {
        switch reading {
        case .nothing, .numbers, .times: true
        case .truths, .texts, .bytes, .uuids: false
        }
    }

    /// Bytes that the buffers of so many values need at least, in the buffers' order.
    func leastSizes(_ count: Int) -> [Int] {
        switch layout {
        case .none: []
        case .bits: [(count + 7) / 8]
        case .fixed(let width): [count * width]
        // Writers leave the offsets of no values out.
        case .offsets(let width): [count == 0 ? 0 : (count + 1) * width, 0]
        case .views: [count * 16]
        }
    }
}

/// What the description of a field says its values are.
enum ArrowContent {
    case values(ArrowType)
    case structure
    /// Something that is no column, by a word in the plural.
    case foreign(String)

    /// - Source: Schema.fbs of the Arrow format, version 1.5; the numbers are those of its union `Type`.
    init(_ field: FlatTable) throws(TableError) {
        let number = try field.integer(2, as: UInt8.self)
        guard let details = try field.table(3) else {
            guard number == 1 else { throw FlatTable.damaged }
            self = .values(ArrowType(layout: .none, reading: .nothing))
            return
        }
        switch number {
        case 1: self = .values(ArrowType(layout: .none, reading: .nothing))
        case 2: self = .values(try Self.integers(details))
        case 3: self = .values(try Self.floats(details))
        case 4: self = .values(ArrowType(layout: .offsets(4), reading: .bytes))
        case 5: self = .values(ArrowType(layout: .offsets(4), reading: .texts))
        case 6: self = .values(ArrowType(layout: .bits, reading: .truths))
        case 7: self = .values(try Self.decimals(details))
        case 8: self = .values(try Self.days(details))
        case 9: self = .values(try Self.clock(details))
        case 10:
            let perSecond = try Self.perSecond(details, default: 0)
            let isUTC = try details.text(1)?.isEmpty == false
            self = .values(
                Self.wide(
                    .numbers(type: Int32(DK_INT64), factor: -perSecond, kind: .date),
                    .moment(digits: StoredText.digits(perSecond), isUTC: isUTC)))
        case 13: self = .structure
        case 15: self = .values(try Self.fixed(details, field))
        case 18:
            let perSecond = try Self.perSecond(details, default: 1)
            let kind: ColumnKind = perSecond == 1 ? .integer : .numeric
            self = .values(
                Self.wide(
                    .numbers(type: Int32(DK_INT64), factor: -perSecond, kind: kind),
                    .decimal(scale: StoredText.digits(perSecond))))
        case 19: self = .values(ArrowType(layout: .offsets(8), reading: .bytes))
        case 20: self = .values(ArrowType(layout: .offsets(8), reading: .texts))
        case 23: self = .values(ArrowType(layout: .views, reading: .bytes))
        case 24: self = .values(ArrowType(layout: .views, reading: .texts))
        default: self = .foreign(Self.foreign[number] ?? "values this program does not know")
        }
    }

    private static let foreign: [UInt8: String] = [
        11: "intervals", 12: "lists", 14: "unions", 16: "lists", 17: "maps", 21: "lists", 22: "run-end encoded values",
        25: "lists", 26: "lists",
    ]

    /// The kernels' type and the width of whole numbers.
    static func integerStorage(_ details: FlatTable) throws(TableError) -> (type: Int32, width: Int) {
        let isSigned = try details.integer(1, as: UInt8.self) != 0
        switch try details.integer(0, as: Int32.self) {
        case 8: return (Int32(isSigned ? DK_INT8 : DK_UINT8), 1)
        case 16: return (Int32(isSigned ? DK_INT16 : DK_UINT16), 2)
        case 32: return (Int32(isSigned ? DK_INT32 : DK_UINT32), 4)
        case 64: return (Int32(isSigned ? DK_INT64 : DK_UINT64), 8)
        default: throw FlatTable.damaged
        }
    }

    private static func wide(_ reading: ArrowType.Reading, _ text: StoredText) -> ArrowType {
        ArrowType(layout: .fixed(8), reading: reading, text: text)
    }

    private static func integers(_ details: FlatTable) throws(TableError) -> ArrowType {
        let (type, width) = try integerStorage(details)
        let isSigned = try details.integer(1, as: UInt8.self) != 0
        return ArrowType(
            layout: .fixed(width), reading: .numbers(type: type, factor: 1, kind: .integer), text: isSigned ? .signed : .unsigned)
    }

    private static func floats(_ details: FlatTable) throws(TableError) -> ArrowType {
        let precision = Int(try details.integer(0, as: Int16.self))
        guard (0...2).contains(precision) else { throw FlatTable.damaged }
        let type = Int32([DK_FLOAT16, DK_FLOAT, DK_DOUBLE][precision])
        return ArrowType(
            layout: .fixed(2 << precision), reading: .numbers(type: type, factor: 1, kind: .numeric),
            text: [.half, .float, .double][precision])
    }

    private static func decimals(_ details: FlatTable) throws(TableError) -> ArrowType {
        let scale = Int(try details.integer(1, as: Int32.self))
        let width = Int(try details.integer(2, as: Int32.self, default: 128)) / 8
        guard (-76...76).contains(scale), [4, 8, 16, 32].contains(width) else { throw FlatTable.damaged }
        var power = 1.0
        for _ in 0..<abs(scale) { power *= 10 }
        let factor = scale > 0 ? -power : power
        return ArrowType(
            layout: .fixed(width),
            reading: .numbers(type: Int32(DK_LITTLE_ENDIAN), factor: factor, kind: scale > 0 ? .numeric : .integer),
            text: .decimal(scale: scale))
    }

    private static func days(_ details: FlatTable) throws(TableError) -> ArrowType {
        if try details.integer(0, as: Int16.self, default: 1) == 0 {
            return ArrowType(
                layout: .fixed(4), reading: .numbers(type: Int32(DK_INT32), factor: 86_400, kind: .date), text: .day)
        }
        return wide(.numbers(type: Int32(DK_INT64), factor: -1e3, kind: .date), .dayInMilliseconds)
    }

    private static func clock(_ details: FlatTable) throws(TableError) -> ArrowType {
        let perSecond = try perSecond(details, default: 1)
        let bits = try details.integer(1, as: Int32.self, default: 32)
        guard bits == 32 || bits == 64 else { throw FlatTable.damaged }
        return ArrowType(
            layout: .fixed(bits == 32 ? 4 : 8),
            reading: .times(type: Int32(bits == 32 ? DK_INT32 : DK_INT64), perSecond: perSecond),
            text: .clock(digits: StoredText.digits(perSecond)))
    }

    private static func perSecond(_ details: FlatTable, default other: Int16) throws(TableError) -> Double {
        let unit = Int(try details.integer(0, as: Int16.self, default: other))
        guard (0...3).contains(unit) else { throw FlatTable.damaged }
        return [1, 1e3, 1e6, 1e9][unit]
    }

    /// Bytes of one width; what is marked as such, and has 16 of them, is a UUID.
    private static func fixed(_ details: FlatTable, _ field: FlatTable) throws(TableError) -> ArrowType {
        let width = Int(try details.integer(0, as: Int32.self))
        guard (1...0xff_ffff).contains(width) else { throw FlatTable.damaged }
        var isUUID = false
        for pair in try field.tables(6) where try pair.text(0) == "ARROW:extension:name" {
            isUUID = try pair.text(1) == "arrow.uuid" && width == 16
        }
        return ArrowType(layout: .fixed(width), reading: isUUID ? .uuids : .bytes)
    }
}
