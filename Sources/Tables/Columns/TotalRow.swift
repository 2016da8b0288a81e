/// A last row that sums up those above it, as reports and spreadsheets have it.
enum TotalRow {
    private static let words: Set<String> = [
        "total", "total:", "totals", "grand total", "sum", "sum:", "subtotal", "average", "mean", "summe", "summe:", "gesamt",
        "gesamtsumme", "mittelwert", "durchschnitt", "total général", "somme", "moyenne", "totale", "media", "suma", "promedio",
        "totaal", "gemiddelde",
    ]

    /// A word about it when the last row is called a total in a column where no other row is, beside numbers.
    static func warning(_ columns: [Column]) -> TableWarning? {
        guard let last = columns.first.map({ $0.rowCount - 1 }), last >= 2, columns.contains(where: { $0.numbers != nil }) else {
            return nil
        }
        for column in columns {
            guard case .codes(let codes, let dictionary) = column.storage, codes[last] >= 0 else { continue }
            let word = dictionary[Int(codes[last])]
            guard words.contains(word.lowercased()), !codes.dropLast().contains(codes[last]) else { continue }
            return TableWarning(
                .totalRow, column: column.name,
                "the last row ('\(word)') seems to sum up the others and counts as one of them: take it out, or say --rows \(last)"
            )
        }
        return nil
    }
}
