import Cells
import Clocks
import Databases
import Events
import Experiments
import Glibc
import JSON
import PrintableText
import RunSearching
import Scripts
import Studio
import Training

/// Runs in words, for a terminal without a studio.
enum RunText {
    /// A steering change, one line.
    static func change(_ event: StudioEvent) -> String {
        guard case .job(.hyperparametersChanged(let change)) = event.kind else { return "" }
        return "  step \(change.step.map { NumberFormat.grouped($0) } ?? "?")  \(change.text)\n"
    }

    static func glyph(_ status: JobStatus) -> String {
        switch status {
        case .pending: "…"
        case .inProgress: "▶"
        case .paused: "‖"
        case .stopping, .stopped: "■"
        case .completed: "✔"
        case .failed: "✖"
        }
    }

    /// What became of a run that was just trained.
    static func outcome(
        _ summary: RunSummary, workspace: Workspace, alerts: [RaisedAlert], baselines: [RunSummary] = [],
        evaluation: ModelEvaluation? = nil
    ) -> String {
        var out = "\(glyph(summary.status)) \(summary.record.name.printable)  \(summary.status.rawValue)"
        out += summary.reason.isEmpty ? "" : " (\(summary.reason.text.printable))"
        out +=
            summary.bestStep.map { ", best at step \(NumberFormat.grouped($0)) of \(NumberFormat.grouped(summary.step))" } ?? ""
        out += "\n" + metricLines(summary.lastMetrics, baseline: evaluation?.baseline ?? [:])
        if let evaluation { out += judged(evaluation) + self.evaluation(evaluation) }
        if summary.bestStep == nil, !summary.lastMetrics.isEmpty {
            let isNumber = summary.lastMetrics[summary.record.objective.metric]?.isFinite == true
            let metric = summary.record.objective.metric
            let why =
                summary.record.objective.direction == .unknown && summary.lastMetrics[metric] != nil
                ? "whether more or less of \(metric) is better is not known: --objective max:\(metric) or min:\(metric) says it"
                : isNumber ? "it ended before the first evaluation" : "\(summary.record.objective.metric) was never a number"
            out += "  no best: \(why)\n"
        }
        if !baselines.isEmpty { out += comparison([summary] + baselines) }
        for alert in alerts { out += self.alert(alert) }
        let folder = workspace.artifactFolder(of: summary.record.id.text)
        let isGone = access(folder + (summary.record.request.isScript ? "/ml/model" : ""), F_OK) != 0
        out += "  model       \(isGone ? "none: \(folder) was removed while it ran" : folder)\n"
        return out
    }

    /// A line a split: `  validation  loss 0.31  accuracy 0.86`; where there is a baseline, as many lines as it takes:
    /// `  validation  accuracy 0.86 (baseline 0.62)`.
    static func metricLines(_ metrics: [MetricName: Double], baseline: [MetricName: Double] = [:]) -> String {
        var out = ""
        for split in ["validation", "train", "test", ""] {
            let all = metrics.filter { $0.key.split == split && !$0.key.isReplaced }.sorted { $0.key < $1.key }
            // Of folds the spread stands beside the mean, and one by one they are in the curves.
            let spreads = Dictionary(
                all.compactMap { entry in
                    entry.key.metric.hasSuffix("@sd") ? (String(entry.key.metric.dropLast(3)), entry.value) : nil
                }, uniquingKeysWith: { $1 })
            // Those of models trained side by side are in the curves, too.
            let own = all.count { $0.key.metric.contains("@") } < 4 ? all : all.filter { !$0.key.metric.contains("@") }
            if own.isEmpty { continue }
            let title = split.isEmpty ? "other" : split
            let pad = String(repeating: " ", count: 12 - title.count)
            let words = own.map { name, value in
                let spread = spreads[String(name.metric)].map { " ± \(NumberFormat.significant($0, digits: 2))" } ?? ""
                return "\(name.metric.printable) \(NumberFormat.significant(value))\(spread)"
                    + (baseline[name].map { " (baseline \(NumberFormat.significant($0)))" } ?? "")
            }
            let hasBaseline = own.contains { baseline[$0.key] != nil }
            let lines = hasBaseline ? wrapped(words) : [words.joined(separator: "  ")]
            out += "  \(title)\(pad)" + lines.joined(separator: "\n" + String(repeating: " ", count: 14)) + "\n"
        }
        return out
    }

    /// Runs side by side, by the first one's metrics on validation rows, or on training rows where there are none.
    private static func comparison(_ runs: [RunSummary]) -> String {
        let split = runs[0].lastMetrics.keys.contains { $0.split == "validation" } ? "validation" : "train"
        let names = runs[0].lastMetrics.keys.filter { $0.split == split && !$0.metric.contains("@") && !$0.isReplaced }.sorted()
            .filter { name in runs.allSatisfy { $0.lastMetrics[name] != nil } }
        let rows = runs.map { run in
            [run.record.name] + names.map { run.lastMetrics[$0].map { NumberFormat.significant($0) } ?? "–" }
        }
        return "\n" + table([[split] + names.map { String($0.metric) }] + rows, rightAligned: Set(1...max(1, names.count))) + "\n"
    }

