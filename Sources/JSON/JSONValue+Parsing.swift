extension JSONValue {
    /// Reads one JSON document.
    /// - Throws: `JSONError` for anything that RFC 8259 does not allow, and for nesting deeper than 256.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }

    /// Reads one JSON document from its bytes. What is no UTF-8 in its texts is replaced.
    /// - Throws: as for a text.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}
