import JSON

/// Hyperparameters as arguments and in the environment, as SageMaker's training toolkit hands them over.
///
/// - Source: aws/sagemaker-training-toolkit, mapping.py: a value is read as JSON where it is JSON, names are sorted, a name of one letter
///   gets one dash, true and false become True and False, lists and dictionaries are written as Python writes them.
enum ScriptArguments {
    /// A value with its type: what is no JSON is a text.
    static func typed(_ text: String) -> JSONValue {
        // A bare word is a text, and so is what only looks like a number, such as 0123.
        guard hasExactNumbers(text) else { return .string(text) }
        do { return try JSONValue(parsing: text) } catch { return .string(text) }
    }

    /// Whether what looks like numbers, outside of strings, are numbers of JSON: others are read more kindly elsewhere.
    private static func hasExactNumbers(_ text: String) -> Bool {
        var isString = false
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { isString.toggle() }
            if isString {
                if byte == UInt8(ascii: "\\") { _ = rest.popFirst() }
            } else if byte == UInt8(ascii: "-") || isDigit(byte) {
                let more = rest.prefix { isDigit($0) || "+-.eE".utf8.contains($0) }
                guard isNumber([byte] + more) else { return false }
                rest = rest.dropFirst(more.count)
            }
        }
        return true
    }

    /// - Source: RFC 8259, section 6.
    private static func isNumber(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func digits() -> Int {
            let count = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        func skip(_ letters: String) -> Bool {
            guard let first = rest.first, letters.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skip("-")
        let first = rest.first, whole = digits()
        guard whole > 0, whole == 1 || first != UInt8(ascii: "0") else { return false }
        if skip("."), digits() == 0 { return false }
        if skip("eE") {
            _ = skip("+-")
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func arguments(_ hyperparameters: [String: String]) -> [String] {
        hyperparameters.sorted { $0.key < $1.key }.flatMap { name, text in
            [(name.count == 1 ? "-" : "--") + name, argument(typed(text), of: text)]
        }
    }

    private static func argument(_ value: JSONValue, of text: String) -> String {
        if let truth = value.boolean { return truth ? "True" : "False" }
        if let string = value.string { return string }
        if let members = value.members {
            return members.map { "\($0.name)=\(python($0.value, isInside: false))" }.joined(separator: ",")
        }
        if value.array != nil { return python(value, isInside: true) }
        if value == .null { return "" }
        // A number stays as it was written: 1e3 is 1e3, and 0.10 means what it says.
        return text
    }

    private static func python(_ value: JSONValue, isInside: Bool) -> String {
        if let truth = value.boolean { return truth ? "True" : "False" }
        if let string = value.string {
            return isInside ? "'" + string.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'" : string
        }
        if let elements = value.array { return "[" + elements.map { python($0, isInside: true) }.joined(separator: ", ") + "]" }
        if let members = value.members {
            return "{" + members.map { "'\($0.name)': \(python($0.value, isInside: true))" }.joined(separator: ", ") + "}"
        }
        if case .number(let number) = value { return "\(number)" }
        return value == .null ? "None" : value.text
    }

    /// The same as one JSON object, names sorted. What is JSON stands there as it was written: 1.0 is 1.0, and no digit is lost.
    static func json(_ hyperparameters: [String: String]) -> String {
        let members = hyperparameters.sorted { $0.key < $1.key }.map { name, text in
            let value = typed(text)
            return "\(JSONValue.string(name).text):\(value.string != nil ? value.text : trimmed(text))"
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A value as an environment variable has it.
    static func variable(_ text: String) -> String {
        let value = typed(text)
        if value == .null { return "" }
        return value.string ?? trimmed(text)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
