/// The parts of an address that matter here.
struct WebAddress {
    var scheme: String
    /// With its port.
    var host: String
    /// From the first slash on, without the query.
    var path: String
    var hasUser: Bool

    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://"),
            !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F })
        else {
            return nil
        }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        hasUser = authority.contains("@")
        host = String(authority)
        path = String(rest.dropFirst(authority.count).prefix { !"?#".contains($0) })
        if path.isEmpty { path = "/" }
        guard !host.isEmpty else { return nil }
    }
}

/// An address of mail.
enum MailAddress {
    /// Whether it is one without a name, and without anything that a header or a server would take for more than that.
    static func isPlain(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), text.utf8.count <= 254 else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "@.!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar))
        }
    }
}
