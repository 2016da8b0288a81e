import Events
import JSON

extension WorkspaceNews {
    /// Points in one piece of a curve at most.
    public static let mostPoints = SeriesChunk.capacity

    public var json: JSONValue {
        switch self {
        case .run(let summary): .object(["news": .string("run"), "summary": summary.json])
        case .events(let run, let isWhole, let events):
            .object([
                "news": .string("events"), "run": .string(run.text), "whole": .boolean(isWhole),
                "events": .array(events.map(\.json)),
            ])
        case .points(let run, let metric, let from, let points):
            .object([
                "news": .string("points"), "run": .string(run.text), "metric": .string(metric.text), "from": .integer(from),
                "data": .string(Base64.text(SeriesChunk(points: points).bytes)),
            ])
        case .outline(let run, let metric, let outline):
            .object([
                "news": .string("outline"), "run": .string(run.text), "metric": .string(metric.text),
                "count": .integer(outline.count), "data": .string(Base64.text(SeriesPoints.bytes(outline.points))),
            ])
        case .tensors(let run, let isWhole, let steps):
            .object([
                "news": .string("tensors"), "run": .string(run.text), "whole": .boolean(isWhole),
                "steps": .array(steps.map(\.json)),
            ])
        case .queue(let jobs, let hasHost):
            .object(["news": .string("queue"), "jobs": .array(jobs.map(\.json)), "host": .boolean(hasHost)])
        case .tuning(let record, let trials, let confirmations):
            .object([
                "news": .string("tuning"), "record": record.json, "trials": .array(trials.map(\.json)),
                "confirmations": .array(confirmations.map(\.json)),
            ])
        case .tunings(let ids): .object(["news": .string("tunings"), "ids": .array(ids.map { .string($0) })])
        case .dataset(let profile, let time):
            .object(["news": .string("dataset"), "profile": profile.json, "at": .number(time)])
        case .ids(let runs, let isLast):
            .object(["news": .string("ids"), "runs": .array(runs.map { .string($0.text) }), "last": .boolean(isLast)])
        case .gone(let runs): .object(["news": .string("gone"), "runs": .array(runs.map { .string($0.text) })])
        case .upTo(let change): .object(["news": .string("upTo"), "change": .integer(change)])
        }
    }

    /// Reads news that somebody else wrote; nil where they make no sense.
    public init?(json: JSONValue) {
        guard let kind = json["news"]?.string else { return nil }
        let run = json["run"]?.string.map { RunID($0) }.flatMap { $0.isSafe ? $0 : nil }
        let runs = json["runs"]?.array?.compactMap(\.string).map { RunID($0) }.filter(\.isSafe)
        switch kind {
        case "run":
            guard var summary = json["summary"].flatMap(RunSummary.init(json:)), summary.isSane else { return nil }
            summary.record.name = RunEdit.usable(summary.record.name, else: summary.record.id.text)
            self = .run(summary)
        case "events":
            guard let run, let events = json["events"]?.array, let isWhole = json["whole"]?.boolean else { return nil }
            // Kinds of facts that a newer version has are left out.
            let read = events.compactMap(StudioEvent.init(json:))
            self = .events(run, isWhole: isWhole, read.filter { $0.run == run && $0.isSane })
        case "points":
            guard let run, let metric = json["metric"]?.string, let from = json["from"]?.integer,
                (0...JSONValue.mostInteger).contains(from), let points = json.sanePoints, points.count <= Self.mostPoints
            else { return nil }
            self = .points(run, MetricName(metric), from: from, points)
        case "outline":
            guard let run, let metric = json["metric"]?.string, let count = json["count"]?.integer,
                (0...JSONValue.mostInteger).contains(count), let points = json.sanePoints,
                points.count <= min(count, CurveOutline.mostPoints)
            else { return nil }
            self = .outline(run, MetricName(metric), CurveOutline(count: count, points: points))
        case "tensors":
            guard let run, let steps = json["steps"]?.array, let isWhole = json["whole"]?.boolean else { return nil }
            self = .tensors(run, isWhole: isWhole, steps.compactMap(TensorsOfStep.init(json:)).filter(\.isSane))
        case "queue":
            guard let jobs = json["jobs"]?.array, let hasHost = json["host"]?.boolean else { return nil }
            self = .queue(jobs.compactMap(QueuedJob.init(json:)).filter(\.run.isSafe), hasHost: hasHost)
        case "tuning":
            guard let record = json["record"].flatMap(TuningRecord.init(json:)), record.isSane,
                let trials = json["trials"]?.array, let confirmations = json["confirmations"]?.array
            else { return nil }
            self = .tuning(
                record, trials.compactMap(TuningTrial.init(json:)).filter(\.isSane),
                confirmations.compactMap(TuningConfirmation.init(json:)).filter { $0.run.isSafe && $0.json.isModest })
        case "tunings":
            guard let ids = json["ids"]?.array?.compactMap(\.string) else { return nil }
            self = .tunings(ids.filter { RunID($0).isSafe })
        case "dataset":
            guard let profile = json["profile"].flatMap(DatasetProfile.init(json:)), profile.byteCount >= 0,
                profile.rowCount >= 0, profile.json.isModest
            else { return nil }
            let time = json["at"]?.double ?? 0
            self = .dataset(profile, at: time.isFinite ? time : 0)
        case "ids":
            guard let runs, let isLast = json["last"]?.boolean else { return nil }
            self = .ids(runs, isLast: isLast)
        case "gone":
            guard let runs else { return nil }
            self = .gone(runs)
        case "upTo":
            guard let change = json["change"]?.integer, change >= 0 else { return nil }
            self = .upTo(change)
        default: return nil
        }
    }
}

