extension JSONValue {
    /// Reads one JSON document.
    /// - Throws: `JSONError` for anything that RFC 8259 does not allow, and for nesting deeper than 256.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }
}
