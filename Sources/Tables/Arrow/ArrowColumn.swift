import CTableKernels

/// Decodes one column of an Arrow file, batch after batch, into numbers or codes.
struct ArrowColumn {
    static let int32 = Int32(DK_INT32)

    private let bytes: UnsafeRawBufferPointer
    private let name: String
    private let type: ArrowType
    private let encoding: ArrowField.Encoding?
    /// Whether the usual words for a missing value are that.
    private let knowsMissing: Bool
    private let texts = TextNumbering()
    /// How to write values that are no texts, where texts are wanted of them.
    private var stored: StoredText?
    /// How many texts have been counted against `textRoom`, and how many more bytes of distinct ones there may be.
    private var countedTexts: Int32 = 0, textRoom = 0

    // The dictionary at hand, and how many of its pieces are decoded.
    private var generation = 0, decodedPieces = 0
    private var dictionaryNumbers: [Double] = []
    private var dictionaryCodes: [Int32] = []

    private let bitMemory = ScratchMemory(), unpackedBitMemory = ScratchMemory(), placeMemory = ScratchMemory()
    private var bufferMemory: [ScratchMemory] = []

    /// - Parameter bytes: of the whole file.
    init(
        _ bytes: UnsafeRawBufferPointer, name: String, type: ArrowType, encoding: ArrowField.Encoding?,
        _ empty: TypedColumns
    ) {
        (self.bytes, self.name, self.type, self.encoding) = (bytes, name, type, encoding)
        knowsMissing = empty.options.missing?.replacesUsual != true && !empty.options.keepsTexts
        var isClock = false
        if case .times = type.reading { isClock = true }
        stored = empty.keepsText(name, hasTexts: isClock) ? type.text : nil
    }

    /// The whole column, typed as the same values in a CSV file are.
    mutating func decode(_ pieces: [ArrowPiece], rowCount: Int, _ empty: TypedColumns) throws(TableError) -> TypedColumns {
        var typed = empty
        switch type.reading {
        case .numbers where stored != nil, .times where stored != nil:
            try addTexts(try decodedCodes(pieces, rowCount), to: &typed)
        case .nothing:
            typed.add(numbers: [Double](repeating: .nan, count: rowCount), name: name, kind: .numeric)
        case .numbers(_, _, let kind):
            let numbers = try decodedNumbers(pieces, rowCount)
            if kind == .integer, NumberTyping.areRounded(numbers) {
                // A dictionary at hand holds numbers.
                (stored, generation, decodedPieces) = (type.text, 0, 0)
                try addTexts(try decodedCodes(pieces, rowCount), to: &typed)
                return typed
            }
            let isEmpty = numbers.allSatisfy(\.isNaN)
            typed.add(
                numbers: numbers, name: name, kind: isEmpty ? .numeric : kind,
                hasInfinity: kind == .numeric && numbers.contains(where: \.isInfinite))
        case .times(_, let perSecond):
            typed.add(TimeOfDay.column(name: name, try decodedNumbers(pieces, rowCount), perSecond: perSecond))
        case .truths:
            let codes = try decodedCodes(pieces, rowCount)
            typed.add(TextColumn(name: name, codes: codes, dictionary: ["false", "true"], mayRepeat: false).compacted())
        case .texts, .uuids, .bytes: try addTexts(try decodedCodes(pieces, rowCount), to: &typed)
        }
        return typed
    }

    private func addTexts(_ codes: [Int32], to typed: inout TypedColumns) throws(TableError) {
        var codes = codes
        let isText = (0..<texts.count).map { code in
            let bytes = texts.bytes(of: code)
            return dk_utf8_invalid(bytes.baseAddress, bytes.count) == bytes.count
        }
        let isValid = isText.allSatisfy { $0 }
        if !isValid, type.reading == .bytes {
            var lost = 0
            for row in codes.indices where codes[row] >= 0 && !isText[Int(codes[row])] { (codes[row], lost) = (-1, lost + 1) }
            if lost > 0 {
                typed.add(
                    TableWarning(
                        .invalidUTF8, column: name,
                        "\(name) holds bytes that are no text in \(lost) rows: they are missing; write text or numbers"))
            }
        } else if !isValid {
            typed.add(
                TableWarning(
                    .invalidUTF8, column: name,
                    "\(name) holds bytes that are no UTF-8: they are shown as \u{fffd}; leave the column out or write text"))
        }
        typed.add(TextColumn(name: name, codes: codes, dictionary: texts.texts, mayRepeat: !isValid).compacted())
    }