extension RunID {
    /// Whether it may become the name of a folder here: of what others call their runs, nothing else is taken.
    public var isSafe: Bool { PlacePath.isName(text) }
}

extension JSONValue {
    /// Larger ones count nothing.
    static let mostInteger = 1 << 53

    /// Whether no whole number in it is so large that counting with it could end the program. To be asked of what was read and written
    /// again: a whole number may come as `1e18`.
    package var isModest: Bool {
        switch self {
        case .integer(let number): (-Self.mostInteger...Self.mostInteger).contains(number)
        case .array(let elements): elements.allSatisfy(\.isModest)
        case .object(let members): members.allSatisfy(\.value.isModest)
        default: true
        }
    }
}

extension JSONValue {
    /// The points in `data`; nil where these are none, or none that can be counted with.
    fileprivate var sanePoints: [MetricPoint]? {
        guard let bytes = self["data"]?.string.flatMap(Base64.bytes) else { return nil }
        let points = SeriesPoints.points(bytes)
        return SeriesPoints.bytes(points).count == bytes.count && points.allSatisfy(\.isSane) ? points : nil
    }
}

extension MetricPoint {
    fileprivate var isSane: Bool { (0...JSONValue.mostInteger).contains(step) && epoch.isFinite && wallTime.isFinite }
}

extension RunRecord {
    /// Whether each run that it names may become a folder here.
    fileprivate var hasSafeNames: Bool {
        [id, fork?.parent, reproduces, baselineOf, remedies?.run, request.remedies?.run].allSatisfy { $0?.isSafe ?? true }
    }
}

extension RunSummary {
    fileprivate var isSane: Bool {
        record.hasSafeNames && step >= 0 && plannedSteps >= 0 && epoch.isFinite && record.createdAt.isFinite
            && (startedAt ?? 0).isFinite && (finishedAt ?? 0).isFinite && json.isModest
    }
}

extension StudioEvent {
    fileprivate var isSane: Bool {
        switch kind {
        case .run(.registered(let record)): record.hasSafeNames && json.isModest
        case .run(.reproduced(let result)): result.original.isSafe && json.isModest
        default: json.isModest
        }
    }
}

extension TuningRecord {
    fileprivate var isSane: Bool {
        RunID(id).isSafe && createdAt.isFinite && (finishedAt ?? 0).isFinite && spentSeconds.isFinite && json.isModest
    }
}

extension TuningTrial {
    fileprivate var isSane: Bool {
        (0..<1 << 30).contains(number) && run.isSafe && point.allSatisfy(\.isFinite) && (value ?? 0).isFinite && json.isModest
    }
}

extension TensorsOfStep {
    fileprivate var isSane: Bool {
        (0...JSONValue.mostInteger).contains(step) && epoch.isFinite && wallTime.isFinite && json.isModest
    }
}

extension QueuedJob {
    /// Reads what `json` wrote; how the job begins is not in there.
    init?(json: JSONValue) {
        guard let run = json["run"]?.string, let state = json["state"]?.string.flatMap(State.init) else { return nil }
        self.init(run: RunID(run), work: .object([JSONValue.Member]()))
        self.state = state
        priority = min(max(json["priority"]?.integer ?? 0, Self.priorities.lowerBound), Self.priorities.upperBound)
        conditions = QueueConditions(json: json)
        conditions.after.removeAll { !$0.isSafe }
        waitsFor = json["waitsFor"]?.string ?? ""
        addedAt = json["addedAt"]?.double ?? 0
    }
}
