extension RunSearch {
    /// - Throws: `SearchError` with the place and what was expected there.
    public init(parsing text: String) throws(SearchError) {
        var parser = RunSearchParser(text)
        let node = try parser.parse()
        self.init(node, mentions: parser.mentions)
    }
}
