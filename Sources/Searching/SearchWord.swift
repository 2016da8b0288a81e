/// Names and texts as the language of searches reads them.
public enum SearchWord {
    /// The name of a field: in quotes where it could be read otherwise.
    public static func name(_ name: String) -> String {
        name.contains { $0.isWhitespace || "()=<>~\"'!:,".contains($0) } ? text(name) : name
    }

    /// A text in quotes.
    public static func text(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
