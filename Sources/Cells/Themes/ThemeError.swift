/// Why a theme file cannot be used.
public struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        case malformedLine, unknownRole, unknownColor, unknownAttribute, unknownKind, repeatedRole
    }

    public var code: Code
    public var message: String
    public var file: String
    public var line: Int

    public var description: String { "\(file):\(line): \(message)" }
}
