/// What the headers of a request to an endpoint say, beside the formats.
struct InvocationCall {
    var targetVariant: String?
    /// By which whoever asks knows the request again, in what is captured.
    var inferenceID: String?
    /// Whether the answer is to say what each column did.
    var isExplained = false

    private static let prefix = "x-amzn-sagemaker-"
    /// Of SageMaker's, those that have no meaning here. An endpoint that ignored them would do something else than was asked.
    private static let unknown = [
        "target-model", "target-container-hostname", "inference-component", "session-id",
    ]

    /// JMESPath has its constants in backquotes.
    private static let flags = ["`true`": true, "true": true, "`false`": false, "false": false]

    /// - Throws: `validation`, where a header is not as SageMaker has it.
    init(_ request: HTTPRequest) throws(ServiceError) {
        // Most requests have none of them.
        guard request.headers.contains(where: { $0.name.hasPrefix(Self.prefix) }) else { return }
        for name in Self.unknown where request.header(Self.prefix + name) != nil {
            throw ServiceError(.validation, "\(Self.prefix)\(name) is not supported by this endpoint: leave it out")
        }
        targetVariant = request.header(Self.prefix + "target-variant")
        inferenceID = request.header(Self.prefix + "inference-id")
        if let id = inferenceID, !(1...64).contains(id.utf8.count) || !id.utf8.allSatisfy({ (32...126).contains($0) }) {
            throw ServiceError(.validation, "Inference-Id has 1 to 64 printable characters")
        }
        if let text = request.header(Self.prefix + "enable-explanations") {
            guard let isWanted = Self.flags[text] else {
                throw ServiceError(.validation, "Enable-Explanations is `true` or `false` here, for all rows of a request")
            }
            isExplained = isWanted
        }
        if let text = request.header(Self.prefix + "custom-attributes"),
            text.utf8.count > 1024 || !text.utf8.allSatisfy({ (32...126).contains($0) })
        {
            throw ServiceError(.validation, "Custom-Attributes has at most 1024 printable ASCII characters")
        }
    }
}

/// Text for a header's value.
enum HeaderText {
    private static let longest = 1024

    /// Lines as one, of printable ASCII, cut where they are long.
    static func plain(_ lines: [String]) -> String {
        let bytes = lines.joined(separator: "; ").utf8.map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
        let text = String(decoding: bytes.prefix(longest), as: UTF8.self)
        return bytes.count > longest ? text + " ..." : text
    }
}
