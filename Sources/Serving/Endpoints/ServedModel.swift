/// A model as an endpoint asks it. It is asked by several threads at once.
public protocol ServedModel: AnyObject, Sendable {
    /// - Throws: why it does not answer, with the status by which a model's container would say it.
    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer
}

public struct ModelAnswer: Sendable {
    public var body: [UInt8]
    public var contentType: String
    /// A line each.
    public var warnings: [String]

    public init(body: [UInt8], contentType: String, warnings: [String] = []) {
        (self.body, self.contentType, self.warnings) = (body, contentType, warnings)
    }
}

public struct ModelFault: Error, Sendable, Hashable {
    /// 400 and the like where the request is at fault, 500 where the model is.
    public var status: Int
    /// What happened: what to do.
    public var message: String

    public init(status: Int, _ message: String) { (self.status, self.message) = (status, message) }
}