    private mutating func decodedNumbers(_ pieces: [ArrowPiece], _ rowCount: Int) throws(TableError) -> [Double] {
        var numbers: [Double] = .uninitialized(rowCount)
        try numbers.withUnsafeMutableBufferPointer { output throws(TableError) in
            var row = 0
            for piece in pieces {
                let target = UnsafeMutableBufferPointer(rebasing: output[row..<row + piece.rowCount])
                if encoding == nil { try readNumbers(piece, target) } else { try pickNumbers(piece, target) }
                row += piece.rowCount
            }
        }
        return numbers
    }

    private mutating func decodedCodes(_ pieces: [ArrowPiece], _ rowCount: Int) throws(TableError) -> [Int32] {
        var codes: [Int32] = .uninitialized(rowCount)
        try codes.withUnsafeMutableBufferPointer { output throws(TableError) in
            var row = 0
            for piece in pieces {
                let target = UnsafeMutableBufferPointer(rebasing: output[row..<row + piece.rowCount])
                if encoding == nil { try readCodes(piece, target) } else { try pickCodes(piece, target) }
                row += piece.rowCount
            }
        }
        return codes
    }

    private mutating func readNumbers(
        _ piece: ArrowPiece, _ output: UnsafeMutableBufferPointer<Double>
    ) throws(TableError) {
        guard case .fixed(let width) = type.layout, !output.isEmpty else { return output.update(repeating: .nan) }
        let values = try open(piece, 0)
        switch type.reading {
        case .numbers(let stored, let factor, _):
            _ = dk_numbers(stored, width, values.start, output.count, factor, output.baseAddress)
        case .times(let stored, _): _ = dk_numbers(stored, width, values.start, output.count, 1, output.baseAddress)
        default: output.update(repeating: .nan)
        }
        if let valid = try valid(piece) { dk_blank_numbers(valid, output.baseAddress, output.count) }
    }

    private mutating func pickNumbers(_ piece: ArrowPiece, _ output: UnsafeMutableBufferPointer<Double>) throws(TableError) {
        try readDictionary(piece)
        let places = try places(piece, size: dictionaryNumbers.count)
        for row in output.indices { output[row] = places[row] < 0 ? .nan : dictionaryNumbers[Int(places[row])] }
    }

    private mutating func pickCodes(_ piece: ArrowPiece, _ output: UnsafeMutableBufferPointer<Int32>) throws(TableError) {
        try readDictionary(piece)
        let places = try places(piece, size: dictionaryCodes.count)
        for row in output.indices { output[row] = places[row] < 0 ? -1 : dictionaryCodes[Int(places[row])] }
    }

    /// The numbers that stand for values of the dictionary, -1 for missing ones.
    private mutating func places(_ piece: ArrowPiece, size: Int) throws(TableError) -> UnsafeMutablePointer<Int32> {
        let places = placeMemory.room(piece.rowCount, of: Int32.self)
        let valid = try valid(piece)
        let stored = try open(piece, 0)
        guard let encoding, dk_places(encoding.type, stored.start, piece.rowCount, valid, size, places) != 0 else {
            throw ArrowBuffer.damaged
        }
        return places
    }

    private mutating func readDictionary(_ piece: ArrowPiece) throws(TableError) {
        let dictionary = piece.dictionary ?? ArrowDictionary()
        if dictionary.generation != generation {
            (generation, decodedPieces) = (dictionary.generation, 0)
            (dictionaryNumbers, dictionaryCodes) = ([], [])
        }
        for part in dictionary.pieces.dropFirst(decodedPieces) {
            if type.isNumeric, stored == nil {
                var numbers = [Double](repeating: .nan, count: part.rowCount)
                try numbers.withUnsafeMutableBufferPointer { output throws(TableError) in try readNumbers(part, output) }
                dictionaryNumbers += numbers
            } else {
                var codes = [Int32](repeating: -1, count: part.rowCount)
                try codes.withUnsafeMutableBufferPointer { output throws(TableError) in try readCodes(part, output) }
                dictionaryCodes += codes
            }
        }
        decodedPieces = max(decodedPieces, dictionary.pieces.count)
    }

    private mutating func readCodes(_ piece: ArrowPiece, _ output: UnsafeMutableBufferPointer<Int32>) throws(TableError) {
        guard !output.isEmpty else { return }
        let valid = try valid(piece)
        // Texts that lie over one another could take far more memory than the file has bytes.
        for buffer in piece.buffers { textRoom += 16 * buffer.count }
        switch type.layout {
        case .bits:
            let bits = try open(piece, 0)
            for row in output.indices { output[row] = Int32(bits[row >> 3] >> UInt8(row & 7) & 1) }
            if let valid { dk_blank_codes(valid, output.baseAddress, output.count) }
        case .fixed(let width):
            let values = try open(piece, 0)
            for row in output.indices {
                output[row] = try Self.isValid(valid, row) ? code(values[row * width..<(row + 1) * width]) : -1
            }
        case .offsets(let width):
            let offsets = try open(piece, 0), values = try open(piece, 1)
            for row in output.indices {
                output[row] = try Self.isValid(valid, row) ? code(values[Self.range(offsets, width, row, values.count)]) : -1
            }
        case .views: try readViews(piece, valid, output)
        case .none: output.update(repeating: -1)
        }
    }

