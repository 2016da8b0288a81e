/// A message of an Arrow file or stream: its description and where its body lies.
struct ArrowMessage {
    enum Kind: UInt8 { case schema = 1, dictionary, batch }

    let kind: Kind?
    let header: FlatTable
    /// Bytes of the description.
    let size: Int
    /// In the file.
    let body: Range<Int>

    /// The message at a place of the file; nil at the end of a stream.
    ///
    /// - Parameter description: bytes up to the body, where something else says so too.
    init?(_ bytes: UnsafeRawBufferPointer, at place: Int, description: Int? = nil) throws(TableError) {
        guard place >= 0, place <= bytes.count else { throw FlatTable.damaged }
        if place == bytes.count { return nil }
        // Old streams end with four zeros.
        if bytes.count - place == 4, bytes[place...].allSatisfy({ $0 == 0 }) { return nil }
        guard bytes.count - place >= 8 else { throw Self.truncated }
        let mark = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        // Before version 0.15 nothing stood before the length.
        let prefix = mark == .max ? 8 : 4
        let length = Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + prefix - 4, as: Int32.self)))
        if length == 0 { return nil }
        let start = place + prefix
        guard length > 0 else { throw FlatTable.damaged }
        guard length <= bytes.count - start else { throw Self.truncated }
        let message = try FlatTable(root: UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]))
        guard try message.integer(0, as: Int16.self) >= 3 else {
            throw TableError(.unsupportedFormat, "is an Arrow file of before 2017: write it again with an Arrow of today")
        }
        guard let header = try message.table(2) else { throw FlatTable.damaged }
        kind = Kind(rawValue: try message.integer(1, as: UInt8.self))
        self.header = header
        size = length
        let count = try message.integer(3, as: Int64.self)
        let bodyStart = description.map { place + $0 } ?? start + length
        guard count >= 0, bodyStart >= start + length, bodyStart <= bytes.count else { throw FlatTable.damaged }
        guard count <= Int64(bytes.count - bodyStart) else { throw Self.truncated }
        body = bodyStart..<bodyStart + Int(count)
    }

    static let truncated = TableError(.damagedFile, "ends in the middle: copy or write the file again")
}

/// The messages of a file in the order in which they count: schema, then dictionaries and batches.
struct ArrowMessages {
    let schema: FlatTable
    let schemaSize: Int
    let isStream: Bool
    private let bytes: UnsafeRawBufferPointer
    /// Where a file's messages are, the next one last.
    private var blocks: [(place: Int, description: Int)] = []
    /// Where a stream goes on.
    private var place = 0

    /// What the file form begins and ends with.
    static let mark = Array("ARROW1".utf8)

    /// Whether the first bytes are those of a stream.
    static func isStream(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 16 else { return false }
        let word = { (place: Int) in Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)) }
        if word(0) == -1 { return (1..<1 << 28).contains(word(4)) && word(4) % 8 == 0 }
        // Before version 0.15 the length stood first. Other files may begin like that, but hold no description there.
        guard (1..<1 << 24).contains(word(0)), word(0) % 8 == 4 else { return false }
        do throws(TableError) { return try ArrowMessage(bytes, at: 0)?.kind == .schema } catch { return false }
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(TableError) {
        self.bytes = bytes
        isStream = !bytes.starts(with: Self.mark)
        if isStream {
            guard let first = try ArrowMessage(bytes, at: 0), first.kind == .schema else { throw FlatTable.damaged }
            (schema, schemaSize, place) = (first.header, first.size, first.body.upperBound)
            return
        }
        let tail = bytes.count - 10
        guard tail >= 8, bytes[(bytes.count - 6)...].elementsEqual(Self.mark) else { throw ArrowMessage.truncated }
        let length = Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: tail, as: Int32.self)))
        guard length > 0, length <= tail - 8 else { throw FlatTable.damaged }
        let footer = try FlatTable(root: UnsafeRawBufferPointer(rebasing: bytes[(tail - length)..<tail]))
        guard let schema = try footer.table(1) else { throw FlatTable.damaged }
        self.schema = schema
        schemaSize = length
        var left = bytes.count
        for slot in [2, 3] {
            for block in try footer.words(slot, width: 24) {
                let description = Int(Int32(truncatingIfNeeded: block[1]))
                // Pieces that lay over one another could say that there is far more than the file holds.
                guard (0...Int64(bytes.count)).contains(block[0]), description > 0, (0...Int64(left)).contains(block[2]),
                    description <= left - Int(block[2])
                else { throw FlatTable.damaged }
                left -= description + Int(block[2])
                blocks.append((Int(block[0]), description))
            }
        }
        blocks.reverse()
    }

    /// The next message, nil when there is none.
    mutating func next() throws(TableError) -> ArrowMessage? {
        if isStream {
            guard let message = try ArrowMessage(bytes, at: place) else { return nil }
            place = message.body.upperBound
            return message
        }
        guard let block = blocks.popLast() else { return nil }
        guard let message = try ArrowMessage(bytes, at: block.place, description: block.description) else {
            throw FlatTable.damaged
        }
        return message
    }
}
