/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    /// Byte position from 0.
    public var offset: Int
    public var message: String

    public var description: String { "not valid JSON at byte \(offset): \(message)" }
}
