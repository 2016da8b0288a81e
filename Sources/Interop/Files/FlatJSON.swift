import JSON

/// JSON as logs have it: nested objects flattened to names with slashes, and the bare `NaN` and `Infinity` of Python.
package enum FlatJSON {
    /// Calls `body` with every leaf below `value`; lists are leaves.
    package static func visit(_ value: JSONValue, name: String, _ body: (String, JSONValue) -> Void) {
        guard let members = value.members else { return body(name, value) }
        for member in members { visit(member.value, name: name.isEmpty ? member.name : name + "/" + member.name, body) }
    }

    /// A leaf as a hyperparameter's text: strings without quotes, lists with commas.
    package static func text(_ value: JSONValue) -> String {
        if let text = value.string { return text }
        if let elements = value.array { return elements.map(text).joined(separator: ",") }
        return value.text
    }

    /// Reads a document; nil if it is none, even with `NaN` and infinities let through.
    package static func parse(_ text: String) -> JSONValue? {
        do { return try JSONValue(parsing: text) } catch {}
        do { return try JSONValue(parsing: quotingNonFinite(text)) } catch { return nil }
    }

    private static func quotingNonFinite(_ text: String) -> String {
        var out: [UInt8] = []
        var isString = false
        var rest = Array(text.utf8)[...]
        let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
        while let byte = rest.first {
            if !isString, let word = words.first(where: { rest.starts(with: $0) }) {
                out += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
                rest = rest.dropFirst(word.count)
                continue
            }
            rest = rest.dropFirst()
            out.append(byte)
            if isString, byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                out.append(next)
            } else if byte == UInt8(ascii: "\"") {
                isString.toggle()
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
