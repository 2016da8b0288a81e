import Cells

/// A line of text in parts of different looks.
package struct TextLine: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package var text: String
        package var role: ColorRole
        package var attributes: Style.Attributes

        package init(text: String, role: ColorRole, attributes: Style.Attributes) {
            self.text = text
            self.role = role
            self.attributes = attributes
        }
    }

    package var parts: [Part] = []
    package var indent = 0

    package init(_ text: String = "", _ role: ColorRole = .text, _ attributes: Style.Attributes = [], indent: Int = 0) {
        self.indent = indent
        if !text.isEmpty { parts = [Part(text: text, role: role, attributes: attributes)] }
    }

    package mutating func add(_ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = []) {
        parts.append(Part(text: text, role: role, attributes: attributes))
    }

    package func adding(_ text: String, _ role: ColorRole = .text, _ attributes: Style.Attributes = []) -> TextLine {
        var line = self
        line.add(text, role, attributes)
        return line
    }
}
