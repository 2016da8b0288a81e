/// An SVG image being written: elements with their attributes, text safe for XML, colours of a theme.
struct SVGDocument {
    let width: Int
    let height: Int
    let theme: Theme
    /// Whether it is part of a page, whose style sheet may give its roles the colours of another theme.
    let isEmbedded: Bool
    private var body = ""

    init(width: Int, height: Int, theme: Theme, isEmbedded: Bool) {
        self.width = width
        self.height = height
        self.theme = theme
        self.isEmbedded = isEmbedded
    }

    /// The whole image: it refers to nothing outside itself. By itself it has a size, in a page that of its place.
    func text(title: String) -> String {
        let size = "xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        return """
            <svg \(isEmbedded ? "" : size)viewBox="0 0 \(width) \(height)" role="img" \
            font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">
            <title>\(Markup.escaped(title))</title>
            \(body)</svg>

            """
    }

    mutating func open(_ name: String, _ attributes: [(String, String)]) { body += "<\(name)\(Self.list(attributes))>\n" }
    mutating func close(_ name: String) { body += "</\(name)>\n" }
    mutating func add(_ name: String, _ attributes: [(String, String)]) { body += "<\(name)\(Self.list(attributes))/>\n" }

    /// An element with text in it.
    mutating func add(_ name: String, _ attributes: [(String, String)], text: String) {
        body += "<\(name)\(Self.list(attributes))>\(Markup.escaped(text))</\(name)>\n"
    }

    mutating func write(
        _ text: String, x: Double, y: Double, _ role: ColorRole, anchor: String = "start", size: Int = 12, isBold: Bool = false
    ) {
        var attributes = [("x", Self.number(x)), ("y", Self.number(y))] + fill(role)
        if anchor != "start" { attributes.append(("text-anchor", anchor)) }
        if size != 12 { attributes.append(("font-size", String(size))) }
        if isBold { attributes.append(("font-weight", "600")) }
        add("text", attributes, text: text)
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ role: ColorRole, _ more: [(String, String)] = [])
    {
        let ends = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2]).map { ($0, Self.number($1)) }
        add("line", ends + stroke(role) + more)
    }

    /// Attributes that fill an element with a role's colour; at most one of `fill` and `stroke` for an element.
    func fill(_ role: ColorRole) -> [(String, String)] { paint("fill", role) }

    func stroke(_ role: ColorRole) -> [(String, String)] { paint("stroke", role) }

    private func paint(_ attribute: String, _ role: ColorRole) -> [(String, String)] {
        [(attribute, theme.hexColor(role))] + (isEmbedded ? [("class", role.styleClass(attribute))] : [])
    }

    /// With one decimal: a tenth of a pixel is more than can be seen.
    static func number(_ value: Double) -> String {
        let text = NumberFormat.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(Markup.escaped($0.1))\"" }.joined()
    }
}

extension Theme {
    /// A role's colour as `#rrggbb`.
    public func hexColor(_ role: ColorRole) -> String {
        // Where the theme leaves a colour to the terminal, what a terminal of its kind has.
        let usual: UInt8 = role == .background ? (kind == .dark ? 234 : 231) : kind == .dark ? 252 : 235
        return Palette.hex(resolve(Style(role), depth: .palette256).foreground ?? usual)
    }

    /// CSS rules that give the images of a page, and words of a role's `styleClass`, this theme's colours.
    public var styleSheet: String {
        ColorRole.allCases.map { role in
            let color = hexColor(role)
            return ".\(role.styleClass("fill")){fill:\(color);color:\(color)}.\(role.styleClass("stroke")){stroke:\(color)}"
        }.joined()
    }
}

extension ColorRole {
    /// The class of what is drawn in the role's colour in a page: `fill` for surfaces and words, `stroke` for lines.
    public func styleClass(_ attribute: String = "fill") -> String { "\(attribute.prefix(1))-\(name)" }
}
