import CTableKernels

/// Decodes one column of a Parquet file, page after page, into numbers or codes.
struct ParquetColumn {
    private let bytes: UnsafeRawBufferPointer
    private let leaf: ParquetLeaf
    private let rowCount: Int
    private var hasInfinity = false
    private let texts = TextNumbering()

    // What the dictionary page of the row group at hand gave.
    private var dictionaryNumbers: [Double] = []
    private var dictionaryCodes: [Int32] = []

    private let pageMemory = ScratchMemory(), levelMemory = ScratchMemory(), placeMemory = ScratchMemory()
    private let valueMemory = ScratchMemory(), lengthMemory = ScratchMemory(), spanMemory = ScratchMemory()

    /// Where a row group's values go: one of the two.
    private struct Output {
        var numbers: UnsafeMutablePointer<Double>?
        var codes: UnsafeMutablePointer<Int32>?
    }

    /// - Parameter bytes: of the file, up to the end of its pages.
    init(_ bytes: UnsafeRawBufferPointer, leaf: ParquetLeaf, rowCount: Int) {
        self.bytes = bytes
        self.leaf = leaf
        self.rowCount = rowCount
    }

    /// The whole column, typed as the same values in a CSV file are.
    mutating func decode(
        _ pieces: [(chunk: ParquetFooter.Chunk, rowCount: Int)], _ empty: TypedColumns
    ) throws(TableError) -> TypedColumns {
        var typed = empty
        switch leaf.reading {
        case .numbers(_, _, let kind):
            let numbers = try decodedNumbers(pieces)
            let isEmpty = numbers.allSatisfy(\.isNaN)
            typed.add(numbers: numbers, name: leaf.name, kind: isEmpty ? .numeric : kind, hasInfinity: hasInfinity)
        case .times(_, let perSecond):
            typed.add(TimeOfDay.column(name: leaf.name, try decodedNumbers(pieces), perSecond: perSecond))
        case .truths:
            let codes = try decodedCodes(pieces)
            typed.add(TextColumn(name: leaf.name, codes: codes, dictionary: ["false", "true"], mayRepeat: false).compacted())
        case .texts, .uuids:
            let codes = try decodedCodes(pieces)
            let isValid = (0..<texts.count).allSatisfy { code in
                let bytes = texts.bytes(of: code)
                return dk_utf8_invalid(bytes.baseAddress, bytes.count) == bytes.count
            }
            if !isValid {
                typed.add(
                    TableWarning(
                        .invalidUTF8, column: leaf.name,
                        "\(leaf.name) holds bytes that are no UTF-8: they are shown as \u{fffd}; leave the column out or write text"
                    ))
            }
            let dictionary = texts.texts
            typed.add(TextColumn(name: leaf.name, codes: codes, dictionary: dictionary, mayRepeat: !isValid).compacted())
        }
        return typed
    }

    private mutating func decodedNumbers(
        _ pieces: [(chunk: ParquetFooter.Chunk, rowCount: Int)]
    ) throws(TableError) -> [Double] {
        var numbers: [Double] = .uninitialized(rowCount)
        try numbers.withUnsafeMutableBufferPointer { buffer throws(TableError) in
            var row = 0
            for piece in pieces {
                try decode(piece.chunk, piece.rowCount, Output(numbers: buffer.baseAddress.map { $0 + row }))
                row += piece.rowCount
            }
        }
        return numbers
    }

    private mutating func decodedCodes(
        _ pieces: [(chunk: ParquetFooter.Chunk, rowCount: Int)]
    ) throws(TableError) -> [Int32] {
        var codes: [Int32] = .uninitialized(rowCount)
        try codes.withUnsafeMutableBufferPointer { buffer throws(TableError) in
            var row = 0
            for piece in pieces {
                try decode(piece.chunk, piece.rowCount, Output(codes: buffer.baseAddress.map { $0 + row }))
                row += piece.rowCount
            }
        }
        return codes
    }

