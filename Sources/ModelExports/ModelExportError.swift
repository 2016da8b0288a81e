/// Why a model cannot be written in a form of other programs.
public struct ModelExportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of fault.
    public enum Code: String, Sendable, Hashable {
        /// The form has no words for what the model does.
        case unsupported
        /// The model itself cannot be read.
        case badModel
        /// The file or folder cannot be written.
        case notWritten
    }

    public var code: Code
    /// What happened: what to do.
    public var message: String

    public init(_ code: Code, _ message: String) {
        (self.code, self.message) = (code, message)
    }

    public var description: String { message }
}
