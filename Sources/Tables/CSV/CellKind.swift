import CTableKernels

/// What a single field looks like, to tell names from data and one delimiter from another.
enum CellKind {
    case missing, number, date, time, truth, text

    init(_ text: String) {
        if CellKind.isNumber(text) {
            self = .number
        } else if MissingWords.isUsual(text) {
            self = .missing
        } else if NumberCell(text)?.value(.plain) != nil || CellKind.isSpelledNumber(text) {
            self = .number
        } else if DateText(text) != nil {
            self = .date
        } else if DurationText.seconds(text) != nil {
            self = .time
        } else {
            self = ["true", "false", "yes", "no"].contains(text.lowercased()) ? .truth : .text
        }
    }

    static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { NumberText.value($0) != nil }
    }

    /// A number by one of the usual spellings.
    private static func isSpelledNumber(_ text: String) -> Bool {
        guard let cell = NumberCell(text) else { return false }
        let groupings: [(String, String?)] = [(".", ","), (",", "."), (",", nil), (".", " "), (",", " "), (".", "'"), (".", nil)]
        return groupings.contains { cell.value(NumberSpelling(decimal: $0, grouping: $1)) != nil }
    }

    /// The kind of nearly all values; nil when they have none in common.
    static func shared(_ cells: [CellKind]) -> CellKind? {
        var counts: [CellKind: Int] = [:]
        for cell in cells where cell != .missing { counts[cell, default: 0] += 1 }
        let present = counts.values.reduce(0, +)
        guard let most = counts.max(by: { $0.value < $1.value }), most.value * 20 >= present * 19 else { return nil }
        return most.key
    }
}
