/// A table of a FlatBuffer. Every place in it is checked before it is read.
///
/// - Source: the FlatBuffers format, "FlatBuffer Internals".
struct FlatTable {
    private let bytes: UnsafeRawBufferPointer
    private let position: Int
    /// Where the table of its fields' places is, and how many bytes that takes.
    private let fields: Int, fieldBytes: Int

    /// The table that a buffer holds.
    init(root bytes: UnsafeRawBufferPointer) throws(TableError) {
        try self.init(bytes, at: Int(Self.load(bytes, 0, as: UInt32.self)))
    }

    private init(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(TableError) {
        self.bytes = bytes
        self.position = position
        fields = position - Int(try Self.load(bytes, position, as: Int32.self))
        fieldBytes = Int(try Self.load(bytes, fields, as: UInt16.self))
        guard fieldBytes >= 4, fieldBytes <= bytes.count - fields else { throw Self.damaged }
    }

    static let damaged = TableError(.damagedFile, "its description is damaged: copy or write the file again")

    /// The number in a field; the default is what is not written.
    func integer<Number: FixedWidthInteger & BitwiseCopyable>(
        _ slot: Int, as type: Number.Type, default other: Number = 0
    ) throws(TableError) -> Number {
        guard let place = try place(slot) else { return other }
        return try Self.load(bytes, place, as: type)
    }

    func table(_ slot: Int) throws(TableError) -> FlatTable? {
        guard let place = try place(slot) else { return nil }
        return try FlatTable(bytes, at: try pointee(place))
    }

    func tables(_ slot: Int) throws(TableError) -> [FlatTable] {
        guard let (start, count) = try vector(slot, width: 4) else { return [] }
        var tables: [FlatTable] = []
        for index in 0..<count { tables.append(try FlatTable(bytes, at: try pointee(start + 4 * index))) }
        return tables
    }

    func text(_ slot: Int) throws(TableError) -> String? {
        guard let (start, count) = try vector(slot, width: 1) else { return nil }
        return String(decoding: bytes[start..<start + count], as: UTF8.self)
    }

    /// The structures of a field, `width` bytes each, as rows of 64-bit words; what is not a whole word at the end is left out.
    func words(_ slot: Int, width: Int) throws(TableError) -> [[Int64]] {
        guard let (start, count) = try vector(slot, width: width) else { return [] }
        var rows: [[Int64]] = []
        for index in 0..<count {
            var row: [Int64] = []
            for offset in stride(from: 0, to: width, by: 8) {
                row.append(try Self.load(bytes, start + index * width + offset, as: Int64.self))
            }
            rows.append(row)
        }
        return rows
    }

    private func vector(_ slot: Int, width: Int) throws(TableError) -> (start: Int, count: Int)? {
        guard let place = try place(slot) else { return nil }
        let start = try pointee(place)
        let count = Int(try Self.load(bytes, start, as: UInt32.self))
        guard count <= (bytes.count - start - 4) / width else { throw Self.damaged }
        return (start + 4, count)
    }

    /// Where a field lies; nil when it is not written.
    private func place(_ slot: Int) throws(TableError) -> Int? {
        let entry = 4 + 2 * slot
        guard entry + 2 <= fieldBytes else { return nil }
        let offset = Int(try Self.load(bytes, fields + entry, as: UInt16.self))
        return offset == 0 ? nil : position + offset
    }

    /// What a field that is a place points at.
    private func pointee(_ place: Int) throws(TableError) -> Int {
        place + Int(try Self.load(bytes, place, as: UInt32.self))
    }

    private static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, as type: Number.Type
    ) throws(TableError) -> Number {
        try bytes.littleEndian(at: place, as: type, or: damaged)
    }
}
