/// The little of XML that stores answer with: elements without attributes that matter, each of a name once or in a row.
enum StoreXML {
    /// The text of the first element of a name.
    static func element(_ name: String, of body: some Sequence<UInt8>) -> String? {
        elements(name, of: Array(body)).first.map { unescaped(String(decoding: $0, as: UTF8.self)) }
    }

    /// Whether an element begins and ends.
    static func hasElement(_ name: String, _ body: [UInt8]) -> Bool {
        let text = String(decoding: body, as: UTF8.self)
        return text.contains("<\(name)") && (text.contains("</\(name)>") || text.contains("/>"))
    }

    /// What stands in the elements of a name, in order.
    static func elements(_ name: String, of body: [UInt8]) -> [[UInt8]] {
        let begin = Array("<\(name)>".utf8), end = Array("</\(name)>".utf8)
        var found: [[UInt8]] = [], place = 0
        while let start = self.place(of: begin, in: body, from: place),
            let stop = self.place(of: end, in: body, from: start + begin.count)
        {
            found.append(Array(body[start + begin.count..<stop]))
            place = stop + end.count
        }
        return found
    }

    private static func place(of wanted: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        guard body.count >= start + wanted.count else { return nil }
        var place = start
        while place <= body.count - wanted.count {
            if body[place] == wanted[0], body[place..<place + wanted.count].elementsEqual(wanted) { return place }
            place += 1
        }
        return nil
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
