import Searching
import Tables

/// A column of rows that are looked at.
public struct RowColumn: Hashable, Sendable {
    public let name: String
    public let kind: ColumnKind
    /// Whether the first rows have no value in it, so that the kind says nothing.
    public let isEmptyAtFirst: Bool

    public init(name: String, kind: ColumnKind, isEmptyAtFirst: Bool = false) {
        (self.name, self.kind, self.isEmptyAtFirst) = (name, kind, isEmptyAtFirst)
    }

    /// A column of the first rows.
    init(_ column: Column) {
        self.init(
            name: column.name, kind: column.kind,
            isEmptyAtFirst: column.rowCount > 0 && column.missingCount == column.rowCount)
    }
}

/// A column as a search names it.
public struct RowField: SearchField {
    public let word: String
    public let kind: SearchFieldKind
    /// Its place among the columns; nil where there is none of this name.
    let place: Int?

    public var isSearchedByWord: Bool { place != nil && kind == .text }
    public var mayBeUnknown: Bool { place == nil }

    init(word: String, _ columns: [RowColumn]) {
        self.word = word
        let lower = word.lowercased()
        place = columns.firstIndex { $0.name == word } ?? columns.firstIndex { $0.name.lowercased() == lower }
        kind = place.map { Self.kind(of: columns[$0]) } ?? .either
    }

    private static func kind(of column: RowColumn) -> SearchFieldKind {
        if column.isEmptyAtFirst { return .either }
        return switch column.kind {
        case .numeric, .integer: .number
        case .date: .time
        case .boolean, .categorical, .text: .text
        }
    }
}
