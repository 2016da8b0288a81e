/// One field, as SQLite stores it.
public enum DatabaseField: Sendable, Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)

    public var text: String? { if case .text(let text) = self { text } else { nil } }

    public var integer: Int? {
        switch self {
        case .integer(let number): number
        case .real(let number): Int(exactly: number)
        default: nil
        }
    }

    public var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }
}
