import Exploring
import Tables

/// The cells of a prepared table that no step changed, as they stand in the file: `1.50` stays `1.50`, and `03/04/2024` a date of its kind.
enum WrittenCells {
    /// Columns whose texts are in memory at a time.
    private static let atATime = 8

    /// The table with the texts of untouched numbers and dates, where the file is delimited text and is written as such.
    ///
    /// - Parameters:
    ///   - source: the file, as it was read.
    ///   - rows: which of its rows the made ones are.
    ///   - origins: by the name of a column that was made, the file's column whose values it has, but for those that a step filled or bounded.
    /// - Throws: as reading the file does.
    static func keeping(
        _ made: Table, of source: Table, rows: [Int], origins: [String: String], to path: String, options: ReadOptions
    ) throws(TableError) -> Table {
        guard source.format == .csv, isDelimited(path) else { return made }
        let names = made.columns.filter { $0.numbers != nil }.compactMap { column in
            origins[column.name].map { (column: column, origin: $0) }
        }
        guard !names.isEmpty else { return made }
        let browsed = try BrowsedRows(path: source.path, options: options)
        var kept: [String: Column] = [:]
        for start in stride(from: 0, to: names.count, by: atATime) {
            let part = names[start..<min(names.count, start + atATime)]
            let places = part.compactMap { one in browsed.columns.firstIndex { $0.name == one.origin } }
            guard places.count == part.count, let texts = try browsed.written(columns: places),
                texts.allSatisfy({ $0.count == source.rowCount })
            else { return made }
            for (one, written) in zip(part, texts) {
                guard let own = source.column(named: one.origin) else { continue }
                kept[one.column.name] = column(one.column, own, written, rows, source.schema.rule(for: one.origin))
            }
        }
        return made.replacing(columns: made.columns.map { kept[$0.name] ?? $0 })
    }

    private static func isDelimited(_ path: String) -> Bool {
        let plain = [".gz", ".zst"].first { path.hasSuffix($0) }.map { String(path.dropLast($0.count)) } ?? path
        return plain.hasSuffix(".csv") || plain.hasSuffix(".tsv")
    }

    /// The column in the file's own words; nil where values that steps made would stand beside others that are written in another way.
    private static func column(
        _ made: Column, _ source: Column, _ written: [String?], _ rows: [Int], _ rule: ColumnRule?
    ) -> Column? {
        guard let values = made.numbers, let own = source.numbers, source.kind == .date || made.kind != .date else { return nil }
        let isUsual = source.kind != .date && rule?.numbers == nil
        var places: [String: Int32] = [:], words: [String] = [], codes: [Int32] = []
        codes.reserveCapacity(rows.count)
        for (place, row) in rows.enumerated() {
            var text: String?
            if values[place] == own[row], let cell = written[row] {
                text = cell
            } else if !values[place].isNaN {
                guard isUsual else { return nil }
                text = made.text(at: place)
            }
            guard let text else {
                codes.append(-1)
                continue
            }
            if let known = places[text] {
                codes.append(known)
            } else {
                places[text] = Int32(words.count)
                codes.append(Int32(words.count))
                words.append(text)
            }
        }
        return Column(name: made.name, kind: .text, storage: .codes(codes, dictionary: words))
    }
}
