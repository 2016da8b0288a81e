/// Text made safe for HTML and SVG.
enum HTML {
    /// Text between tags or in a quoted attribute. Control characters, which a page may not hold, become spaces.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// An element around text that is escaped here.
    static func element(_ name: String, _ text: String, class style: String = "") -> String {
        "<\(name)\(style.isEmpty ? "" : " class=\"\(style)\"")>\(escaped(text))</\(name)>"
    }
}
