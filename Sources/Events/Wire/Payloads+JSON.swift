// The wire form of what events carry: for each payload its members, and how it is read back.

extension MetricsRecorded {
    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let epoch = json["epoch"]?.double, let values = json["metrics"]?.metrics else {
            return nil
        }
        self.init(step: step, epoch: epoch, values: values)
    }
}

extension JobStatusChange {
    var json: JSONValue {
        .object([
            "status": .string(status.rawValue), "phase": phase.map { .string($0.rawValue) }, "reason": .string(reason),
            "plannedSteps": .integer(plannedSteps),
        ])
    }

    init?(json: JSONValue) {
        guard let status = json["status"]?.string.flatMap(JobStatus.init), let reason = json["reason"]?.string,
            let plannedSteps = json["plannedSteps"]?.integer
        else { return nil }
        let phase = json["phase"]?.string.flatMap(JobPhase.init)
        self.init(status: status, phase: phase, reason: reason, plannedSteps: plannedSteps)
    }
}

extension JobProgress {
    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let plannedSteps = json["plannedSteps"]?.integer,
            let rowsPerSecond = json["rowsPerSecond"]?.double
        else { return nil }
        self.init(step: step, plannedSteps: plannedSteps, rowsPerSecond: rowsPerSecond)
    }
}

extension CheckpointSaved {
    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let epoch = json["epoch"]?.double, let isBest = json["best"]?.boolean,
            let path = json["path"]?.string
        else { return nil }
        self.init(step: step, epoch: epoch, isBest: isBest, path: path)
    }
}

extension HyperparameterChange {
    var json: JSONValue {
        .object([
            "hyperparameters": JSONValue(values), "step": step.map { .integer($0) },
            "epoch": epoch.map { .number(($0 * 10_000).rounded() / 10_000) },
        ])
    }

    init?(json: JSONValue) {
        guard let values = json["hyperparameters"]?.strings else { return nil }
        self.init(values, step: json["step"]?.integer, epoch: json["epoch"]?.double)
    }
}

extension TrainingDataSummary {
    var json: JSONValue {
        .object([
            "rowCount": .integer(rowCount), "featureCount": .integer(featureCount),
            "validationRowCount": .integer(validationRowCount), "target": target.map { .string($0) },
            "isShuffled": .boolean(isShuffled), "isNormalised": .boolean(isNormalised), "orderZ": .number(orderZ),
            "scaleRatio": .number(scaleRatio), "widestFeature": .string(widestFeature),
            "narrowestFeature": .string(narrowestFeature),
        ])
    }

    init?(json: JSONValue) {
        guard let rowCount = json["rowCount"]?.integer, let featureCount = json["featureCount"]?.integer,
            let validationRowCount = json["validationRowCount"]?.integer, let isShuffled = json["isShuffled"]?.boolean,
            let isNormalised = json["isNormalised"]?.boolean, let orderZ = json["orderZ"]?.double,
            let scaleRatio = json["scaleRatio"]?.double, let widest = json["widestFeature"]?.string,
            let narrowest = json["narrowestFeature"]?.string
        else { return nil }
        self.init(
            rowCount: rowCount, featureCount: featureCount, validationRowCount: validationRowCount,
            target: json["target"]?.string, isShuffled: isShuffled, isNormalised: isNormalised, orderZ: orderZ,
            scaleRatio: scaleRatio, widestFeature: widest, narrowestFeature: narrowest)
    }
}

extension DataWarning {
    var json: JSONValue {
        .object(["code": .string(code), "column": column.map { .string($0) }, "message": .string(message)])
    }

    init?(json: JSONValue) {
        guard let code = json["code"]?.string, let message = json["message"]?.string else { return nil }
        self.init(code: code, column: json["column"]?.string, message: message)
    }
}

extension Alert {
    var json: JSONValue {
        .object([
            "rule": .string(rule), "severity": .string(severity.rawValue), "step": .integer(step), "summary": .string(summary),
            "evidence": .object(evidence.map { .init($0.name, .number($0.value)) }), "cause": .string(cause),
            "remedies": .array(remedies.map { .object(["text": .string($0.text), "set": JSONValue($0.set)]) }),
        ])
    }

    init?(json: JSONValue) {
        guard let rule = json["rule"]?.string, let severity = json["severity"]?.string.flatMap(Severity.init),
            let step = json["step"]?.integer, let summary = json["summary"]?.string, let cause = json["cause"]?.string,
            let evidence = json["evidence"]?.members, let remedies = json["remedies"]?.array
        else { return nil }
        self.init(
            rule: rule, severity: severity, step: step, summary: summary,
            evidence: evidence.compactMap { member in member.value.double.map { Evidence(member.name, $0) } }, cause: cause,
            remedies: remedies.compactMap { remedy in
                remedy["text"]?.string.map { Remedy($0, set: remedy["set"]?.strings ?? [:]) }
            })
    }
}

extension JobResult {
    var json: JSONValue {
        .object([
            "name": .string(name), "status": .string(status.rawValue), "reason": .string(reason),
            "bestStep": bestStep.map { .integer($0) }, "metrics": JSONValue(metrics),
        ])
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.string, let status = json["status"]?.string.flatMap(JobStatus.init),
            let reason = json["reason"]?.string, let metrics = json["metrics"]?.metrics
        else { return nil }
        self.init(name: name, status: status, reason: reason, bestStep: json["bestStep"]?.integer, metrics: metrics)
    }
}
