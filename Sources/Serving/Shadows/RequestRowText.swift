import JSON

/// The rows of a request as texts, for whoever wants to see one.
struct RequestRowText {
    private var rows: [Substring] = []
    private var instances: [JSONValue] = []
    private static let longest = 500

    /// - Parameter body: only formats with a row a line, and lists of JSON, show rows.
    init(_ body: [UInt8], contentType: String) {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        guard let text = String(validating: body, as: UTF8.self) else { return }
        if type == "application/json" {
            do {
                let json = try JSONValue(parsing: text)
                instances = json["instances"]?.array ?? json.array ?? []
            } catch {}
        } else if type.hasPrefix("text/") || type.hasPrefix("application/json") || type == "application/csv" {
            rows = text.split { $0.isNewline }
        }
    }

    /// - Parameters:
    ///   - place: from 0.
    ///   - count: how many rows the model saw: one less than lines means that the first names columns.
    func text(_ place: Int, of count: Int) -> String {
        if instances.count == count { return Self.cut(instances[place].text) }
        let first = rows.count - count
        guard first == 0 || first == 1 else { return "" }
        return Self.cut(String(rows[first + place]))
    }

    private static func cut(_ text: String) -> String {
        text.count <= longest ? text : text.prefix(longest - 1) + "…"
    }
}
