import Searching

extension RunSearch {
    /// - Throws: `SearchError` with the place and what was expected there.
    public init(parsing text: String) throws(SearchError) {
        var parser = SearchParser(text, example: "rmse < 4000") { RunField(word: $0) }
        let node = try parser.parse()
        self.init(node, mentions: parser.mentions)
    }
}
