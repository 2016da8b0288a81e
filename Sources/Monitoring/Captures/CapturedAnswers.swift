import JSON

/// What a model answered for the rows of a request, read from the answer as it was captured.
public struct CapturedAnswers: Sendable, Hashable {
    public struct Answer: Sendable, Hashable {
        /// Of a number or two classes one; of more classes one each; none where labels alone are answered.
        public var scores: [Double]
        public var label: String?

        public init(scores: [Double], label: String?) { (self.scores, self.label) = (scores, label) }

        /// The class that is meant: the one that is said, else that of the highest score; of two the second from above 0.5 on. Nil where
        /// a score is no number.
        public func label(among classes: [String]) -> String? {
            if let label { return label }
            guard scores.allSatisfy(\.isFinite) else { return nil }
            if classes.count == 2 { return scores.first.map { $0 > 0.5 ? classes[1] : classes[0] } }
            return scores.indices.max { scores[$0] < scores[$1] }.flatMap { classes.indices.contains($0) ? classes[$0] : nil }
        }
    }

    public var rows: [Answer]

    /// Reads CSV, JSON or JSON Lines in the shapes of SageMaker's built-in algorithms.
    ///
    /// - Parameter classCount: classes that the model tells apart; 0 for numbers.
    /// - Throws: `badData` for other types and shapes.
    public init(_ body: CapturedRequest.Body, classCount: Int) throws(MonitoringError) {
        let type = String(body.type.prefix { $0 != ";" }).lowercased()
        let text = String(decoding: body.bytes, as: UTF8.self)
        if type.hasSuffix("csv") {
            rows = text.split(separator: "\n").map { Self.answer(fields: $0, scoreCount: classCount > 2 ? classCount : 1) }
        } else if type.hasSuffix("jsonlines") || type.hasSuffix("x-ndjson") {
            rows = []
            for line in text.split(separator: "\n") { rows.append(try Self.answer(Self.json(String(line)))) }
        } else if type.hasSuffix("json") {
            rows = []
            let json = try Self.json(text)
            for answer in json["predictions"]?.array ?? json.array ?? [json] { rows.append(try Self.answer(answer)) }
        } else {
            throw MonitoringError(.badData, "answers of the type '\(type)' are not read: ask for CSV or JSON")
        }
    }

    private static func json(_ text: String) throws(MonitoringError) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch {
            throw MonitoringError(.badData, "the answer is no whole JSON: \(error)")
        }
    }

    private static func answer(_ json: JSONValue) throws(MonitoringError) -> Answer {
        if let number = json.double { return Answer(scores: [number], label: nil) }
        let scores = json["score"]?.array?.compactMap(\.double) ?? (json["score"]?.double).map { [$0] } ?? []
        let label: String? =
            switch json["predicted_label"] {
            case .string(let text): text
            case let value?: value.text
            case nil: nil
            }
        guard !scores.isEmpty || label != nil else {
            throw MonitoringError(.badData, "an answer has neither score nor predicted_label")
        }
        return Answer(scores: scores, label: label)
    }

    /// Scores, and behind them the label where there is one.
    private static func answer(fields line: Substring, scoreCount: Int) -> Answer {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { field -> String in
            var field = field
            if field.last == "\r" { field.removeLast() }
            return field.count >= 2 && field.first == "\"" && field.last == "\""
                ? String(field.dropFirst().dropLast()) : String(field)
        }
        let scores = fields.prefix(scoreCount).compactMap { Double($0) }
        guard scores.count == min(scoreCount, fields.count) else { return Answer(scores: [], label: fields.first) }
        return Answer(scores: scores, label: fields.count > scoreCount ? fields.last : nil)
    }
}
