import Interop
import JSON

/// Hyperparameters as arguments and in the environment, as SageMaker's training toolkit hands them over.
///
/// - Source: aws/sagemaker-training-toolkit, mapping.py: a value is read as JSON where it is JSON, names are sorted, a name of one letter
///   gets one dash, true and false become True and False, lists and dictionaries are written as Python writes them.
enum ScriptArguments {
    /// A value with its type: what is no JSON is a text.
    static func typed(_ text: String) -> JSONValue {
        // A bare word is a text, and so is what Python's JSON would not take, such as 007.
        guard let json = FlatJSON.parse(text) else { return .string(text) }
        return json
    }

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
        return value == .null ? "None" : value.text
    }

    /// The same as one JSON object, names sorted.
    static func json(_ hyperparameters: [String: String]) -> JSONValue {
        .object(hyperparameters.sorted { $0.key < $1.key }.map { .init($0.key, typed($0.value)) })
    }

    /// A value as an environment variable has it.
    static func variable(_ text: String) -> String {
        let value = typed(text)
        if value == .null { return "" }
        return value.string ?? (value.double != nil ? text : value.text)
    }
}