    static func alert(_ raised: RaisedAlert) -> String {
        let alert = raised.alert
        var out =
            "  \(raised.cleared == nil ? alert.severity.glyph : "○") \(alert.rule), step \(alert.step): \(alert.summary.printable)\n"
        if let cleared = raised.cleared { out += "    \(cleared.clearedWords.printable)\n" }
        for line in alert.cause.split(separator: "\n") { out += "    \(line.printable)\n" }
        for remedy in alert.remedies {
            let settings = remedy.set.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
            out += "    → \(remedy.text)\(settings.isEmpty ? "" : "   \(settings)")\n"
        }
        return out
    }

    /// Rows of text with columns lined up; numbers to the right.
    static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
        let rows = rows.map { $0.map(\.printable) }
        guard let width = rows.map(\.count).max() else { return "" }
        let widths = (0..<width).map { column in rows.map { column < $0.count ? TextWidth.of($0[column]) : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                let pad = String(repeating: " ", count: widths[column] - TextWidth.of(text))
                line += rightAligned.contains(column) ? pad + text : text + pad
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// What a run cost, metric by metric.
    static func systemUses(_ run: RunSummary, store: RunStore) throws(StoreError) -> [(name: MetricName, use: SystemUse)] {
        var uses: [(MetricName, SystemUse)] = []
        for name in run.systemMetrics {
            let values = try store.points(run: run.record.id, metric: name).lazy.map(\.value)
            if let use = SystemUse(values) { uses.append((name, use)) }
        }
        return uses
    }

    /// One run as `runs show --json` prints it: with `"system":{"cpu_percent":{"mean":…,"peak":…},…}` and
    /// the steps of its `checkpoints`, newest first; `lineage` is what `RunLineage.json` tells.
    static func json(_ run: RunSummary, store: RunStore) throws -> JSONValue {
        let uses = try systemUses(run, store: store).map { name, use in
            JSONValue.Member(
                String(name.metric), .object(["mean": .number(use.mean), "peak": .number(use.peak)]))
        }
        var members = (json(run).members ?? []) + [.init("system", .object(uses))]
        members.append(.init("lineage", try store.lineage(of: run.record.id).json))
        members += weightMembers(run, store: store)
        do throws(TrainingError) {
            let folder = store.workspace.artifactFolder(of: run.record.id.text)
            let places =
                run.record.request.isScript
                ? ScriptCheckpoints(folder: folder).forkPlaces : try ForkPoint.places(inFolder: folder)
            members.append(.init("checkpoints", .array(places.steps.map { .integer($0) })))
        } catch {
            // That there are none is something else.
            members += [.init("checkpoints", .null), .init("checkpointProblem", .string(error.description))]
        }
        return .object(members)
    }

    /// One run as `runs list --json` prints it.
    static func json(_ summary: RunSummary) -> JSONValue {
        let record = summary.record
        return .object([
            "run": .string(record.id.text), "name": .string(record.name), "experiment": .string(record.experiment),
            "algorithm": .string(record.algorithm), "origin": .string(record.origin.rawValue),
            "where": record.place.map { .string($0) },
            "log": record.log.map { .string($0) },
            "objective": .object([
                "metric": .string(record.objective.metric.text), "direction": .string(record.objective.direction.rawValue),
            ]), "status": .string(summary.status.rawValue),
            "reason": .string(summary.reason.text), "dataset": .string(record.request.datasetPath),
            "target": record.request.target.map { .string($0) },
            "reading": record.request.reading.isEmpty ? nil : JSONValue(record.request.reading),
            "seed": RunField.seed.value(of: summary, now: 0) == nil ? nil : .integer(Int(clamping: record.seed)),
            "dataFingerprint": .string(record.dataFingerprint), "gitRevision": record.gitRevision.map { .string($0) },
            "createdAt": .string(WallClock.text(record.createdAt)), "step": .integer(summary.step),
            "epoch": .number(summary.epoch), "bestStep": summary.bestStep.map { .integer($0) },
            "loggedNames": record.loggedNames.isEmpty ? nil : JSONValue(record.loggedNames.mapValues(\.text)),
            "alerts": .integer(summary.alertCount), "hyperparameters": JSONValue(record.hyperparameters),
            "metrics": JSONValue(summary.lastMetrics), "parent": record.fork.map { .string($0.parent.text) },
            "parentStep": record.fork.map { .integer($0.step) }, "best": summary.bestObjective.map { .number($0) },
            "ranges": JSONValue(summary.metricRanges.filter { !$0.key.isSystem }),
            "tags": .array(summary.tags.map { .string($0) }),
            "note": .string(summary.note), "archived": .boolean(summary.isArchived),
            "drop": record.request.drop.isEmpty ? .array([]) : nil,
        ]).adding(record.request.optionMembers)
    }
}
