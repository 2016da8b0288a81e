/// What stands at the end of a Parquet file: its columns and where their pieces lie.
///
/// - Source: parquet.thrift of the Parquet format, version 2.11.
struct ParquetFooter {
    /// A column's piece within a row group.
    struct Chunk {
        var codec = 0
        var valueCount = 0
        var dataOffset = 0
        var dictionaryOffset: Int?
        var isEncrypted = false
        var isElsewhere = false

        /// Where its first page begins.
        var start: Int { dictionaryOffset.map { $0 > 0 ? min($0, dataOffset) : dataOffset } ?? dataOffset }
    }

    /// Rows that stand together, a chunk a column.
    struct RowGroup {
        var rowCount = 0
        var chunks: [Chunk] = []
    }

    private(set) var schema: [ParquetSchemaElement] = []
    private(set) var rowCount = 0
    private(set) var rowGroups: [RowGroup] = []
    /// What its writer noted about it, by key: where each note lies in the file.
    private(set) var notes: [(key: String, place: Range<Int>)] = []
    /// Where the pages end.
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(TableError) {
        guard bytes.count >= 12, !bytes.starts(with: "PARE".utf8) else {
            throw bytes.starts(with: "PARE".utf8) ? Self.encrypted : Self.truncated
        }
        let tail = bytes[(bytes.count - 4)...]
        if tail.elementsEqual("PARE".utf8) { throw Self.encrypted }
        guard tail.elementsEqual("PAR1".utf8) else { throw Self.truncated }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt32.self)))
        guard length <= bytes.count - 12 else { throw ThriftReader.damaged }
        end = bytes.count - 8 - length
        try read(ThriftReader(UnsafeRawBufferPointer(rebasing: bytes[end..<bytes.count - 8])))
        guard rowCount >= 0, rowGroups.reduce(0, { $0 &+ $1.rowCount }) == rowCount else { throw ThriftReader.damaged }
    }

    private static let encrypted = TableError(
        .unsupportedFormat, "is encrypted: write it again without encryption, as pyarrow does by default")
    private static let truncated = TableError(.damagedFile, "ends in the middle: copy or write the file again")

    private mutating func read(_ reader: ThriftReader) throws(TableError) {
        var reader = reader
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (2, .list):
                for _ in 0..<(try Self.structures(&reader)) {
                    let start = reader.position
                    var element = try ParquetSchemaElement(&reader)
                    element.place = end + start..<end + reader.position
                    schema.append(element)
                }
            case (3, .long): rowCount = try reader.integer()
            case (4, .list):
                for _ in 0..<(try Self.structures(&reader)) { rowGroups.append(try Self.rowGroup(&reader)) }
            case (5, .list): for _ in 0..<(try Self.structures(&reader)) { try readNote(&reader) }
            case (8, _): throw Self.encrypted
            default: try reader.skip(field.kind)
            }
        }
    }

    private mutating func readNote(_ reader: inout ThriftReader) throws(TableError) {
        let start = reader.position
        var key = ""
        var last = 0
        while let field = try reader.field(after: &last) {
            if field.id == 1, field.kind == .binary { key = try reader.text() } else { try reader.skip(field.kind) }
        }
        notes.append((key, end + start..<end + reader.position))
    }

    private static func structures(_ reader: inout ThriftReader) throws(TableError) -> Int {
        let (count, kind) = try reader.list()
        guard kind == .structure || count == 0 else { throw ThriftReader.damaged }
        return count
    }

    private static func rowGroup(_ reader: inout ThriftReader) throws(TableError) -> RowGroup {
        var group = RowGroup()
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (1, .list): for _ in 0..<(try structures(&reader)) { group.chunks.append(try chunk(&reader)) }
            case (3, .long): group.rowCount = try reader.integer()
            default: try reader.skip(field.kind)
            }
        }
        guard group.rowCount >= 0, group.rowCount <= 1 << 40 else { throw ThriftReader.damaged }
        return group
    }

    private static func chunk(_ reader: inout ThriftReader) throws(TableError) -> Chunk {
        var chunk = Chunk()
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (1, .binary):
                chunk.isElsewhere = true
                try reader.skip(.binary)
            case (3, .structure): try metadata(&reader, &chunk)
            case (8, _), (9, _):
                chunk.isEncrypted = true
                try reader.skip(field.kind)
            default: try reader.skip(field.kind)
            }
        }
        return chunk
    }

    private static func metadata(_ reader: inout ThriftReader, _ chunk: inout Chunk) throws(TableError) {
        var last = 0
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (4, .int): chunk.codec = try reader.int32()
            case (5, .long): chunk.valueCount = try reader.integer()
            case (9, .long): chunk.dataOffset = try reader.integer()
            case (11, .long): chunk.dictionaryOffset = try reader.integer()
            default: try reader.skip(field.kind)
            }
        }
    }
}

