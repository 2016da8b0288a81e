/// What stands before a number's fraction.
public enum DecimalMark: String, Sendable, Hashable {
    case point = "."
    case comma = ","
}