    private mutating func decode(_ chunk: ParquetFooter.Chunk, _ rows: Int, _ output: Output) throws(TableError) {
        guard chunk.valueCount == rows else { throw ThriftReader.damaged }
        (dictionaryNumbers, dictionaryCodes) = ([], [])
        var offset = chunk.start, done = 0
        guard rows == 0 || (4..<bytes.count).contains(offset) else { throw ThriftReader.damaged }
        while done < rows {
            var reader = ThriftReader(bytes, at: offset)
            let header = try ParquetPageHeader(&reader)
            guard header.packedSize <= bytes.count - reader.position else { throw ThriftReader.damaged }
            let body = UnsafeRawBufferPointer(rebasing: bytes[reader.position..<reader.position + header.packedSize])
            offset = reader.position + header.packedSize
            switch header.kind {
            case .other: continue
            case .dictionary:
                let page = try ParquetCodec.unpack(body, codec: chunk.codec, size: header.unpackedSize, into: pageMemory)
                try readDictionary(page, header)
            case .data, .dataV2:
                guard header.valueCount <= rows - done else { throw ParquetCodec.damaged }
                let target = Output(numbers: output.numbers.map { $0 + done }, codes: output.codes.map { $0 + done })
                try readData(body, header, chunk.codec, target)
                done += header.valueCount
            }
        }
    }

    private mutating func readDictionary(_ page: UnsafeRawBufferPointer, _ header: ParquetPageHeader) throws(TableError) {
        // A value takes a bit at least, so that this many are no more than there are.
        guard header.valueCount <= page.count * 8, header.encoding == 0 || header.encoding == 2 else {
            throw ParquetCodec.damaged
        }
        var output = Output()
        if isNumeric {
            dictionaryNumbers = [Double](repeating: 0, count: header.valueCount)
            output.numbers = dictionaryNumbers.withUnsafeMutableBufferPointer { $0.baseAddress }
        } else {
            dictionaryCodes = [Int32](repeating: 0, count: header.valueCount)
            output.codes = dictionaryCodes.withUnsafeMutableBufferPointer { $0.baseAddress }
        }
        // SAFETY: the arrays are held by this struct and not touched while the values are written into them.
        try readValues(page, encoding: 0, header.valueCount, output)
    }

    private var isNumeric: Bool {
        switch leaf.reading {
        case .numbers, .times: true
        case .truths, .texts, .uuids: false
        }
    }

    private mutating func readData(
        _ body: UnsafeRawBufferPointer, _ header: ParquetPageHeader, _ codec: Int, _ output: Output
    ) throws(TableError) {
        let count = header.valueCount
        var values: UnsafeRawBufferPointer, levels: UnsafeRawBufferPointer?
        if header.kind == .dataV2 {
            guard header.repetitionSize == 0, header.definitionSize <= min(body.count, header.unpackedSize) else {
                throw ParquetCodec.damaged
            }
            levels = UnsafeRawBufferPointer(rebasing: body[..<header.definitionSize])
            let rest = UnsafeRawBufferPointer(rebasing: body[header.definitionSize...])
            values = try ParquetCodec.unpack(
                rest, codec: header.isCompressed ? codec : 0, size: header.unpackedSize - header.definitionSize, into: pageMemory)
        } else {
            values = try ParquetCodec.unpack(body, codec: codec, size: header.unpackedSize, into: pageMemory)
            if leaf.fullLevel > 0 {
                guard header.levelEncoding == 3 else { throw Self.unknown("levels", header.levelEncoding) }
                (levels, values) = try Self.lengthPrefixed(values)
            }
        }
        guard leaf.fullLevel > 0, let levels else { return try readValues(values, encoding: header.encoding, count, output) }
        let room = levelMemory.room(count, of: UInt32.self)
        let width = UInt32(UInt32.bitWidth - leaf.fullLevel.leadingZeroBitCount)
        guard dk_rle(levels.start, levels.count, width, room, count) != 0 else { throw ParquetCodec.damaged }
        let present = dk_present(room, count, leaf.fullLevel)
        if present > 0 { try readValues(values, encoding: header.encoding, present, output) }
        guard present < count else { return }
        if let numbers = output.numbers { dk_spread_numbers(numbers, present, room, count, leaf.fullLevel) }
        if let codes = output.codes { dk_spread_codes(codes, present, room, count, leaf.fullLevel) }
    }

