import JSON

/// The cells of a notebook that does what an AutoML job does with pandas, scikit-learn and XGBoost alone. They go by the names that the
/// first cell gives (`FILE`, `TARGET`, `NUMBERS`, …) and by `PLAN`.
enum NotebookCode {
    /// A text as Python writes it.
    static func text(_ text: String) -> String { JSONValue.string(text).text }

    static func list(_ texts: [String]) -> String { "[" + texts.map(text).joined(separator: ", ") + "]" }
}
