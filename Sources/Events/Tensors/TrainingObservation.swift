import JSON

/// Something that was seen from inside of how a script trains: what its loss is given, which rows come, in which mode it judges.
///
/// Each one of a name and a subject takes the place of the one before. What is wrong about it is for rules to say.
public struct TrainingObservation: Sendable, Hashable {
    /// Stable word: `model`, `beginning`, `loss`, `inputs`, `judged inputs`, `labels`, `modes`, `gradients`, `parameters`, `optimizer`.
    public var name: String
    /// Which of several it is about, such as the name of a loss; nil where there is but one.
    public var subject: String?
    /// Steps of the optimizer that were done.
    public var step: Int
    /// The step that the run's metrics were at; nil where they count the optimizer's steps.
    public var metricStep: Int?
    public var figures: [Alert.Evidence]
    public var words: [String: String]

    public init(
        _ name: String, subject: String? = nil, step: Int = 0, metricStep: Int? = nil, figures: [Alert.Evidence] = [],
        words: [String: String] = [:]
    ) {
        (self.name, self.subject, self.step, self.metricStep) = (name, subject, step, metricStep)
        (self.figures, self.words) = (figures, words)
    }

    /// A figure by its name; nil where it was not told or is not finite.
    public subscript(_ figure: String) -> Double? {
        figures.first { $0.name == figure }.flatMap { $0.value.isFinite ? $0.value : nil }
    }

    /// Figures by their names, in this order; those that were not told are left out.
    public func evidence(_ names: String...) -> [Alert.Evidence] {
        names.compactMap { name in self[name].map { .init(name, $0) } }
    }
}

extension TrainingObservation {
    private static let mostFigures = 64, longestText = 512

    var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("what", .string(name)), .init("step", .integer(step))]
        if let subject { members.append(.init("subject", .string(subject))) }
        if let metricStep { members.append(.init("metricStep", .integer(metricStep))) }
        members.append(.init("figures", .object(figures.map { .init($0.name, .number($0.value)) })))
        if !words.isEmpty { members.append(.init("words", JSONValue(words))) }
        return members
    }

    /// - Range: nil where it has no name; of figures the first 64 are taken, and texts are cut.
    public init?(json: JSONValue) {
        guard let name = json["what"]?.string ?? json["name"]?.string, !name.isEmpty,
            name.utf8.count <= TensorSummary.longestName,
            let step = json["step"]?.integer, (0...1 << 53).contains(step)
        else { return nil }
        self.init(name, subject: json["subject"]?.string.map { String($0.prefix(Self.longestText)) }, step: step)
        metricStep = json["metricStep"]?.integer
        figures = (json["figures"]?.members ?? []).prefix(Self.mostFigures).compactMap { member in
            member.value.double.map { Alert.Evidence(String(member.name.prefix(Self.longestText)), $0) }
        }
        words = (json["words"]?.strings ?? [:]).mapValues { String($0.prefix(Self.longestText)) }
        if words.count > Self.mostFigures { words = [:] }
    }
}
