import Events
import Tables

/// The profile of files whose rows lie on a cluster: kinds of columns, warnings and advice by a sample, figures by all rows.
package struct SampledProfile: Sendable {
    /// Rows of the sample, at most.
    package static let sampleLimit = 65_536

    package let sample: Table
    private let target: String?

    /// How a column's values are read where the rows lie.
    package enum Reading: String, Sendable, Hashable {
        case numbers, dates, truths, texts
    }

    /// What is to be found out of a column.
    package struct Wish: Sendable, Hashable {
        package var name: String, reading: Reading
        /// Whether its numbers are all whole, as far as the sample shows.
        package var isWhole: Bool
    }

    /// What the files are.
    package struct Files: Sendable {
        package var path: String, fingerprint: String
        package var byteCount: Int, rowCount: Int, count: Int
        /// Of text.
        package var delimiter: String, hasHeader: Bool

        package init(
            path: String, fingerprint: String, byteCount: Int, rowCount: Int, count: Int, delimiter: String, hasHeader: Bool
        ) {
            (self.path, self.fingerprint) = (path, fingerprint)
            (self.byteCount, self.rowCount, self.count) = (byteCount, rowCount, count)
            (self.delimiter, self.hasHeader) = (delimiter, hasHeader)
        }
    }

    /// - Parameters:
    ///   - path: the sample's file.
    ///   - reading: how the whole is read, by read option.
    /// - Throws: as reading does; `columnNotFound` for the target.
    package init(path: String, target: String?, reading: [String: String]) throws(TableError) {
        // The sample was written here, so that only what is said of values bears on it.
        let options = try ReadOptions(reading.filter { !ClusterReading.ofFiles.contains($0.key) })
        let table = try Table(contentsOf: path, options: options)
        sample = table
        self.target = try target.map { name throws(TableError) in try table.column(matching: name).name }
    }

    /// The option of reading that a cluster does not know; nil = it knows all of them.
    package static func unknownOption(_ reading: [String: String]) -> String? {
        reading.keys.sorted().first { !ClusterReading.ofFiles.contains($0) && !ClusterReading.ofValues.contains($0) }
    }

    /// How texts become values.
    package var schema: TableSchema { sample.schema }

    /// One wish a column.
    package var wishes: [Wish] {
        sample.columns.map { column in
            let rule = sample.schema.rule(for: column.name), isPlain = rule?.numbers == nil
            let reading: Reading =
                switch column.kind {
                case .numeric, .integer: isPlain ? .numbers : .texts
                case .date: rule?.dates.map { $0.order == .ymd && $0.epoch == nil && $0.pattern == nil } ?? true ? .dates : .texts
                case .boolean: .truths
                case .categorical, .text: .texts
                }
            return Wish(name: column.name, reading: reading, isWhole: column.kind == .integer)
        }
    }

    /// The whole.
    /// - Parameter columns: figures of all rows, with how each column was read.
    package func profile(
        _ files: Files, _ columns: [String: (reading: Reading, figures: WholeFigures.ColumnFigures)]
    ) throws(TableError) -> DatasetProfile {
        let whole = WholeFigures(
            rowCount: files.rowCount, byteCount: files.byteCount, fingerprint: String(files.fingerprint.prefix(16)),
            columns: columns.mapValues(\.figures))
        var profile = DatasetProfile(try TableProfile(sample, target: target, whole: whole))
        profile.path = files.path
        if profile.format == "csv" { (profile.delimiter, profile.hasHeader) = (files.delimiter, files.hasHeader) }
        profile.reading?.fileCount = files.count
        for index in profile.reading?.choices.indices ?? 0..<0 {
            switch profile.reading?.choices[index].option {
            case "delimiter": profile.reading?.choices[index].value = files.delimiter
            case "header": profile.reading?.choices[index].value = files.hasHeader ? "yes" : "no"
            default: break
            }
        }
        profile.warnings += unread(columns.mapValues(\.reading))
        if files.rowCount > sample.rowCount {
            profile.warnings.append(
                DataWarning(
                    code: TableWarning.Code.streamed.rawValue, column: nil,
                    message: "types, advice, and warnings about more than one column come from \(sample.rowCount) of the "
                        + "\(files.rowCount) rows, all figures from all of them"))
        }
        return profile
    }

    /// Columns of which only values as they are written could be counted.
    private func unread(_ readings: [String: Reading]) -> [DataWarning] {
        sample.columns.compactMap { column in
            guard readings[column.name] == .texts, column.numbers != nil else { return nil }
            let written = sample.schema.rule(for: column.name)?.written.map { " written \($0)" } ?? ""
            return DataWarning(
                code: TableWarning.Code.streamed.rawValue, column: column.name,
                message:
                    "\(column.name) has \(column.kind == .date ? "dates" : "numbers")\(written), which are not read on spark: "
                    + "its values are counted as they are written, and it has no mean and no quantiles")
        }
    }
}
