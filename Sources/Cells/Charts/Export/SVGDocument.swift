/// An SVG image being written: elements with their attributes, text safe for XML, colours of a theme.
struct SVGDocument {
    let width: Int
    let height: Int
    let theme: Theme
    private var body = ""

    init(width: Int, height: Int, theme: Theme) {
        self.width = width
        self.height = height
        self.theme = theme
    }

    /// The whole image: it refers to nothing outside itself.
    func text(title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
        font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">
        <title>\(Self.escaped(title))</title>
        \(body)</svg>

        """
    }

    mutating func open(_ name: String, _ attributes: [(String, String)]) { body += "<\(name)\(Self.list(attributes))>\n" }
    mutating func close(_ name: String) { body += "</\(name)>\n" }
    mutating func add(_ name: String, _ attributes: [(String, String)]) { body += "<\(name)\(Self.list(attributes))/>\n" }

    /// An element with text in it.
    mutating func add(_ name: String, _ attributes: [(String, String)], text: String) {
        body += "<\(name)\(Self.list(attributes))>\(Self.escaped(text))</\(name)>\n"
    }

    mutating func write(
        _ text: String, x: Double, y: Double, _ role: ColorRole, anchor: String = "start", size: Int = 12, isBold: Bool = false
    ) {
        var attributes = [("x", Self.number(x)), ("y", Self.number(y)), ("fill", color(role))]
        if anchor != "start" { attributes.append(("text-anchor", anchor)) }
        if size != 12 { attributes.append(("font-size", String(size))) }
        if isBold { attributes.append(("font-weight", "600")) }
        add("text", attributes, text: text)
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ role: ColorRole, _ more: [(String, String)] = [])
    {
        let ends = zip(["x1", "y1", "x2", "y2"], [x1, y1, x2, y2]).map { ($0, Self.number($1)) }
        add("line", ends + [("stroke", color(role))] + more)
    }

    /// A role's colour in the theme, as `#rrggbb`.
    func color(_ role: ColorRole) -> String {
        // Where the theme leaves text to the terminal, what a terminal of its kind has.
        let index = theme.resolve(Style(role), depth: .palette256).foreground ?? (theme.kind == .dark ? 252 : 235)
        let rgb = Palette.rgb(index)
        return "#"
            + [rgb.red, rgb.green, rgb.blue].map { value in
                let digits = String(value, radix: 16)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
    }

    /// With one decimal: a tenth of a pixel is more than can be seen.
    static func number(_ value: Double) -> String {
        let text = NumberFormat.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Text as XML has it; characters that XML 1.0 does not know become spaces.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    }
}
