import JSON

/// What is wrong with a run: the cause that several alerts have in common, and what speaks for and against it.
public struct Diagnosis: Sendable, Hashable {
    /// An alert that the cause explains.
    public struct Symptom: Sendable, Hashable {
        /// The alert's number, from 1, in the order in which the run's alerts were raised.
        public var number: Int
        public var rule: String

        public init(number: Int, rule: String) {
            self.number = number
            self.rule = rule
        }
    }

    /// An answer that people often try, and why it would not help here.
    public struct Useless: Sendable, Hashable {
        public var answer: String
        public var why: String

        public init(_ answer: String, _ why: String) {
            self.answer = answer
            self.why = why
        }
    }

    /// A stable word for the cause, such as `leakage`, `setting` or `stepsTooLarge`.
    public var cause: String
    /// The cause, in a few words.
    public var title: String
    public var severity: Alert.Severity
    /// The alert that tells of the cause itself first, then those that follow from it.
    public var symptoms: [Symptom]
    /// What speaks for the cause and what against it, a clause each.
    public var supporting: [String]
    public var opposing: [String]
    public var useless: [Useless]
    /// What to do, the most promising first.
    public var remedies: [Alert.Remedy]

    public init(
        cause: String, title: String, severity: Alert.Severity, symptoms: [Symptom], supporting: [String],
        opposing: [String] = [], useless: [Useless] = [], remedies: [Alert.Remedy]
    ) {
        (self.cause, self.title, self.severity, self.symptoms) = (cause, title, severity, symptoms)
        (self.supporting, self.opposing, self.useless, self.remedies) = (supporting, opposing, useless, remedies)
    }
}

extension Diagnosis {
    /// `cause`, `title`, `severity`, `symptoms`, `for`, `against`, `useless` and `remedies`.
    public var members: [JSONValue.Member] {
        let texts = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        let object: JSONValue = .object([
            "cause": .string(cause), "title": .string(title), "severity": .string(severity.rawValue),
            "symptoms": .array(symptoms.map { .object(["alert": .integer($0.number), "rule": .string($0.rule)]) }),
            "for": texts(supporting), "against": texts(opposing),
            "useless": .array(useless.map { .object(["answer": .string($0.answer), "why": .string($0.why)]) }),
            "remedies": .array(remedies.map(\.json)),
        ])
        return object.members ?? []
    }
}
