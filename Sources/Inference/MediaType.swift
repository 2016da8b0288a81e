/// What a body is, by its name on the wire.
struct MediaType: Hashable {
    enum Format: String, CaseIterable {
        case csv = "text/csv"
        case json = "application/json"
        case jsonLines = "application/jsonlines"
        case libsvm = "text/libsvm"
        case recordIO = "application/x-recordio-protobuf"

        /// Other names of the same.
        static let otherNames: [String: Format] = [
            "text/x-libsvm": .libsvm, "application/x-jsonlines": .jsonLines, "application/jsonl": .jsonLines,
            "application/x-ndjson": .jsonLines, "application/csv": .csv,
        ]

        init?(named name: String) {
            guard let format = Format(rawValue: name) ?? Format.otherNames[name] else { return nil }
            self = format
        }
    }

    let format: Format
    /// What is said behind it, by names in small letters.
    let parameters: [String: String]

    /// - Parameter text: such as `text/csv; charset=utf-8`; nil where it names no format that is known.
    init?(_ text: String) {
        let parts = text.split(separator: ";").map { Self.trimmed($0) }
        guard let name = parts.first, let format = Format(named: name.lowercased()) else { return nil }
        self.format = format
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let value = part[part.index(after: equals)...].filter { $0 != "\"" }
            parameters[Self.trimmed(part[..<equals]).lowercased()] = Self.trimmed(value[...]).lowercased()
        }
        self.parameters = parameters
    }

    private init(_ format: Format) { (self.format, parameters) = (format, [:]) }

    /// What a body is.
    ///
    /// - Throws: `unsupportedContentType`.
    static func content(_ text: String?, orElse usual: Format) throws(InvocationError) -> MediaType {
        guard let text, !text.isEmpty else { return MediaType(usual) }
        // Most say the name alone.
        if let format = Format(rawValue: text) { return MediaType(format) }
        guard let type = MediaType(text) else {
            throw InvocationError(
                .unsupportedContentType, "content type '\(text)' is not read: send \(Self.names(Format.allCases))")
        }
        if let charset = type.parameters["charset"], !["utf-8", "utf8", "us-ascii", "ascii"].contains(charset) {
            throw InvocationError(.unsupportedContentType, "charset '\(charset)' is not read: send UTF-8")
        }
        return type
    }

    /// The first of the formats that an Accept header names which can be written.
    ///
    /// - Throws: `notAcceptable`.
    static func reply(_ accept: String?, orElse usual: Format) throws(InvocationError) -> Format {
        if accept == nil || accept == "*/*" { return usual }
        let written: [Format] = [.csv, .json, .jsonLines, .recordIO]
        let wanted = (accept ?? "").split(separator: ",").map { trimmed($0.prefix { $0 != ";" }).lowercased() }
        if wanted.isEmpty { return usual }
        for name in wanted {
            switch name {
            case "*/*": return usual
            case "text/*": return .csv
            case "application/*": return usual == .csv ? .json : usual
            default: if let format = Format(named: name), written.contains(format) { return format }
            }
        }
        throw InvocationError(
            .notAcceptable, "an answer as '\(accept ?? "")' is not written: accept \(names(written))")
    }

    private static func names(_ formats: [Format]) -> String {
        formats.dropLast().map(\.rawValue).joined(separator: ", ") + " or \(formats.last?.rawValue ?? "")"
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
