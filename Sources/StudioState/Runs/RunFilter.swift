import Events

/// A filter over runs: words and comparisons that must all hold. `adam status:running rmse<4000 -xgboost`.
///
/// A bare word is searched in name, id, algorithm, experiment, dataset, status, tags and note. `field:word` searches one field.
/// `name<value` compares a metric or a hyperparameter. `-` or `!` before a term negates it.
package struct RunFilter: Hashable, Sendable {
    private enum Test: Hashable, Sendable {
        case word(String)
        case field(String, String)
        case comparison(String, Comparison, String)
    }

    private enum Comparison: String, CaseIterable, Sendable {
        case lessOrEqual = "<=", greaterOrEqual = ">=", notEqual = "!=", less = "<", greater = ">", equal = "="
    }

    private struct Term: Hashable, Sendable {
        var isNegated: Bool
        var test: Test
    }

    private var terms: [Term] = []

    package init(_ text: String) {
        for part in text.split(separator: " ") { terms.append(Self.term(part)) }
    }

    package var isEmpty: Bool { terms.isEmpty }

    /// Whether the result can change when metric samples come in.
    package var dependsOnMetrics: Bool {
        terms.contains { if case .comparison = $0.test { true } else { false } }
    }

    private static func term(_ part: Substring) -> Term {
        var text = part
        var isNegated = false
        if let first = text.first, first == "-" || first == "!", text.count > 1 {
            isNegated = true
            text = text.dropFirst()
        }
        for comparison in Comparison.allCases {
            guard let place = text.place(of: comparison.rawValue), place.lowerBound > text.startIndex,
                place.upperBound < text.endIndex
            else { continue }
            let name = String(text[..<place.lowerBound]), value = String(text[place.upperBound...])
            return Term(isNegated: isNegated, test: .comparison(name, comparison, value))
        }
        if let colon = text.firstIndex(of: ":"), Self.fields.contains(String(text[..<colon])) {
            let word = String(text[text.index(after: colon)...])
            return Term(isNegated: isNegated, test: .field(String(text[..<colon]), word))
        }
        return Term(isNegated: isNegated, test: .word(String(text)))
    }

    private static let fields: Set<String> = ["name", "id", "algorithm", "experiment", "dataset", "status", "tag", "note"]

    package func accepts(_ run: RunSummary) -> Bool {
        terms.allSatisfy { term in matches(term.test, run) != term.isNegated }
    }

    private func matches(_ test: Test, _ run: RunSummary) -> Bool {
        switch test {
        case .word(let word): Self.fields.contains { Self.field($0, of: run).containsIgnoringCase(word) }
        case .field(let name, let word): Self.field(name, of: run).containsIgnoringCase(word)
        case .comparison(let name, let comparison, let value): Self.compare(name, comparison, value, run)
        }
    }

    private static func field(_ name: String, of run: RunSummary) -> String {
        switch name {
        case "name": run.record.name
        case "id": run.record.id.text
        case "algorithm": run.record.algorithm
        case "experiment": run.record.experiment
        case "dataset": run.datasetName
        case "status": run.statusWord + " " + run.status.rawValue
        case "tag": run.tags.joined(separator: " ")
        default: run.note
        }
    }

    private static func compare(_ name: String, _ comparison: Comparison, _ value: String, _ run: RunSummary) -> Bool {
        let text = run.record.hyperparameters[name] ?? (fields.contains(name) ? field(name, of: run) : nil)
        guard let bound = Double(value), let number = metric(name, of: run) ?? text.flatMap(Double.init) else {
            guard let text else { return false }
            if comparison == .equal { return text == value }
            return comparison == .notEqual ? text != value : false
        }
        return switch comparison {
        case .less: number < bound
        case .lessOrEqual: number <= bound
        case .greater: number > bound
        case .greaterOrEqual: number >= bound
        case .equal: number == bound
        case .notEqual: number != bound
        }
    }

    /// A metric by its full name or by its word alone, validation before training.
    private static func metric(_ name: String, of run: RunSummary) -> Double? {
        if let exact = run.lastMetrics[MetricName(name)] { return exact }
        for split in ["validation", "train", "test"] {
            if let value = run.lastMetrics[MetricName(split: split, metric: name)] { return value }
        }
        switch name {
        case "step": return Double(run.step)
        case "epoch": return run.epoch
        case "alerts": return Double(run.alertCount)
        default: return nil
        }
    }
}

extension Substring {
    /// Where `other` first stands.
    fileprivate func place(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
