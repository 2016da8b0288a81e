import JSON

extension JSONValue {
    /// A number of epochs, which is kept to four decimals.
    static func epoch(_ epochs: Double) -> JSONValue { .number((epochs * 10_000).rounded() / 10_000) }
}