/// One node of the schema tree, as it is written.
struct ParquetSchemaElement {
    /// What the values mean, beyond how they are stored.
    enum Meaning: Hashable {
        case text, decimal, date, uuid, half, nothing
        case time(perSecond: Double), timestamp(perSecond: Double, isUTC: Bool)
        case integer(isSigned: Bool)
        case list
        case other(String)
    }

    var name = ""
    var physicalType: Int?
    var width = 0
    /// 0 required, 1 optional, 2 repeated.
    var repetition = 0
    var childCount = 0
    var scale = 0
    var meaning: Meaning?
    /// Where it stands in the file.
    var place = 0..<0

    init(_ reader: inout ThriftReader) throws(TableError) {
        var last = 0
        var logical: Meaning?
        while let field = try reader.field(after: &last) {
            switch (field.id, field.kind) {
            case (1, .int): physicalType = try reader.int32()
            case (2, .int): width = try reader.int32()
            case (3, .int): repetition = try reader.int32()
            case (4, .binary): name = try reader.text()
            case (5, .int): childCount = try reader.int32()
            case (6, .int): meaning = Self.converted(try reader.int32())
            case (7, .int): scale = try reader.int32()
            case (10, .structure): logical = try Self.logical(&reader, &scale)
            default: try reader.skip(field.kind)
            }
        }
        meaning = logical ?? meaning
    }

    private static func converted(_ number: Int) -> Meaning? {
        switch number {
        case 0, 4, 19: .text
        case 1, 2, 3: .list
        case 5: .decimal
        case 6: .date
        case 7: .time(perSecond: 1e3)
        case 8: .time(perSecond: 1e6)
        case 9: .timestamp(perSecond: 1e3, isUTC: true)
        case 10: .timestamp(perSecond: 1e6, isUTC: true)
        case 11...14: .integer(isSigned: false)
        case 15...18: .integer(isSigned: true)
        case 20: .other("BSON")
        case 21: .other("intervals")
        default: nil
        }
    }

    /// A union: one field, whose number says the type.
    private static func logical(_ reader: inout ThriftReader, _ scale: inout Int) throws(TableError) -> Meaning? {
        var meaning: Meaning?
        var last = 0
        while let field = try reader.field(after: &last) {
            guard field.kind == .structure else {
                try reader.skip(field.kind)
                continue
            }
            switch field.id {
            case 5: (meaning, scale) = (.decimal, try numbers(&reader)[1] ?? 0)
            case 7: meaning = .time(perSecond: try clock(&reader).perSecond)
            case 8:
                let clock = try clock(&reader)
                meaning = .timestamp(perSecond: clock.perSecond, isUTC: clock.isUTC)
            case 10: meaning = .integer(isSigned: try numbers(&reader)[2] != 0)
            default:
                try reader.skip(.structure)
                meaning =
                    switch field.id {
                    case 1, 4, 12: .text
                    case 2, 3: .list
                    case 6: .date
                    case 11: .nothing
                    case 13: .other("BSON")
                    case 14: .uuid
                    case 15: .half
                    default: nil
                    }
            }
        }
        return meaning
    }

    /// A structure's whole numbers and truth values by field number.
    private static func numbers(_ reader: inout ThriftReader) throws(TableError) -> [Int: Int] {
        var values: [Int: Int] = [:]
        var last = 0
        while let field = try reader.field(after: &last) {
            switch field.kind {
            case .yes, .no: values[field.id] = field.kind == .yes ? 1 : 0
            case .byte: values[field.id] = try reader.signedByte()
            case .short, .int, .long: values[field.id] = try reader.integer()
            default: try reader.skip(field.kind)
            }
        }
        return values
    }

    /// Field 1 says whether times are UTC; field 2 is a union of milliseconds, microseconds and nanoseconds.
    private static func clock(_ reader: inout ThriftReader) throws(TableError) -> (perSecond: Double, isUTC: Bool) {
        var clock = (perSecond: 1e3, isUTC: false)
        var last = 0
        while let field = try reader.field(after: &last) {
            guard field.id == 2, field.kind == .structure else {
                if field.id == 1 { clock.isUTC = field.kind == .yes }
                try reader.skip(field.kind)
                continue
            }
            var inner = 0
            while let unit = try reader.field(after: &inner) {
                clock.perSecond = unit.id == 3 ? 1e9 : unit.id == 2 ? 1e6 : 1e3
                try reader.skip(unit.kind)
            }
        }
        return clock
    }
}
