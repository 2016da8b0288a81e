import JSON

/// Finds out whether a text log writes `0,45` for 0.45, and reads its cells accordingly. What could be 1.234 as well as 1234 is
/// not guessed.
struct DecimalCells {
    /// nil as long as no cell showed it.
    private(set) var mark: DecimalMark?
    private let isChosen: Bool
    /// The first cell that could mean two numbers.
    private(set) var ambiguous: String?
    /// The first cell that showed the mark to be a comma.
    private(set) var example: String?

    init(_ chosen: DecimalMark?) {
        mark = chosen
        isChosen = chosen != nil
    }

    /// Looks at cells before they are read.
    mutating func look(at cells: [String]) {
        guard mark == nil else { return }
        for cell in cells {
            if LogNumber.value(of: cell) != nil {
                if cell.utf8.contains(UInt8(ascii: ".")) { mark = .point }
            } else if Self.isCommaNumber(cell), !Self.isGrouped(cell, by: ",") {
                (mark, example) = (.comma, cell)
            }
            if mark != nil { return }
        }
    }

    /// A cell as a value: a number where it is one.
    mutating func value(_ cell: String) -> JSONValue {
        if mark == .comma, Self.isGrouped(cell, by: ".") {
            if isChosen { return number(cell.filter { $0 != "." }, else: cell) }
            return leaveOut(cell)
        }
        if let number = LogNumber.value(of: cell) { return .number(number) }
        if mark == .point, isChosen, Self.isGrouped(cell, by: ",") { return number(cell.filter { $0 != "," }, else: cell) }
        guard Self.isCommaNumber(cell) else { return .string(cell) }
        if mark == .comma { return number(String(cell.map { $0 == "," ? "." : $0 }), else: cell) }
        return leaveOut(cell)
    }

    private mutating func leaveOut(_ cell: String) -> JSONValue {
        ambiguous = ambiguous ?? cell
        return .null
    }

    private func number(_ text: String, else cell: String) -> JSONValue {
        LogNumber.value(of: text).map { .number($0) } ?? .string(cell)
    }

    /// Digits with one comma between them.
    private static func isCommaNumber(_ cell: String) -> Bool {
        guard cell.utf8.contains(UInt8(ascii: ",")), !cell.utf8.contains(UInt8(ascii: ".")) else { return false }
        let parts = cell.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].last?.isNumber == true, parts[1].first?.isNumber == true else { return false }
        return LogNumber.value(of: parts.joined(separator: ".")) != nil
    }

    /// Whether a mark could stand between thousands: `1,234`.
    private static func isGrouped(_ cell: String, by mark: Character) -> Bool {
        let unsigned = cell.first == "-" || cell.first == "+" ? cell.dropFirst() : cell[...]
        guard unsigned.contains(mark) else { return false }
        let parts = unsigned.split(separator: mark, omittingEmptySubsequences: false)
        guard let first = parts.first, (1...3).contains(first.count), first.first != "0" else { return false }
        return parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } } && parts.dropFirst().allSatisfy { $0.count == 3 }
    }
}
