import Events

/// The names and values that runs have, for completion and for choosing columns.
public enum RunNames {
    /// Every field that some run has: the fixed ones, then metrics, then hyperparameters, then what runs cost, each by name.
    public static func fields(of runs: some Sequence<RunSummary>) -> [RunField] {
        var metrics: Set<MetricName> = []
        var settings: Set<String> = []
        var system: Set<MetricName> = []
        for run in runs {
            metrics.formUnion(run.lastMetrics.keys)
            system.formUnion(run.metricRanges.keys.lazy.filter(\.isSystem))
            settings.formUnion(run.record.hyperparameters.keys)
        }
        return RunField.fixed + metrics.filter { !$0.isCandidate }.sorted().map { .named($0.text) }
            + settings.sorted().map { .named($0) } + system.sorted().map { .named($0.text) }
    }

    /// Values of a text field, the most frequent first; at most 200.
    static func values(of field: RunField, in runs: some Sequence<RunSummary>) -> [String] {
        var counts: [String: Int] = [:]
        for run in runs {
            switch field.value(of: run, now: 0) {
            case .text(let text): counts[text, default: 0] += 1
            case .texts(let texts):
                for text in field == .status ? Array(texts.prefix(1)) : texts { counts[text, default: 0] += 1 }
            case .number:
                // Settings as they were written; what was measured has as many values as runs and more digits than one types.
                if field.kind == .either, let text = field.setting(of: run) { counts[text, default: 0] += 1 }
            case nil: break
            }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(200).map(\.key)
    }
}
