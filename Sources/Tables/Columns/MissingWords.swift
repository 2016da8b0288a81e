/// Words that stand for a missing value.
enum MissingWords {
    /// Whether a word among numbers, dates and truth values stands for a missing one. Among other words it may be one of them,
    /// so that text columns have only those that the kernels know: see `dk_is_missing`.
    static func isUsual(_ text: String) -> Bool {
        text.utf8.count <= longest && words.contains(text.lowercased())
    }

    static let words: Set<String> = [
        "", "?", "na", "n/a", "n.a.", "n.a", "nan", "null", "none", "nil", "missing", "nat", "-", "--", "---", ".", "\\n", "<na>",
        "#n/a", "#na",
        "#n/a n/a", "-nan", "-1.#ind", "-1.#qnan", "1.#ind", "1.#qnan", "#value!", "#div/0!", "#ref!", "#num!", "#name?",
        "#null!",
        "(null)", "[null]", "–", "—",
        // What MySQL writes for a date that is none.
        "0000-00-00", "0000-00-00 00:00:00",
    ]
    private static let longest = 19
}
