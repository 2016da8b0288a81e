import Cells

/// HTML that somebody else wrote, with nothing in it but what shows text: known elements without attributes that do anything.
/// What is not known is left out, its text is kept; of scripts, styles and their like nothing is.
struct SafeHTML {
    private static let known: Set<String> = [
        "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "b", "i", "em", "strong", "u", "s", "p", "div", "span",
        "pre",
        "code", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "sub", "sup", "small",
        "blockquote",
        "details", "summary",
    ]
    private static let alone: Set<String> = ["br", "hr"]
    /// Elements whose content is not text to read.
    private static let silent: Set<String> = [
        "script", "style", "head", "title", "template", "iframe", "object", "svg", "math", "textarea", "select", "noscript",
        "noembed",
        "noframes", "xmp", "plaintext",
    ]

    private var out = ""
    /// Elements that are open, so that what they forget to close is closed here.
    private var open: [String] = []
    /// Elements that may lie in each other; what lies deeper is not marked up.
    private static let deepest = 64
    private(set) var hasText = false

    static func text(_ html: String) -> (text: String, hasText: Bool) {
        var safe = SafeHTML()
        safe.read(Array(html.utf8))
        while let last = safe.open.popLast() { safe.out += "</\(last)>" }
        return (safe.out, safe.hasText)
    }

    private mutating func read(_ bytes: [UInt8]) {
        var place = 0
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.endIndex
                add(text: String(decoding: bytes[place..<end], as: UTF8.self))
                place = end
                continue
            }
            if bytes[place...].starts(with: "<!--".utf8) {
                place = Self.end(of: "-->", in: bytes, from: place) ?? bytes.count
                continue
            }
            guard let tag = Tag(bytes, at: place) else {
                add(text: "<")
                place += 1
                continue
            }
            place = tag.end
            if Self.silent.contains(tag.name), !tag.isEnd {
                // Up to the end of its content, whatever is in that.
                place = Self.end(ofElement: tag.name, in: bytes, from: place)
            } else {
                add(tag)
            }
        }
    }

    private mutating func add(text: String) {
        if text.contains(where: { !$0.isWhitespace }) { hasText = true }
        // What is written as an entity stays one; everything else is made safe.
        out += Markup.escaped(text).replacing(#/&amp;(#?[A-Za-z0-9]{1,10};)/#) { "&" + $0.output.1 }
    }

    private mutating func add(_ tag: Tag) {
        guard Self.known.contains(tag.name) else { return }
        if tag.isEnd {
            guard let place = open.lastIndex(of: tag.name) else { return }
            while open.count > place { out += "</\(open.removeLast())>" }
        } else if Self.alone.contains(tag.name) {
            out += "<\(tag.name)>"
        } else if open.count < Self.deepest {
            out += "<\(tag.name)\(tag.spans)>"
            open.append(tag.name)
        }
    }

    private static func end(of mark: String, in bytes: [UInt8], from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        var place = start
        while place + mark.count <= bytes.count {
            if bytes[place] == mark[0], bytes[place..<place + mark.count].elementsEqual(mark) { return place + mark.count }
            place += 1
        }
        return nil
    }

    private static func end(ofElement name: String, in bytes: [UInt8], from start: Int) -> Int {
        var place = start
        while let next = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            if let tag = Tag(bytes, at: next), tag.isEnd, tag.name == name { return tag.end }
            place = next + 1
        }
        return bytes.count
    }

    /// `<name …>` or `</name>`.
    private struct Tag {
        var name: String
        var isEnd: Bool
        /// Behind it.
        var end: Int
        /// How many columns and rows a cell spans, as attributes.
        var spans = ""

        init?(_ bytes: [UInt8], at start: Int) {
            var place = start + 1
            isEnd = place < bytes.count && bytes[place] == UInt8(ascii: "/")
            if isEnd { place += 1 }
            let first = place
            while place < bytes.count, Self.isLetter(bytes[place]) || place > first && Self.isDigit(bytes[place]) { place += 1 }
            guard place > first else { return nil }
            name = String(decoding: bytes[first..<place], as: UTF8.self).lowercased()
            let inside = place
            // A quoted attribute may have the sign in it.
            var quote: UInt8?
            while place < bytes.count {
                let byte = bytes[place]
                if let open = quote {
                    if byte == open { quote = nil }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: ">") {
                    break
                }
                place += 1
            }
            end = min(place + 1, bytes.count)
            if name == "td" || name == "th" {
                let attributes = String(decoding: bytes[inside..<min(place, bytes.count)], as: UTF8.self)
                for found in attributes.matches(of: #/(?i)\b(colspan|rowspan)\s*=\s*["']?([0-9]{1,3})["']?/#) {
                    spans += " \(found.output.1.lowercased())=\"\(found.output.2)\""
                }
            }
        }

        private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
        private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    }
}
