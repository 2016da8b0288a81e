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

    private let pageMemory = ScratchMemory()
    private let values: ParquetValues

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
        values = ParquetValues(leaf)
    }

    /// The whole column, typed as the same values in a CSV file are.
    mutating func decode(
        _ pieces: [(chunk: ParquetFooter.Chunk, rowCount: Int)], _ empty: TypedColumns
    ) throws(TableError) -> TypedColumns {
        var typed = empty
        var isClock = false
        if case .times = leaf.reading { isClock = true }
        if typed.keepsText(leaf.name, hasTexts: isClock), StoredText(leaf) != nil {
            typed.add(try storedTexts(pieces))
            return typed
        }
        switch leaf.reading {
        case .numbers(_, _, let kind):
            let numbers = try decodedNumbers(pieces)
            if kind == .integer, leaf.physicalType != 4, leaf.physicalType != 5, NumberTyping.areRounded(numbers) {
                typed.add(try storedTexts(pieces))
                return typed
            }
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

    /// The exact texts of values that are no texts.
    private func storedTexts(
        _ pieces: [(chunk: ParquetFooter.Chunk, rowCount: Int)]
    ) throws(TableError) -> TextColumn {
        let raw = ParquetRawColumn(bytes, leaf: leaf), text = ParquetValueText(leaf)
        var codes: [Int32] = [], places: [String: Int32] = [:], dictionary: [String] = []
        codes.reserveCapacity(rowCount)
        for piece in pieces {
            let chunk = try raw.decode(piece.chunk, rowCount: piece.rowCount)
            for span in chunk.rowSpans {
                guard let place = chunk.place(span), let shown = text.value(chunk.bytes[place]).field else {
                    codes.append(-1)
                    continue
                }
                let next = Int32(dictionary.count)
                let code = places[shown, default: next]
                if code == next {
                    places[shown] = next
                    dictionary.append(shown)
                }
                codes.append(code)
            }
        }
        return TextColumn(name: leaf.name, codes: codes, dictionary: dictionary, mayRepeat: false)
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
        (dictionaryNumbers, dictionaryCodes) = ([], [])
        var pages = try ParquetPages(bytes, chunk, leaf, rowCount: rows, memory: pageMemory)
        var done = 0
        while let page = try pages.next() {
            if page.isDictionary {
                try readDictionary(page)
            } else {
                try readData(page, Output(numbers: output.numbers.map { $0 + done }, codes: output.codes.map { $0 + done }))
                done += page.count
            }
        }
    }

    private mutating func readDictionary(_ page: ParquetPage) throws(TableError) {
        var output = Output()
        if isNumeric {
            dictionaryNumbers = [Double](repeating: 0, count: page.count)
            output.numbers = dictionaryNumbers.withUnsafeMutableBufferPointer { $0.baseAddress }
        } else {
            dictionaryCodes = [Int32](repeating: 0, count: page.count)
            output.codes = dictionaryCodes.withUnsafeMutableBufferPointer { $0.baseAddress }
        }
        // SAFETY: the arrays are held by this struct and not touched while the values are written into them.
        try readValues(page.values, encoding: 0, page.count, output)
    }

    private var isNumeric: Bool {
        switch leaf.reading {
        case .numbers, .times: true
        case .truths, .texts, .uuids: false
        }
    }

    private mutating func readData(_ page: ParquetPage, _ output: Output) throws(TableError) {
        let count = page.count
        guard let packed = page.levels else { return try readValues(page.values, encoding: page.encoding, count, output) }
        let levels = try values.levels(packed, count)
        let present = dk_present(levels, count, leaf.fullLevel)
        if present > 0 { try readValues(page.values, encoding: page.encoding, present, output) }
        guard present < count else { return }
        if let numbers = output.numbers { dk_spread_numbers(numbers, present, levels, count, leaf.fullLevel) }
        if let codes = output.codes { dk_spread_codes(codes, present, levels, count, leaf.fullLevel) }
    }

    /// `count` values one behind the other.
    private mutating func readValues(
        _ page: UnsafeRawBufferPointer, encoding: Int, _ count: Int, _ output: Output
    ) throws(TableError) {
        if let places = try values.places(page, encoding, count) {
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
        case .truths:
            let bits = try values.truths(page, encoding, count)
            for index in 0..<count { output.codes?[index] = Int32(bits[index] & 1) }
        case .texts, .uuids:
            let (bytes, spans) = try values.spans(page, encoding, count)
            for index in 0..<count { output.codes?[index] = textCode(bytes.baseAddress, spans[index]) }
        }
    }

    private mutating func readNumbers(
        _ page: UnsafeRawBufferPointer, _ encoding: Int, _ count: Int, _ type: Int, _ factor: Double,
        _ output: UnsafeMutablePointer<Double>?
    ) throws(TableError) {
        if leaf.physicalType == 6 {
            guard encoding == 0 else { throw ParquetValues.unknown("numbers", encoding) }
            let (bytes, spans) = try values.spans(page, encoding, count)
            for index in 0..<count {
                let start = bytes.baseAddress.map { $0 + dk_span_offset(spans[index]) }
                let value = dk_big_endian(start, dk_span_length(spans[index]))
                output?[index] = factor < 0 ? value / -factor : value
            }
            return
        }
        var type = Int32(type)
        let (source, isWidened) = try values.fixed(page, encoding, count)
        if isWidened, let source {
            if type == DK_UINT32 {
                // SAFETY: widened integers lie in memory of `values`, which nobody else looks at.
                let integers = UnsafeMutableRawPointer(mutating: source).assumingMemoryBound(to: Int64.self)
                for index in 0..<count { integers[index] &= 0xffff_ffff }
            }
            type = type == DK_UINT64 ? Int32(DK_UINT64) : Int32(DK_INT64)
        }
        if dk_numbers(type, leaf.width, source, count, factor, output) != 0 { hasInfinity = true }
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
}
