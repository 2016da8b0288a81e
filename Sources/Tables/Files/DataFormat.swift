/// How a file holds its rows. Read from its content; a file's ending is only for people and file lists.
public enum DataFormat: String, Sendable, Hashable, Codable, CaseIterable {
    /// Delimited text: CSV, TSV and the like.
    case csv
    /// One JSON object a line.
    case jsonLines = "json-lines"
    /// JSON objects in a list, or one after the other however they are laid out.
    case json
    /// Apache Parquet, without lists.
    case parquet
    /// Arrow's IPC files, which Feather files are too, and its streams; without lists.
    case arrow
    /// Excel workbooks, one sheet of them.
    case xlsx
    /// The arrays of MNIST and its kin.
    case idx
    /// SageMaker's records of features and a label.
    case recordIO = "recordio-protobuf"
    /// Lines of a label and the features that are not zero, each with its number.
    case libsvm
    /// A table or view of an SQLite database.
    case sqlite

    /// A file's name in two: `a.tsv.gz` is `a` and `.tsv`.
    public static func nameParts(_ name: String) -> (stem: String, ending: String) {
        let plain = [".gz", ".zst"].first { name.hasSuffix($0) }.map { name.dropLast($0.count) } ?? name[...]
        let dot = plain.lastIndex(of: ".") ?? plain.endIndex
        return dot == plain.startIndex ? (name, "") : (String(plain[..<dot]), String(plain[dot...]))
    }

    /// What the name of a file of this format usually ends with.
    var usualEnding: String {
        switch self {
        case .csv: ".csv"
        case .jsonLines: ".jsonl"
        default: "." + rawValue
        }
    }
}
