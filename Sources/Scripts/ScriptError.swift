import Glibc

/// Why a script cannot be run, or what is wrong with what was said about it, in words for the user.
public struct ScriptError: Error, Hashable, CustomStringConvertible {
    /// What happened: what to do.
    public var description: String

    public init(_ description: String) { self.description = description }

    static func system(_ what: String, _ code: Int32) -> ScriptError {
        ScriptError("\(what): \(String(cString: strerror(code)))")
    }
}
