/// What somebody asks a model: rows in the bytes of a body.
public struct InvocationRequest: Sendable {
    public var body: [UInt8]
    /// What the body is, such as `text/csv; header=present`; nil = what the algorithm's container takes it for.
    public var contentType: String?
    /// What the answer is to be; nil = as the algorithm's container answers.
    public var accept: String?

    public init(body: [UInt8], contentType: String? = nil, accept: String? = nil) {
        (self.body, self.contentType, self.accept) = (body, contentType, accept)
    }
}

/// What a model answers.
public struct InvocationReply: Sendable {
    public var body: [UInt8]
    public var contentType: String
    /// Rows that were answered.
    public var rowCount: Int
    /// What the model makes of values that it did not know, and of columns that it has no use for; a line each.
    public var warnings: [String]

    public init(body: [UInt8], contentType: String, rowCount: Int, warnings: [String] = []) {
        (self.body, self.contentType, self.rowCount, self.warnings) = (body, contentType, rowCount, warnings)
    }
}
