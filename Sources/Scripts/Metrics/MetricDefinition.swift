/// How a metric is found in a script's output: SageMaker's MetricDefinition.
///
/// The first group of the pattern, or the one named `value`, is the number; groups named `step` and `epoch` say where it was measured.
public struct MetricDefinition: Sendable, Hashable {
    /// What the metric is called here, such as `validation:rmse`.
    public var name: String
    public var pattern: String

    /// - Units: bytes.
    static let longestName = 255

    /// Reads `NAME=REGEX`; the pattern may have equals signs too.
    /// - Throws: what is wrong with it, and where.
    public init(parsing text: String) throws(ScriptError) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex, text.index(after: equals) != text.endIndex else {
            throw ScriptError("'\(text)': write NAME=REGEX, such as 'validation:rmse=rmse: ([0-9.]+)'")
        }
        self.init(name: String(text[..<equals]), pattern: String(text[text.index(after: equals)...]))
        guard name.utf8.count <= Self.longestName else {
            throw ScriptError("the metric's name has more than \(Self.longestName) bytes: shorten it")
        }
        _ = try compiled()
    }

    init(name: String, pattern: String) { (self.name, self.pattern) = (name, pattern) }

    /// - Throws: what is wrong with the pattern.
    func compiled() throws(ScriptError) -> Pattern {
        let made: Pattern
        do throws(ScriptError) { made = try Pattern(pattern) } catch {
            throw ScriptError("\(name)='\(pattern)': \(error)")
        }
        guard made.captureCount > 0 else {
            throw ScriptError("\(name)='\(pattern)': put the number into parentheses, such as '\(pattern) ([0-9.]+)'")
        }
        return made
    }
}
