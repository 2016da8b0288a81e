/// Why a model does not answer.
public struct InvocationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is; stable, for tests and callers.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What was asked cannot be answered by this model: a column is missing, a row is too short, a value is of another kind.
        case validation
        /// The body is none of the formats that are read, or is not what it says it is.
        case unsupportedContentType
        /// The answer cannot be had in the format that is wanted.
        case notAcceptable
        /// The body is longer than is allowed.
        case payloadTooLarge
        /// The model is none that can answer.
        case modelError
        /// Something of ours failed.
        case internalFailure
    }

    public var kind: Kind
    /// What happened: what to do.
    public var message: String
    /// The line of the body that the fault is on, from 1; nil where it is on none, or the body has no lines.
    public var line: Int?
    /// The record at fault, from 1, of a body without lines.
    public var record: Int?

    public init(_ kind: Kind, _ message: String, line: Int? = nil, record: Int? = nil) {
        (self.kind, self.message, self.line, self.record) = (kind, message, line, record)
    }

    /// The status by which a model's container says it over HTTP.
    ///
    /// - Source: SageMaker's XGBoost container: 400, 406, 413, 415, 500.
    public var status: Int {
        switch kind {
        case .validation: 400
        case .notAcceptable: 406
        case .payloadTooLarge: 413
        case .unsupportedContentType: 415
        case .modelError, .internalFailure: 500
        }
    }

    public var description: String {
        if let line { return "line \(line): \(message)" }
        return record.map { "record \($0): \(message)" } ?? message
    }
}
