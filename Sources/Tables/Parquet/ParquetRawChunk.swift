import CTableKernels

/// The values of one column in some rows, exactly as they are stored.
struct ParquetRawChunk {
    /// The definition level of every row; empty when every row has a value.
    var levels: [UInt8] = []
    /// Where each value that is there lies.
    var spans: [dk_span] = []
    /// Truth values take a byte, byte arrays stand without their length.
    var bytes: [UInt8] = []
    var rowCount = 0
    /// The level of values that are there.
    let fullLevel: UInt8

    init(fullLevel: UInt8) { self.fullLevel = fullLevel }

    /// A row with a value.
    mutating func append(_ value: some Collection<UInt8>) {
        spans.append(dk_span_of(bytes.count, value.count, 0))
        bytes += value
        rowCount += 1
        if fullLevel > 0 { levels.append(fullLevel) }
    }

    /// A row with a number of the machine's byte order, which is Parquet's.
    mutating func append<Number: BitwiseCopyable>(number: Number) {
        withUnsafeBytes(of: number) { append($0) }
    }

    /// A row without a value; only where there may be such rows.
    mutating func appendMissing() {
        levels.append(0)
        rowCount += 1
    }

    mutating func removeAll() {
        levels.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        rowCount = 0
    }

    /// Where each row's value lies; `dk_span_missing()` for none.
    var rowSpans: [dk_span] {
        guard !levels.isEmpty else { return spans }
        var next = 0
        return levels.map { level in
            guard level == fullLevel else { return dk_span_missing() }
            next += 1
            return spans[next - 1]
        }
    }

    /// Some rows, in ascending order.
    func selecting(_ rows: [Int]) -> ParquetRawChunk {
        if rows.count == rowCount { return self }
        var chosen = ParquetRawChunk(fullLevel: fullLevel)
        (chosen.bytes, chosen.rowCount) = (bytes, rows.count)
        guard !levels.isEmpty else {
            chosen.spans = rows.map { spans[$0] }
            return chosen
        }
        var row = 0, next = 0
        for wanted in rows {
            while row < wanted {
                if levels[row] == fullLevel { next += 1 }
                row += 1
            }
            chosen.levels.append(levels[wanted])
            if levels[wanted] == fullLevel { chosen.spans.append(spans[next]) }
        }
        return chosen
    }
}

extension ParquetRawChunk {
    /// Where in `bytes` a value lies; nil when there is none.
    func place(_ span: dk_span) -> Range<Int>? {
        guard span != dk_span_missing() else { return nil }
        return dk_span_offset(span)..<dk_span_offset(span) + dk_span_length(span)
    }
}
