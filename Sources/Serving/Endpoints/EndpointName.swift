/// Names of endpoints and variants: letters, digits and single hyphens between them, at most 63.
/// - Source: the service model of `sagemaker-runtime`, 2017-05-13.
public enum EndpointName {
    public static func isValid(_ name: some StringProtocol) -> Bool {
        guard (1...63).contains(name.utf8.count), !name.hasPrefix("-"), !name.hasSuffix("-") else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
        }
    }

    /// What a valid name looks like, for messages.
    public static let form = "letters, digits and hyphens between them, at most 63"
}
