extension StringProtocol {
    /// The text as one word for a shell: as it is where nothing in it means anything to one, else in single quotes.
    public var shellWord: String {
        let isPlain = utf8.allSatisfy {
            ($0 | 32) &- 97 < 26 || $0 &- 48 < 10 || $0 >= 0x80 || [37, 43, 44, 45, 46, 47, 58, 61, 64, 95].contains($0)
        }
        guard !isPlain || isEmpty else { return String(self) }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
