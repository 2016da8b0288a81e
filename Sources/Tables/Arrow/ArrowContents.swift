/// Where the values of an Arrow file's columns are: everything but the values, checked.
struct ArrowContents {
    let schema: ArrowSchema
    /// For each column its values, batch by batch.
    private(set) var pieces: [[ArrowPiece]]
    private(set) var rowCount = 0
    /// Whether there are more rows than were asked for.
    private(set) var isCut = false
    private let bytes: UnsafeRawBufferPointer
    private var dictionaries: [Int64: ArrowDictionary] = [:]
    private let isStream: Bool

    init(_ bytes: UnsafeRawBufferPointer, rowLimit: Int?) throws(TableError) {
        self.bytes = bytes
        var messages = try ArrowMessages(bytes)
        isStream = messages.isStream
        schema = try ArrowSchema(messages.schema, size: messages.schemaSize, isStream: isStream)
        pieces = schema.leaves.map { _ in [] }
        while let message = try messages.next() {
            switch message.kind {
            case .dictionary: try addDictionary(message)
            case .batch: if try addBatch(message, rowLimit: rowLimit) { return }
            case .schema, nil: throw FlatTable.damaged
            }
        }
    }

    private mutating func addDictionary(_ message: ArrowMessage) throws(TableError) {
        let id = try message.header.integer(0, as: Int64.self)
        let isDelta = try message.header.integer(2, as: UInt8.self) != 0
        guard let type = schema.dictionaries[id], let header = try message.header.table(1) else { throw FlatTable.damaged }
        var walk = try ArrowWalk(header, message.body, bytes)
        let piece = try walk.column(type)
        try walk.end()
        let old = dictionaries[id]
        if isDelta, let old {
            guard old.count + piece.rowCount <= Int32.max else { throw ArrowBuffer.damaged }
            dictionaries[id]?.pieces.append(piece)
        } else {
            // Only a stream, which is read in its order, can say that other values count from here on.
            guard old == nil || isStream, piece.rowCount <= Int32.max else { throw ArrowBuffer.damaged }
            dictionaries[id] = ArrowDictionary(generation: (old?.generation ?? 0) + 1, pieces: [piece])
        }
    }

    /// Whether these were the last rows wanted.
    private mutating func addBatch(_ message: ArrowMessage, rowLimit: Int?) throws(TableError) -> Bool {
        let left = rowLimit.map { $0 - rowCount }
        var walk = try ArrowWalk(message.header, message.body, bytes)
        if left == 0 {
            isCut = isCut || walk.rowCount > 0
            return isCut
        }
        var column = 0
        for field in schema.fields { try add(field, &walk, [], &column) }
        try walk.end()
        let taken = min(walk.rowCount, left ?? .max)
        if taken < walk.rowCount {
            isCut = true
            for index in pieces.indices { pieces[index][pieces[index].count - 1].rowCount = taken }
        }
        rowCount += taken
        // Rows of nothing take no bytes, so that nothing else bounds their number.
        guard rowCount <= 1 << 24 || schema.leaves.contains(where: { $0.encoding != nil || $0.type.layout != .none }) else {
            throw TableError(.tooLarge, "says it has \(rowCount) rows without a value: write a file with values")
        }
        return isCut
    }

    private mutating func add(
        _ field: ArrowField, _ walk: inout ArrowWalk, _ groups: [ArrowBuffer], _ column: inout Int
    ) throws(TableError) {
        switch field.content {
        case .values(let type):
            var piece: ArrowPiece
            if let encoding = field.encoding {
                let places = ArrowType(layout: .fixed(encoding.width), reading: type.reading)
                piece = try walk.column(places)
                // Where every value is missing, there may be no dictionary.
                piece.dictionary = dictionaries[encoding.dictionary] ?? ArrowDictionary()
            } else {
                piece = try walk.column(type)
            }
            piece.validities = groups + piece.validities
            pieces[column].append(piece)
            column += 1
        case .structure:
            let groups = groups + (try walk.validity())
            for child in field.children { try add(child, &walk, groups, &column) }
        case .foreign: throw FlatTable.damaged
        }
    }
}

/// Goes through the nodes and buffers of one batch.
struct ArrowWalk {
    let rowCount: Int
    private let bytes: UnsafeRawBufferPointer
    private let body: Range<Int>
    private let codec: ArrowCodec?
    private var nodes: ArraySlice<[Int64]>, buffers: ArraySlice<[Int64]>, viewCounts: ArraySlice<[Int64]>
    private var left: Int

    init(_ header: FlatTable, _ body: Range<Int>, _ bytes: UnsafeRawBufferPointer) throws(TableError) {
        (self.body, self.bytes, left) = (body, bytes, body.count)
        (nodes, buffers) = (try header.words(1, width: 16)[...], try header.words(2, width: 16)[...])
        viewCounts = try header.words(4, width: 8)[...]
        let length = try header.integer(0, as: Int64.self)
        // No file has bytes for more rows, and their sizes stay within what can be counted.
        guard (0...Int64(1) << 38).contains(length) else { throw FlatTable.damaged }
        rowCount = Int(length)
        guard let compression = try header.table(3) else {
            codec = nil
            return
        }
        guard let codec = ArrowCodec(rawValue: try compression.integer(0, as: Int8.self)),
            try compression.integer(1, as: Int8.self) == 0
        else {
            throw TableError(
                .unsupportedFormat, "is compressed in a way this program does not know: write it with lz4, zstd or without")
        }
        self.codec = codec
    }

    /// A column's values: its length and buffers, which hold as much as it needs.
    mutating func column(_ type: ArrowType) throws(TableError) -> ArrowPiece {
        var piece = ArrowPiece(rowCount: rowCount)
        if type.layout == .none {
            _ = try node()
            return piece
        }
        piece.validities = try validity()
        for least in type.leastSizes(rowCount) {
            let buffer = try buffer()
            guard buffer.count >= least else { throw ArrowBuffer.damaged }
            piece.buffers.append(buffer)
        }
        if type.layout == .views {
            guard let count = viewCounts.popFirst()?[0], (0...Int64(buffers.count)).contains(count) else {
                throw ArrowBuffer.damaged
            }
            for _ in 0..<count { piece.buffers.append(try buffer()) }
        }
        return piece
    }

    /// The bits of a column or a group that say which values there are; none where all are.
    mutating func validity() throws(TableError) -> [ArrowBuffer] {
        let missing = try node()
        let bits = try buffer()
        if missing == 0 { return [] }
        guard bits.count >= (rowCount + 7) / 8 else { throw ArrowBuffer.damaged }
        return [bits]
    }

    /// That everything belonged to a column.
    func end() throws(TableError) {
        guard nodes.isEmpty, buffers.isEmpty else { throw ArrowBuffer.damaged }
    }

    /// Missing values of the next column, which is as long as all others.
    private mutating func node() throws(TableError) -> Int64 {
        guard let node = nodes.popFirst(), node[0] == Int64(rowCount), (0...node[0]).contains(node[1]) else {
            throw ArrowBuffer.damaged
        }
        return node[1]
    }

    private mutating func buffer() throws(TableError) -> ArrowBuffer {
        guard let words = buffers.popFirst() else { throw ArrowBuffer.damaged }
        let buffer = try ArrowBuffer(words, in: body, codec: codec, of: bytes)
        // Buffers that lay over one another could say that there is far more than the file holds.
        guard buffer.range.count <= left else { throw ArrowBuffer.damaged }
        left -= buffer.range.count
        return buffer
    }
}
