import Cells
import Events

/// Runs, datasets, searches, endpoints, monitors and kept models by name, for the palette: what begins like what is typed first, of equals the newest.
enum ObjectFinder {
    /// Objects listed at most.
    static let limit = 40

    static func find(_ text: String, _ state: AppState) -> [MenuEntry] {
        let text = text.trimmingSpaces, pattern = FuzzyMatch.Pattern(text)
        guard !text.isEmpty else { return [] }
        var found: [(score: Int, time: Double, entry: () -> MenuEntry)] = []
        for entry in state.runs.entries.values where !entry.summary.isDeleted {
            let record = entry.summary.record
            guard let score = score(pattern, text, record.name, record.id.text) else { continue }
            found.append((score, record.createdAt, { self.entry(entry.summary, state) }))
        }
        var tunings: Set<String> = []
        for entry in state.runs.entries.values {
            guard let tuning = entry.summary.record.tuning, tunings.insert(tuning.tuning).inserted,
                let score = score(pattern, text, tuning.name, tuning.tuning)
            else { continue }
            found.append(
                (
                    score, .infinity,
                    {
                        tuning.isAutoML
                            ? MenuEntry(tuning.name, .automl(tuning.tuning), detail: "AutoML job")
                            : MenuEntry(tuning.name, .tuning(tuning.tuning), detail: "tuning job")
                    }
                ))
        }
        for record in state.serving.endpoints {
            guard let score = score(pattern, text, record.name, record.id) else { continue }
            let word = state.serving.standing(record).status.word
            found.append((score, .infinity, { MenuEntry(record.name, .endpoint(record.id), detail: "endpoint, \(word)") }))
        }
        for standing in state.serving.monitors {
            let name = standing.record.name
            guard let score = score(pattern, text, name, standing.record.sourceWords) else { continue }
            let words = standing.violations.isEmpty ? "" : ", " + MonitorWords.violations(standing.violations)
            let detail = "monitor, \(MonitorWords.kind(standing.record.kind))\(words)"
            found.append((score, .infinity, { MenuEntry(name, .monitor(name), detail: detail) }))
        }
        for version in state.serving.models {
            guard let score = score(pattern, text, version.title, version.id) else { continue }
            let detail = "kept model, \(version.approval.word), of \(version.sourceName)"
            found.append((score, version.createdAt, { MenuEntry(version.title, .model(version.id), detail: detail) }))
        }
        for dataset in state.datasets.datasets {
            guard let score = score(pattern, text, dataset.name, dataset.path) else { continue }
            found.append((score, .infinity, { MenuEntry(dataset.name, .dataset(dataset.path), detail: "data " + dataset.path) }))
        }
        found.sort { ($1.score, $1.time) < ($0.score, $0.time) }
        return found.prefix(limit).map { $0.entry() }
    }

    /// Letters strewn over a name match nearly everything: what is typed must stand there in one piece.
    private static func score(_ pattern: FuzzyMatch.Pattern, _ text: Substring, _ name: String, _ other: String) -> Int? {
        if let score = FuzzyMatch.score(pattern, in: name), score >= 800 { return score + (name == text ? 500 : 0) }
        return FuzzyMatch.score(pattern, in: other).flatMap { $0 >= 1000 ? $0 - 500 : nil }
    }

    private static func entry(_ run: RunSummary, _ state: AppState) -> MenuEntry {
        let best = run.bestObjective.map {
            ", best \(run.record.objective.metric) \(NumberFormat.significant($0, digits: 4))"
        }
        return MenuEntry(
            run.record.name, .run(run.record.id), detail: "run, \(run.record.algorithm), \(run.statusWord)\(best ?? "")")
    }
}
