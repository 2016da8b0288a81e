import JSON

extension RunSummary {
    /// All that is known of a run but for its curves and events: what lies beside its model, and what another machine is told.
    public var json: JSONValue {
        .object([
            "run": .string(record.id.text), "record": record.json, "status": .string(status.rawValue),
            "phase": phase.map { .string($0.rawValue) }, "reason": .string(reason.text),
            "startedAt": startedAt.map { .number($0) },
            "finishedAt": finishedAt.map { .number($0) }, "step": .integer(step),
            "epoch": .number(epoch), "plannedSteps": .integer(plannedSteps),
            "lastMetrics": JSONValue(lastMetrics), "bestObjective": bestObjective.map { .number($0) },
            "bestStep": bestStep.map { .integer($0) }, "alertCount": alertCount > 0 ? .integer(alertCount) : nil,
            "clearedAlertCount": clearedAlertCount > 0 ? .integer(clearedAlertCount) : nil,
            "rowsPerSecond": rowsPerSecond > 0 ? .number(rowsPerSecond) : nil, "metricRanges": JSONValue(metricRanges),
            "sketch": sketch.json, "tags": .array(tags.map { .string($0) }), "note": .string(note),
            "archived": .boolean(isArchived), "deleted": .boolean(isDeleted),
        ])
    }

    /// Reads a run back; nil if its record cannot be read.
    public init?(json: JSONValue) {
        guard let id = json["run"], case .object(let members)? = json["record"],
            let record = RunRecord(json: .object(members + [.init("run", id)]))
        else { return nil }
        self.init(record: record)
        status = json["status"]?.string.flatMap(JobStatus.init) ?? .stopped
        phase = json["phase"]?.string.flatMap(JobPhase.init)
        reason = EndReason(json["reason"]?.string ?? "")
        startedAt = json["startedAt"]?.double
        finishedAt = json["finishedAt"]?.double
        step = json["step"]?.integer ?? 0
        epoch = json["epoch"]?.double ?? 0
        plannedSteps = json["plannedSteps"]?.integer ?? 0
        lastMetrics = json["lastMetrics"]?.metrics ?? [:]
        bestObjective = json["bestObjective"]?.double
        bestStep = json["bestStep"]?.integer
        alertCount = max(0, json["alertCount"]?.integer ?? 0)
        clearedAlertCount = max(0, json["clearedAlertCount"]?.integer ?? 0)
        rowsPerSecond = json["rowsPerSecond"]?.double ?? 0
        metricRanges = json["metricRanges"]?.metricRanges ?? [:]
        sketch = json["sketch"].flatMap(CurveSketch.init(json:)) ?? CurveSketch()
        tags = json["tags"]?.array?.compactMap(\.string) ?? []
        note = json["note"]?.string ?? ""
        isArchived = json["archived"]?.boolean ?? false
        isDeleted = json["deleted"]?.boolean ?? false
    }
}
