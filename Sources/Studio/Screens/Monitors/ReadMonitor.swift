import Events

/// Asks what a monitor's page shows: its executions, and what they are compared with.
package struct ReadMonitor: StudioQuery {
    package static let lane = QueryLane.store
    package static let isLive = true

    /// Its name.
    package let monitor: String
    package var slot: QuerySlot { QuerySlot(of: Self.self, monitor) }

    package init(_ monitor: String) { self.monitor = monitor }

    package func take(_ answer: MonitorReading, into state: inout AppState) -> [Effect] {
        state.changeScreen(MonitorPage.self) { page, _ in if page.monitor == monitor { page.take(answer) } }
        return []
    }
}

/// What a monitor's page shows beside how the monitor stands.
package struct MonitorReading: Sendable, Hashable {
    /// The oldest first.
    package var executions: [MonitorExecution]
    /// By a metric's name, what it was in the baseline.
    package var baseline: [String: Double]
    /// Of its endpoint's model, the newest first.
    package var retrainings: [RetrainingRecord]

    package init(executions: [MonitorExecution], baseline: [String: Double] = [:], retrainings: [RetrainingRecord] = []) {
        (self.executions, self.baseline, self.retrainings) = (executions, baseline, retrainings)
    }

    /// Those that looked at rows and came to their end, the oldest first.
    var judged: [MonitorExecution] {
        executions.filter { $0.rowCount > 0 && ($0.status == .completed || $0.status == .completedWithViolations) }
    }
}

/// Asks how one column or metric stands beside the baseline, and has stood.
package struct ReadMonitorValue: StudioQuery {
    package static let lane = QueryLane.files
    package static let isLive = true

    package let monitor: String, feature: String
    package var slot: QuerySlot { QuerySlot(of: Self.self, monitor + " " + feature) }

    package init(_ monitor: String, _ feature: String) { (self.monitor, self.feature) = (monitor, feature) }

    package func take(_ answer: MonitorValueReading, into state: inout AppState) -> [Effect] {
        state.changeScreen(MonitorValuePage.self) { page, _ in
            if page.monitor == monitor, page.feature == feature { page.take(answer) }
        }
        return []
    }
}

/// A column or a metric of a monitor as time goes on.
package struct MonitorValueReading: Sendable, Hashable {
    /// Of numbers: shares in equally wide bins; of texts: the share of each.
    package struct Distributions: Sendable, Hashable {
        /// One more than there are bins; nil for texts.
        package var edges: [Double]?
        /// The texts; empty for numbers.
        package var names: [String]
        /// - Range: 0 to 1.
        package var before: [Double], now: [Double]
        /// The times of the rows of `now`, in seconds since 1970.
        package var from: Double, until: Double

        package init(
            edges: [Double]?, names: [String], before: [Double], now: [Double], from: Double, until: Double
        ) {
            (self.edges, self.names, self.before, self.now) = (edges, names, before, now)
            (self.from, self.until) = (from, until)
        }
    }

    /// What a model was worth while all was well, and what it has been worth since.
    package struct Effect: Sendable, Hashable {
        package var metric: String
        package var before: Double?, since: Double
        /// Rows with labels.
        package var rowsBefore: Int, rowsSince: Int

        package init(metric: String, before: Double?, since: Double, rowsBefore: Int, rowsSince: Int) {
            (self.metric, self.before, self.since) = (metric, before, since)
            (self.rowsBefore, self.rowsSince) = (rowsBefore, rowsSince)
        }
    }

    /// Executions that looked at rows, the oldest first.
    package var executions: [MonitorExecution]
    /// What it was in the baseline; nil for distances, which are of it.
    package var baseline: Double?
    package var distributions: Distributions?
    /// nil where no monitor of the endpoint's model knows labels of the time.
    package var effects: [Effect]?

    package init(
        executions: [MonitorExecution], baseline: Double? = nil, distributions: Distributions? = nil, effects: [Effect]? = nil
    ) {
        (self.executions, self.baseline) = (executions, baseline)
        (self.distributions, self.effects) = (distributions, effects)
    }
}

extension [MonitorExecution] {
    /// Since when something does not meet its constraints, without a window between in which it did; nil where it does now.
    ///
    /// The oldest stands first, and all looked at rows.
    package func violatedSince(_ feature: String) -> MonitorExecution? {
        var since: MonitorExecution?
        for execution in reversed() {
            guard execution.violation(of: feature) != nil else { break }
            since = execution
        }
        return since
    }
}

extension MonitorExecution {
    /// What is said of a value that does not meet its constraints; nil where it does.
    ///
    /// Bias is told of a column, and attributions of an output: which of their values it is their words begin with.
    func violation(of name: String) -> Violation? {
        violations.first { violation in
            if violation.feature == name { return true }
            switch violation.check {
            case "bias_drift_check":
                guard let space = name.firstIndex(of: " ") else { return false }
                let metric = name[..<space], group = name[name.index(after: space)...]
                guard group.hasPrefix(violation.feature + "=") else { return false }
                return violation.description.hasPrefix("\(metric) of \(group.dropFirst(violation.feature.count + 1)) is")
            case "feature_attribution_drift_check":
                let isRanking = violation.description.hasPrefix("the ranking"), kind = isRanking ? "ndcg" : "moved share"
                return name == kind || name == "\(kind) (\(violation.feature))"
            default: return false
            }
        }
    }

    /// The values, and what has none, that do not meet their constraints.
    var violated: Set<String> {
        let measured = drift.keys.filter { violation(of: $0) != nil }
        let said = Set(measured.compactMap { violation(of: $0) })
        return Set(measured).union(violations.filter { !said.contains($0) }.map(\.feature))
    }
}
