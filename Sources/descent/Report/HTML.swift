import Cells

/// Pieces of HTML.
enum HTML {
    /// An element around text that is escaped here.
    static func element(_ name: String, _ text: String, class style: String = "") -> String {
        "<\(name)\(style.isEmpty ? "" : " class=\"\(style)\"")>\(Markup.escaped(text))</\(name)>"
    }

    /// A table that scrolls by itself where it is wider than the page.
    /// - Parameters:
    ///   - heads: names of the columns, and whether each holds numbers.
    ///   - rows: cells as HTML.
    static func table(_ heads: [(name: String, isNumber: Bool)], _ rows: [[String]]) -> String {
        let head = heads.map { element("th", $0.name, class: $0.isNumber ? "number" : "") }.joined()
        let body = rows.map { row in
            "<tr>" + zip(row, heads).map { "<td class=\"\($1.isNumber ? "number" : "text")\">\($0)</td>" }.joined() + "</tr>\n"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(body.joined())</tbody></table></div>\n"
    }
}
