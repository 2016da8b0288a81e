import Tables

/// Rows of comma-separated values, with or without the names of their columns.
struct CSVRequest {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    private var position = 0, line = 1
    /// The line of the next record; `line` is that of the one that was read last.
    private var nextLine = 1
    /// The fields of the record that was read last.
    private var fields: [UnsafeBufferPointer<UInt8>] = []

    private static let quote = UInt8(ascii: "\""), newline = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")

    /// - Throws: `unsupportedContentType` for what is no CSV, `validation` for rows that are not the model's.
    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ type: MediaType, delimiter: UInt8, into rows: inout RequestRows
    ) throws(InvocationError) {
        var reader = CSVRequest(bytes, delimiter)
        guard try reader.next() else {
            throw InvocationError(.validation, "the body is empty: send at least one row")
        }
        let skip = type.parameters["label_size"].flatMap { Int($0) } ?? 0
        var order: [Int?], doubted: [String]?
        if reader.isHeader(type.parameters["header"], rows) {
            order = reader.order(&rows)
            let places = order.compactMap(\.self)
            if let place = places.enumerated().first(where: { places[..<$0.offset].contains($0.element) })?.element {
                throw rows.twice(rows.columns.needed[place], line: reader.line)
            }
            guard try reader.next() else {
                throw InvocationError(.validation, "there are names of columns and no rows: send some")
            }
        } else {
            guard let found = rows.columns.order(width: reader.fields.count - skip) else {
                throw rows.widthError(reader.fields.count - skip, line: reader.line)
            }
            order = [Int?](repeating: nil, count: max(0, skip)) + found
            if type.parameters["header"] == nil, reader.mayBeNames { doubted = reader.names }
        }
        repeat {
            guard reader.fields.count == order.count else {
                throw InvocationError(
                    .validation,
                    "there are \(reader.fields.count) values where the first row has \(order.count): give each row as many",
                    line: reader.line)
            }
            for (place, field) in zip(order, reader.fields) { if let place { rows.table.put(field, in: place) } }
            rows.table.endRow()
            rows.lines.append(reader.line)
            if let names = doubted, rows.table.rowCount == 2 {
                let hasNumbers = zip(order, reader.fields).contains { $0 != nil && NumberText.value($1) != nil }
                // As a row it would be answered, too, and every answer behind it be another row's.
                if hasNumbers { throw rows.doubt(names, line: rows.lines.first) }
                doubted = nil
            }
        } while try reader.next()
    }

    /// Whether the first record names columns.
    static func isHeader(
        _ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, _ rows: RequestRows, _ filter: RecordFilter?
    ) -> Bool {
        var reader = CSVRequest(bytes, delimiter)
        do throws(InvocationError) { guard try reader.next() else { return false } } catch { return false }
        if let filter, let places = filter.places(count: reader.fields.count) {
            reader.fields = places.map { [fields = reader.fields] in fields[$0] }
        }
        return reader.isHeader(nil, rows)
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) {
        (self.bytes, self.delimiter) = (bytes, delimiter)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// Reads the next record that is not blank; false behind the last.
    private mutating func next() throws(InvocationError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        while position < bytes.count, bytes[position] == Self.newline || bytes[position] == Self.carriageReturn {
            if bytes[position] == Self.newline { nextLine += 1 }
            position += 1
        }
        line = nextLine
        guard position < bytes.count else { return false }
        while true {
            fields.append(try field())
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        if position < bytes.count {
            if bytes[position] == Self.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Self.newline {
                position += 1
            }
            if bytes[position] == Self.newline { nextLine += 1 }
            position += 1
        }
        return true
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == delimiter || byte == Self.newline || byte == Self.carriageReturn }

    private func isBlank(_ byte: UInt8) -> Bool { (byte == 0x20 || byte == 9) && byte != delimiter }

    /// One field, without the blanks around it.
    private mutating func field() throws(InvocationError) -> UnsafeBufferPointer<UInt8> {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        if position < bytes.count, bytes[position] == Self.quote { return try quoted() }
        let start = position
        while position < bytes.count, !isEnd(bytes[position]) {
            guard bytes[position] != 0 else { throw fault("a NUL byte, which text has none of: send UTF-8") }
            position += 1
        }
        var end = position
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    private mutating func quoted() throws(InvocationError) -> UnsafeBufferPointer<UInt8> {
        position += 1
        let start = position
        var doubled = false
        while true {
            guard position < bytes.count else { throw fault("a quote that does not end: close it") }
            if bytes[position] == Self.newline { nextLine += 1 }
            if bytes[position] == Self.quote {
                guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { break }
                doubled = true
                position += 1
            }
            position += 1
        }
        let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
        position += 1
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        guard position == bytes.count || isEnd(bytes[position]) else {
            throw fault("text behind a closing quote: double the quotes within the text")
        }
        return doubled ? undoubled(text) : text
    }

    /// The text with one quote for two, which stays until the next record is read.
    private mutating func undoubled(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        // SAFETY: the copy lives as long as `owned`, and so at least as long as the fields that are read from here.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count)
        owned.blocks.append(copy)
        var count = 0, skips = false
        for byte in text {
            skips = byte == Self.quote && !skips
            guard !skips else { continue }
            copy[count] = byte
            count += 1
        }
        return UnsafeBufferPointer(rebasing: copy[..<count])
    }

    /// Texts that are not in the body as they are.
    private final class OwnedTexts {
        var blocks: [UnsafeMutableBufferPointer<UInt8>] = []
        deinit { for block in blocks { block.deallocate() } }
    }

    private let owned = OwnedTexts()

    private func fault(_ what: String) -> InvocationError {
        InvocationError(.unsupportedContentType, "it is no CSV, for it has \(what)", line: nextLine)
    }

    /// Whether the record names columns: most of the model's are among its fields.
    private func isHeader(_ said: String?, _ rows: RequestRows) -> Bool {
        if said == "present" || said == "absent" { return said == "present" }
        // Most rows begin with a number, which hardly ever is a column's name.
        if let first = fields.first, NumberText.value(first) != nil, rows.columns.places[names[0]] == nil { return false }
        let known = names.count { rows.columns.places[$0] != nil }
        return known > 0 && known * 2 >= min(rows.columns.needed.count, fields.count)
    }

    /// Whether the record could name columns that the model does not know.
    private var mayBeNames: Bool { fields.allSatisfy { !$0.isEmpty && NumberText.value($0) == nil } }

    private var names: [String] { fields.map { String(decoding: $0, as: UTF8.self) } }

    /// Where the fields of the rows below the names belong.
    private func order(_ rows: inout RequestRows) -> [Int?] {
        names.map { name in
            if let place = rows.columns.places[name] { return place }
            rows.note(unknown: name)
            return nil
        }
    }
}
