import Cells

/// A line of text in parts of different looks.
package struct TextLine: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package var text: String
        package var role: ColorRole
        package var attributes: Style.Attributes
        /// Where it leads.
        package var link: ObjectLink?

        package init(text: String, role: ColorRole, attributes: Style.Attributes, link: ObjectLink? = nil) {
            self.text = text
            self.role = role
            self.attributes = attributes
            self.link = link
        }
    }

    package var parts: [Part] = []
    package var indent = 0

    package init(_ text: String = "", _ role: ColorRole = .text, _ attributes: Style.Attributes = [], indent: Int = 0) {
        self.indent = indent
        if !text.isEmpty { parts = [Part(text: text, role: role, attributes: attributes)] }
    }

    package mutating func add(
        _ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = [], link: ObjectLink? = nil
    ) {
        parts.append(Part(text: text, role: role, attributes: attributes, link: link))
    }

    /// Where the text at a column leads; nil where it leads nowhere.
    func link(atColumn column: Int) -> ObjectLink? {
        var x = indent
        for part in parts {
            let end = x + TextWidth.of(part.text)
            if (x..<end).contains(column) { return part.link }
            x = end
        }
        return nil
    }

    package func adding(
        _ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = [], link: ObjectLink? = nil
    ) -> TextLine {
        var line = self
        line.add(text, role, attributes, link: link)
        return line
    }

    /// Names with their values, as many to a line as fit.
    /// - Parameter width: in columns, without the indent.
    static func flow(_ pairs: [(label: String, value: String)], width: Int, indent: Int = 0) -> [TextLine] {
        var lines: [TextLine] = [], used = 0
        for (label, value) in pairs {
            let length = TextWidth.of(label) + 1 + TextWidth.of(value)
            if lines.isEmpty || used + 3 + length > width {
                lines.append(TextLine(indent: indent))
                used = 0
            } else {
                lines[lines.count - 1].add("   ")
                used += 3
            }
            lines[lines.count - 1].add(label + " ", .muted)
            lines[lines.count - 1].add(value)
            used += length
        }
        return lines
    }
}
