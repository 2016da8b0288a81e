import Cells

/// Pieces of HTML.
enum HTML {
    /// An element around text that is escaped here.
    static func element(_ name: String, _ text: String, class style: String = "") -> String {
        "<\(name)\(style.isEmpty ? "" : " class=\"\(style)\"")>\(Markup.escaped(text))</\(name)>"
    }
}
