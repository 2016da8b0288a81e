import Cells
import Events

/// The line in which a user says which label and which groups: `LABEL=POSITIVE; FACET; …; by STRATA`.
enum BiasQuestion {
    /// What is missing in a line; what its names mean is found out where the data is.
    static func problem(_ text: String) -> LinePrompt.Problem? {
        let parts = text.split(separator: ";").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
        guard let label = parts.first, let sign = label.firstIndex(where: { "=<>".contains($0) }),
            label.index(after: sign) < label.endIndex
        else { return .init("say which labels are positive: LABEL=VALUE, or LABEL>NUMBER") }
        return parts.dropFirst().contains { !$0.hasPrefix("by ") }
            ? nil : .init("say whom to compare with all others: ; FACET=VALUE")
    }

    /// Names of columns, and their values where those are few.
    static func columns(_ profile: DatasetProfile?) -> [(name: String, values: [String])] {
        (profile?.columns ?? []).map { column in
            (column.name, column.mostFrequent.map { $0.value })
        }
    }

    /// Completes the name or the value that ends at the cursor.
    /// - Returns: what could stand there where there are several.
    static func complete(_ field: inout TextField, _ columns: [(name: String, values: [String])]) -> [String] {
        let before = String(field.characters[..<field.cursor])
        var piece = String((before.split(separator: ";", omittingEmptySubsequences: false).last ?? "").trimmingSpaces)
        var options = columns.map(\.name)
        if piece.hasPrefix("by ") {
            piece = String(piece.dropFirst(3))
        } else if let column = columns.first(where: { piece.hasPrefix($0.name + "=") }) {
            piece = String(piece.dropFirst(column.name.count + 1))
            if let comma = piece.lastIndex(of: ",") { piece = String(piece[piece.index(after: comma)...]) }
            options = column.values
        }
        let fitting = options.filter { $0.lowercased().hasPrefix(piece.lowercased()) }
        guard let first = fitting.first else { return [] }
        let common = fitting.dropFirst().reduce(first) { known, next in
            String(zip(known, next).prefix { $0 == $1 }.map(\.0))
        }
        if common.count > piece.count { field.insert(String(common.dropFirst(piece.count))) }
        return fitting.count > 1 ? fitting : []
    }
}
