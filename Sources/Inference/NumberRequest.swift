import Tables

/// Rows in the formats that name features by number.
enum NumberRequest {
    static func read(
        _ bytes: UnsafeRawBufferPointer, _ format: MediaType.Format, into rows: inout RequestRows
    ) throws(InvocationError) {
        var found: [(row: NumberRow, line: Int)] = []
        do throws(TableError) {
            if format == .libsvm {
                found = try NumberRow.libsvm(bytes)
            } else {
                found = try NumberRow.recordIO(bytes).enumerated().map { ($1, $0 + 1) }
            }
        } catch {
            throw InvocationError(
                .unsupportedContentType, "the body is no \(format.rawValue): \(error.message)", line: error.line)
        }
        guard !found.isEmpty else { throw InvocationError(.validation, "there are no rows: send at least one") }
        // Who counts from 1 never writes 0: so SageMaker's container decides, too.
        let isZeroBased = format == .recordIO || found.contains { $0.row.indices?.contains(0) == true }
        for (row, line) in found {
            rows.lines.append(line)
            try rows.add(row, base: isZeroBased ? 0 : 1, record: rows.table.rowCount + 1)
        }
    }
}
