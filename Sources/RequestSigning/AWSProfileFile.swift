/// The files in which Amazon's own tools keep what belongs to a user's profiles.
public enum AWSProfileFile {
    /// `name = value` of a section, by names in lower case; empty where there is none. Of a name that comes twice the last counts.
    ///
    /// - Parameters:
    ///   - name: what stands between the brackets: `default`, `profile mine`.
    ///   - text: the file's.
    public static func section(_ name: String, of text: String) -> [String: String] {
        var isIn = false, found: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.hasPrefix("[") { isIn = line == "[\(name)]" }
            let parts = line.split(separator: "=", maxSplits: 1).map { trimmed($0) }
            if isIn, parts.count == 2, !line.hasPrefix("#") { found[parts[0].lowercased()] = parts[1] }
        }
        return found
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}

extension AWSCredentials {
    /// Those of a section of a profile file; nil where it has none.
    public init?(section: [String: String]) {
        guard let id = section["aws_access_key_id"], let secret = section["aws_secret_access_key"] else { return nil }
        self.init(accessKeyID: id, secretAccessKey: secret, sessionToken: section["aws_session_token"])
    }
}
