/// YAML files of one level, as other programs write beside their logs.
enum FlatYAML {
    /// The `key: value` lines of a flat YAML file, quotes taken off; anything deeper is left out.
    static func values(_ text: String) -> [String: String] {
        var out: [String: String] = [:]
        for line in text.split(separator: "\n") where line.first.map({ $0 != " " && $0 != "-" && $0 != "#" }) ?? false {
            guard let colon = line.firstIndex(of: ":") else { continue }
            var value = line[line.index(after: colon)...].drop { $0 == " " }
            while value.last?.isWhitespace ?? false { value.removeLast() }
            if value.count >= 2, let quote = value.first, quote == value.last, quote == "'" || quote == "\"" {
                value = value.dropFirst().dropLast()
            }
            out[String(line[..<colon])] = String(value)
        }
        return out
    }
}