    /// Four bytes of length, so many bytes, and the rest.
    private static func lengthPrefixed(
        _ bytes: UnsafeRawBufferPointer
    ) throws(TableError) -> (UnsafeRawBufferPointer, UnsafeRawBufferPointer) {
        guard bytes.count >= 4 else { throw ParquetCodec.damaged }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard length <= bytes.count - 4 else { throw ParquetCodec.damaged }
        return (
            UnsafeRawBufferPointer(rebasing: bytes[4..<4 + length]), UnsafeRawBufferPointer(rebasing: bytes[(4 + length)...])
        )
    }

    /// `count` values one behind the other.
    private mutating func readValues(
        _ page: UnsafeRawBufferPointer, encoding: Int, _ count: Int, _ output: Output
    ) throws(TableError) {
        if encoding == 2 || encoding == 8 {
            let places = placeMemory.room(count, of: UInt32.self)
            guard let width = page.first, dk_rle(page.start.map { $0 + 1 }, page.count - 1, UInt32(width), places, count) != 0
            else { throw ParquetCodec.damaged }
            let isWithin =
                if let numbers = output.numbers {
                    dk_pick_numbers(dictionaryNumbers, dictionaryNumbers.count, places, count, numbers) != 0
                } else {
                    dk_pick_codes(dictionaryCodes, dictionaryCodes.count, places, count, output.codes) != 0
                }
            guard isWithin else { throw ParquetCodec.damaged }
            return
        }
        switch leaf.reading {
        case .numbers(let type, let factor, _): try readNumbers(page, encoding, count, type, factor, output.numbers)
        case .times(let type, _): try readNumbers(page, encoding, count, type, 1, output.numbers)
        case .truths: try readTruths(page, encoding, count, output.codes)
        case .texts, .uuids:
            let (base, spans) = try textSpans(page, encoding, count)
            for index in 0..<count { output.codes?[index] = textCode(base, spans[index]) }
        }
    }

    private mutating func readNumbers(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int, _ type: Int, _ factor: Double,
        _ output: UnsafeMutablePointer<Double>?
    ) throws(TableError) {
        var type = Int32(type)
        let source: UnsafePointer<UInt8>?
        switch encoding {
        case 0 where leaf.physicalType == 6:
            let (base, spans) = try textSpans(page, encoding, count)
            for index in 0..<count {
                let value = dk_big_endian(base.map { $0 + dk_span_offset(spans[index]) }, dk_span_length(spans[index]))
                output?[index] = factor < 0 ? value / -factor : value
            }
            return
        case 0:
            guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
            source = page.start
        case 5 where leaf.physicalType == 1 || leaf.physicalType == 2:
            let integers = valueMemory.room(count, of: Int64.self)
            guard dk_delta(page.start, page.count, leaf.physicalType == 1 ? 32 : 64, integers, count) != 0 else {
                throw ParquetCodec.damaged
            }
            if type == DK_UINT32 { for index in 0..<count { integers[index] &= 0xffff_ffff } }
            type = type == DK_UINT64 ? Int32(DK_UINT64) : Int32(DK_INT64)
            source = UnsafeRawPointer(integers).assumingMemoryBound(to: UInt8.self)
        case 9 where leaf.width > 0:
            guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
            let joined = valueMemory.room(count * leaf.width, of: UInt8.self)
            guard dk_stream_split(page.start, page.count, leaf.width, joined, count) != 0 else { throw ParquetCodec.damaged }
            source = UnsafePointer(joined)
        default: throw Self.unknown("numbers", encoding)
        }
        if dk_numbers(type, leaf.width, source, count, factor, output) != 0 { hasInfinity = true }
    }

