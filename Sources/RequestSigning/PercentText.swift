/// Percent-encoded text, as addresses, queries and the keys of object stores carry it.
public enum PercentText {
    /// The text behind `%20` and its like; what is no such pair of digits stays as it stands.
    ///
    /// - Parameter plus: whether `+` is a blank, as in queries.
    public static func decoded(_ text: some StringProtocol, plus: Bool = true) -> String {
        var bytes: [UInt8] = [], rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plus && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
