import JSON

/// What happened to an AutoML job, whose candidates are runs.
public enum AutoMLEvent: EventDomain {
    /// It begins, or goes on. Posted before its first candidate of this attempt.
    case started(AutoMLStart)
    /// A candidate is about to train. Posted before its run is registered.
    case candidateStarted(CandidateNews)
    /// A candidate has ended. Posted after its run's last event, once what came of it is kept.
    case candidateFinished(CandidateNews)
    /// The average of candidates is better than it was, and is what the job's name predicts by from now on.
    case ensembleImproved(EnsembleNews)
    /// Whether models are to learn from what others predict is decided. Posted once, before the first such candidate.
    case stackingDecided(StackingNews)
    /// It ended, whatever way. Posted exactly once each time it runs, as its last event.
    case finished(AutoMLResult)
}

extension EventName {
    public static let autoMLStarted = EventName("autoMLStarted")
    public static let candidateStarted = EventName("candidateStarted")
    public static let candidateFinished = EventName("candidateFinished")
    public static let ensembleImproved = EventName("ensembleImproved")
    public static let stackingDecided = EventName("stackingDecided")
    public static let autoMLFinished = EventName("autoMLFinished")
}

extension AutoMLEvent {
    /// The job's id.
    public var automl: String {
        switch self {
        case .started(let payload): payload.automl
        case .candidateStarted(let payload), .candidateFinished(let payload): payload.automl
        case .ensembleImproved(let payload): payload.automl
        case .stackingDecided(let payload): payload.automl
        case .finished(let payload): payload.automl
        }
    }

    public var name: EventName {
        switch self {
        case .started: .autoMLStarted
        case .candidateStarted: .candidateStarted
        case .candidateFinished: .candidateFinished
        case .ensembleImproved: .ensembleImproved
        case .stackingDecided: .stackingDecided
        case .finished: .autoMLFinished
        }
    }

    public var members: [JSONValue.Member] {
        switch self {
        case .started(let payload): payload.json.members ?? []
        case .candidateStarted(let payload), .candidateFinished(let payload): payload.json.members ?? []
        case .ensembleImproved(let payload): payload.json.members ?? []
        case .stackingDecided(let payload): payload.json.members ?? []
        case .finished(let payload): payload.json.members ?? []
        }
    }

    public init?(name: EventName, json: JSONValue) {
        switch name {
        case .autoMLStarted: self.init(AutoMLStart(json: json), Self.started)
        case .candidateStarted: self.init(CandidateNews(json: json), Self.candidateStarted)
        case .candidateFinished: self.init(CandidateNews(json: json), Self.candidateFinished)
        case .ensembleImproved: self.init(EnsembleNews(json: json), Self.ensembleImproved)
        case .stackingDecided: self.init(StackingNews(json: json), Self.stackingDecided)
        case .autoMLFinished: self.init(AutoMLResult(json: json), Self.finished)
        default: return nil
        }
    }
}

/// An AutoML job begins.
public struct AutoMLStart: Hashable, Sendable {
    public var automl: String
    public var name: String
    public var mode: String
    public var objective: MetricName
    /// What was decided, in words.
    public var why: [String]
    /// What was found in the data, in words.
    public var findings: [String]
    /// Candidates that are planned at most, and those of earlier attempts that ended.
    public var planned: Int, candidates: Int

    public init(
        automl: String, name: String, mode: String, objective: MetricName, why: [String], findings: [String], planned: Int,
        candidates: Int
    ) {
        (self.automl, self.name, self.mode, self.objective) = (automl, name, mode, objective)
        (self.why, self.findings, self.planned, self.candidates) = (why, findings, planned, candidates)
    }

    var json: JSONValue {
        .object([
            "automl": .string(automl), "name": .string(name), "mode": .string(mode), "objective": .string(objective.text),
            "why": .array(why.map { .string($0) }), "findings": .array(findings.map { .string($0) }),
            "planned": .integer(planned), "candidates": .integer(candidates),
        ])
    }

    init?(json: JSONValue) {
        guard let automl = json["automl"]?.string, let name = json["name"]?.string, let mode = json["mode"]?.string,
            let objective = json["objective"]?.string, let planned = json["planned"]?.integer,
            let candidates = json["candidates"]?.integer
        else { return nil }
        self.init(
            automl: automl, name: name, mode: mode, objective: MetricName(objective),
            why: json["why"]?.array?.compactMap(\.string) ?? [], findings: json["findings"]?.array?.compactMap(\.string) ?? [],
            planned: planned, candidates: candidates)
    }
}

/// A candidate of an AutoML job begins or has ended.
public struct CandidateNews: Hashable, Sendable {
    public var automl: String
    public var candidate: AutoMLCandidate
    /// Whether no single candidate is better so far.
    public var isBest: Bool

    public init(automl: String, candidate: AutoMLCandidate, isBest: Bool = false) {
        (self.automl, self.candidate, self.isBest) = (automl, candidate, isBest)
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("automl", .string(automl))]
        members += candidate.json.members ?? []
        return .object(members + [.init("best", .boolean(isBest))])
    }

    init?(json: JSONValue) {
        guard let automl = json["automl"]?.string, let candidate = AutoMLCandidate(json: json) else { return nil }
        self.init(automl: automl, candidate: candidate, isBest: json["best"]?.boolean ?? false)
    }
}

/// The average of an AutoML job's candidates became better.
public struct EnsembleNews: Hashable, Sendable {
    public var automl: String
    public var name: String
    public var ensemble: AutoMLEnsemble
    /// How much each candidate counts, by its run's name; those that do not are left out.
    public var weights: [String: Double]

    public init(automl: String, name: String, ensemble: AutoMLEnsemble, weights: [String: Double]) {
        (self.automl, self.name, self.ensemble, self.weights) = (automl, name, ensemble, weights)
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [.init("automl", .string(automl)), .init("name", .string(name))]
        members += ensemble.json.members ?? []
        return .object(members + [.init("weights", .object(sorted: weights.mapValues { .number($0) }))])
    }

    init?(json: JSONValue) {
        guard let automl = json["automl"]?.string, let name = json["name"]?.string, let ensemble = AutoMLEnsemble(json: json)
        else { return nil }
        self.init(automl: automl, name: name, ensemble: ensemble, weights: [:])
        for member in json["weights"]?.members ?? [] { weights[member.name] = member.value.double }
    }
}
