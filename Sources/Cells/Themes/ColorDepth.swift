/// How many colours a terminal has.
public enum ColorDepth: Int, CaseIterable, Hashable, Sendable, Comparable {
    /// No colours, only attributes: also what `NO_COLOR` asks for.
    case mono = 0
    case eight = 8
    case sixteen = 16
    case palette256 = 256

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