    private mutating func readViews(
        _ piece: ArrowPiece, _ valid: UnsafePointer<UInt8>?, _ output: UnsafeMutableBufferPointer<Int32>
    ) throws(TableError) {
        let views = try open(piece, 0)
        var others: [UnsafeRawBufferPointer] = []
        for index in piece.buffers.indices.dropFirst() { others.append(try open(piece, index)) }
        for row in output.indices {
            guard Self.isValid(valid, row) else {
                output[row] = -1
                continue
            }
            let word = { (index: Int) in
                Int(Int32(littleEndian: views.loadUnaligned(fromByteOffset: row * 16 + 4 * index, as: Int32.self)))
            }
            let length = word(0)
            if (0...12).contains(length) {
                output[row] = try code(views[row * 16 + 4..<row * 16 + 4 + length])
                continue
            }
            let (buffer, offset) = (word(2), word(3))
            guard length > 0, others.indices.contains(buffer), offset >= 0, length <= others[buffer].count - offset else {
                throw ArrowBuffer.damaged
            }
            try Self.check(length)
            output[row] = try code(others[buffer][offset..<offset + length])
        }
    }

    private static func range(
        _ offsets: UnsafeRawBufferPointer, _ width: Int, _ row: Int, _ size: Int
    ) throws(TableError) -> Range<Int> {
        let from: Int, to: Int
        if width == 4 {
            from = Int(Int32(littleEndian: offsets.loadUnaligned(fromByteOffset: row * 4, as: Int32.self)))
            to = Int(Int32(littleEndian: offsets.loadUnaligned(fromByteOffset: row * 4 + 4, as: Int32.self)))
        } else {
            from = Int(Int64(littleEndian: offsets.loadUnaligned(fromByteOffset: row * 8, as: Int64.self)))
            to = Int(Int64(littleEndian: offsets.loadUnaligned(fromByteOffset: row * 8 + 8, as: Int64.self)))
        }
        guard from >= 0, to >= from, to <= size else { throw ArrowBuffer.damaged }
        try check(to - from)
        return from..<to
    }

    private static func check(_ length: Int) throws(TableError) {
        guard length <= 0xff_ffff else {
            throw TableError(.fieldTooLong, "holds a text of \(length) bytes: 16 MB can be read; leave the column out")
        }
    }

    private static func isValid(_ valid: UnsafePointer<UInt8>?, _ row: Int) -> Bool {
        guard let valid else { return true }
        return valid[row >> 3] >> UInt8(row & 7) & 1 == 1
    }

    /// The number of a text; -1 for those that mean a missing value in any format.
    private mutating func code(_ slice: Slice<UnsafeRawBufferPointer>) throws(TableError) -> Int32 {
        let bytes = UnsafeRawBufferPointer(rebasing: slice)
        let text = UnsafeBufferPointer(start: bytes.start, count: bytes.count)
        if let stored {
            guard var shown = stored.value(bytes).field else { return -1 }
            return shown.withUTF8 { texts.number($0) }
        }
        if type.reading == .uuids {
            var shown = UUIDText.text(text)
            return shown.withUTF8 { texts.number($0) }
        }
        let isMissing = text.isEmpty || knowsMissing && dk_is_missing(text.baseAddress, text.count) != 0
        if isMissing { return -1 }
        let number = texts.number(text)
        if number == countedTexts {
            countedTexts += 1
            textRoom -= text.count
            guard textRoom >= 0 else { throw ArrowBuffer.damaged }
        }
        return number
    }

    private mutating func open(_ piece: ArrowPiece, _ index: Int) throws(TableError) -> UnsafeRawBufferPointer {
        while bufferMemory.count <= index { bufferMemory.append(ScratchMemory()) }
        return try piece.buffers[index].open(bytes, bufferMemory[index])
    }

    /// One bit a value, 0 where the value or a group around it is missing; nil when nothing is.
    private func valid(_ piece: ArrowPiece) throws(TableError) -> UnsafePointer<UInt8>? {
        guard let last = piece.validities.last else { return nil }
        if piece.validities.count == 1 { return try last.open(bytes, bitMemory).start }
        let count = (piece.rowCount + 7) / 8
        let bits = bitMemory.room(count, of: UInt8.self)
        bits.update(repeating: 0xff, count: count)
        for validity in piece.validities {
            let others = try validity.open(bytes, unpackedBitMemory)
            for index in 0..<count { bits[index] &= others[index] }
        }
        return UnsafePointer(bits)
    }
}
