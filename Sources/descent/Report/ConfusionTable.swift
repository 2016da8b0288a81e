import Cells

/// A confusion matrix as a table of a page, its cells shaded by their share of the row.
enum ConfusionTable {
    /// The share of a cell is its own, the colour the theme's.
    static let css = """
        table.matrix{width:auto;border-spacing:2px;border-collapse:separate}
        table.matrix td,table.matrix th{border:0;padding:.4rem .7rem;text-align:right}
        table.matrix td{position:relative;border-radius:.3rem;min-width:3rem}
        table.matrix td i{position:absolute;inset:0;border-radius:.3rem;background:currentColor}
        table.matrix td span{position:relative}
        """

    /// - Parameter counts: rows by what they are and, within, by what they were taken for.
    static func html(_ classes: [String], _ counts: [[Int]]) -> String {
        let heads = classes.map { HTML.element("th", $0) }.joined()
        let rows = zip(classes, counts).enumerated().map { place, row in
            let sum = Double(max(1, row.1.reduce(0, +)))
            let cells = row.1.enumerated().map { column, count in
                cell(NumberFormat.grouped(count), share: Double(count) / sum, column == place ? .good : .bad)
            }
            return "<tr>\(HTML.element("th", row.0))\(cells.joined())</tr>\n"
        }
        return """
            <div class="scroll"><table class="matrix"><thead><tr><th></th>\(heads)</tr></thead><tbody>
            \(rows.joined())</tbody></table></div>

            """
    }

    /// A cell with a number, as dark as its share is large.
    static func cell(_ text: String, share: Double, _ role: ColorRole) -> String {
        let opacity = NumberFormat.fixed(0.75 * min(1, max(0, share)), decimals: 3)
        return "<td><i class=\"\(role.styleClass())\" style=\"opacity:\(opacity)\"></i><span>\(Markup.escaped(text))</span></td>"
    }
}
