/// Names of endpoints and variants: letters, digits and single hyphens between them, at most 63.
/// - Source: the service model of `sagemaker-runtime`, 2017-05-13.
public enum EndpointName {
    public static func isValid(_ name: some StringProtocol) -> Bool {
        let hyphen = UInt8(ascii: "-")
        var count = 0, last = hyphen
        for byte in name.utf8 {
            let isLetter = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            guard isLetter || byte == hyphen && count > 0, count < 63 else { return false }
            (count, last) = (count + 1, byte)
        }
        return last != hyphen
    }

    /// What a valid name looks like, for messages.
    public static let form = "letters, digits and hyphens between them, at most 63"
}
