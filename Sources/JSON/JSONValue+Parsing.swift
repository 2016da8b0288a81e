extension JSONValue {
    /// Reads one JSON document.
    /// - Throws: `JSONError` for anything that RFC 8259 does not allow, and for nesting deeper than 256.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }

    /// Reads one JSON document from its bytes. What is no UTF-8 in its texts is replaced.
    ///
    /// - Parameter admitsNonFinite: whether `NaN`, `Infinity` and `-Infinity` are numbers, as Python's `json` writes them.
    /// - Throws: as for a text.
    public init(parsing bytes: [UInt8], admitsNonFinite: Bool = false) throws(JSONError) {
        var parser = JSONParser(bytes: bytes, admitsNonFinite: admitsNonFinite)
        self = try parser.document()
    }
}