    private func readTruths(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int, _ output: UnsafeMutablePointer<Int32>?
    ) throws(TableError) {
        let bits = placeMemory.room(count, of: UInt32.self)
        switch encoding {
        case 0: guard dk_bits(page.start, page.count, bits, count) != 0 else { throw ParquetCodec.damaged }
        case 3:
            let (runs, _) = try Self.lengthPrefixed(page)
            guard dk_rle(runs.start, runs.count, 1, bits, count) != 0 else { throw ParquetCodec.damaged }
        default: throw Self.unknown("truth values", encoding)
        }
        for index in 0..<count { output?[index] = Int32(bits[index] & 1) }
    }

    /// Where the texts of a page lie, and in what.
    private func textSpans(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int
    ) throws(TableError) -> (base: UnsafePointer<UInt8>?, spans: UnsafeMutablePointer<dk_span>) {
        let spans = spanMemory.room(count, of: dk_span.self)
        switch encoding {
        case 0 where leaf.physicalType == 6:
            guard count <= page.count / 4, dk_plain_texts(page.start, page.count, spans, count) != 0 else {
                throw ParquetCodec.damaged
            }
            return (page.start, spans)
        case 0 where leaf.physicalType == 7, 9 where leaf.physicalType == 7:
            guard count <= page.count / leaf.width else { throw ParquetCodec.damaged }
            for index in 0..<count { spans[index] = dk_span_of(index * leaf.width, leaf.width, 0) }
            guard encoding == 9 else { return (page.start, spans) }
            let joined = valueMemory.room(count * leaf.width, of: UInt8.self)
            guard dk_stream_split(page.start, page.count, leaf.width, joined, count) != 0 else { throw ParquetCodec.damaged }
            return (UnsafePointer(joined), spans)
        case 6, 7:
            // Lengths of prefixes taken from the text before, lengths of the rest, and the rests.
            let lengths = lengthMemory.room(2 * count, of: Int64.self)
            var start = page.start, left = page.count
            for part in (encoding == 6 ? 1 : 0)..<2 {
                let used = dk_delta(start, left, 32, lengths + part * count, count)
                guard used > 0 else { throw ParquetCodec.damaged }
                (start, left) = (start.map { $0 + used }, left - used)
            }
            let prefixes = encoding == 7 ? lengths : nil
            let size = dk_joined_size(prefixes, lengths + count, count, left, 1 << 31)
            guard size > 0 else { throw ParquetCodec.damaged }
            let joined = valueMemory.room(size, of: UInt8.self)
            dk_join(prefixes, lengths + count, count, start, joined, spans)
            return (UnsafePointer(joined), spans)
        default: throw Self.unknown("texts", encoding)
        }
    }

    /// The number of a text; -1 for those that mean a missing value in any format.
    private func textCode(_ base: UnsafePointer<UInt8>?, _ span: dk_span) -> Int32 {
        let bytes = UnsafeBufferPointer(start: base.map { $0 + dk_span_offset(span) }, count: dk_span_length(span))
        if leaf.reading == .uuids {
            var text = UUIDText.text(bytes)
            return text.withUTF8 { texts.number($0) }
        }
        return dk_is_missing(bytes.baseAddress, bytes.count) != 0 ? -1 : texts.number(bytes)
    }

    private static func unknown(_ what: String, _ encoding: Int) -> TableError {
        TableError(
            .unsupportedFormat,
            "holds \(what) in encoding \(encoding), which this program does not know: write it again, as "
                + "duckdb -c \"copy (from 'IN') to 'OUT.parquet'\" does")
    }
}

extension UnsafeRawBufferPointer {
    /// The first byte's place.
    var start: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
