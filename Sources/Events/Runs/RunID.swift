/// Identifies one run: eight lower-case characters, unique in a workspace.
public struct RunID: Hashable, Sendable, CustomStringConvertible, Comparable {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// Draws a new id from the given random source (32 letters and digits that are hard to confuse, 40 bits).
    public static func random(using generator: inout some RandomNumberGenerator) -> RunID {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return RunID(String((0..<8).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }))
    }

    public var description: String { text }
    public static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}
