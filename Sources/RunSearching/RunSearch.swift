import Events
import NearestNames
import Searching

/// A search over runs: words, comparisons, `and`, `or`, `not`, parentheses. The same in the runs table, the palette and
/// `descent runs search`.
///
/// ```
/// validation:rmse < 4000 and algorithm = xgboost and (learning_rate in 0.01..0.1 or tag ~ "base*") -note:old created > -2d
/// ```
/// A bare word is looked for in name, id, algorithm, experiment, dataset, status, tags and note; `field:word` in one of them.
/// Names are those of `RunField`. Conditions that stand side by side must all hold.
public struct RunSearch: Hashable, Sendable {
    typealias Node = SearchNode<RunField>

    let node: Node
    let mentions: [SearchMention<RunField>]

    init(_ node: Node, mentions: [SearchMention<RunField>]) {
        self.node = node
        self.mentions = mentions
    }

    /// Accepts every run.
    public init() {
        node = .all([])
        mentions = []
    }

    public var isEmpty: Bool { node == .all([]) }

    /// Whether it says more than words to look for.
    public var isExpression: Bool {
        func isWords(_ node: Node) -> Bool {
            switch node {
            case .word: true
            case .all(let parts): parts.allSatisfy(isWords)
            case .not(let inner): isWords(inner)
            case .any, .has, .compare: false
            }
        }
        return !isWords(node)
    }

    /// Whether the result can change when metric samples come in.
    public var dependsOnMetrics: Bool { node.contains(\.dependsOnMetrics) }
    /// Whether the result can change by time going by.
    public var dependsOnTime: Bool { node.contains { $0.kind == .time || $0 == .duration } }

    /// Whether the run meets the search. A comparison with what a run does not have does not hold; nor does its opposite, but
    /// `not` of it does.
    public func accepts(_ run: RunSummary, clock: SearchClock) -> Bool { Self.holds(node, run, clock) }

    /// A name that no run has: a slip, whether the search then finds nothing or, with `not` before it, everything.
    /// - Parameter known: what was found of the same text before, so that nobody looks again for what may have been meant.
    public func unknownName(
        among runs: some Sequence<RunSummary>, clock: SearchClock, known: SearchError? = nil
    ) -> SearchError? {
        for mention in mentions where !runs.contains(where: { mention.field.value(of: $0, now: clock.now) != nil }) {
            if let known, known.range == mention.range { return known }
            if case .statistic(_, let name) = mention.field, runs.contains(where: { RunField.metric(name, of: $0) != nil }) {
                return SearchError(
                    mention.range, "whether lower or higher \(name) is better is not known: use min:\(name) or max:\(name)")
            }
            let near = Self.nearest(to: mention.field, among: runs)
            return SearchError(
                mention.range, "no run has \(mention.field.word)" + (near.map { ": did you mean \($0)?" } ?? ""))
        }
        return nil
    }

    /// The name that runs have and that a misspelt one is most like; a metric is also known without its split.
    private static func nearest(to field: RunField, among runs: some Sequence<RunSummary>) -> String? {
        let words = RunNames.fields(of: runs).map(\.word)
        let bare = words.compactMap { word in word.lastIndex(of: ":").map { String(word[word.index(after: $0)...]) } }
        guard case .statistic(let statistic, let name) = field else {
            return NearestName.suggestions(for: field.word, among: words + bare).first
        }
        return NearestName.suggestions(for: name, among: bare + words).first.map { statistic.rawValue + ":" + $0 }
    }

    private static func holds(_ node: Node, _ run: RunSummary, _ clock: SearchClock) -> Bool {
        node.holds { condition in
            switch condition {
            case .word(let pattern): RunField.searched.contains { matches(pattern, $0, run, clock) }
            case .has(let field): field == .alerts ? run.alertCount > 0 : field.value(of: run, now: clock.now) != nil
            case .compare(let field, let comparison, let operand): compare(field, comparison, operand, run, clock)
            case .all, .any, .not: preconditionFailure("\(condition) is no single condition")
            }
        }
    }

    private static func matches(_ pattern: TextPattern, _ field: RunField, _ run: RunSummary, _ clock: SearchClock) -> Bool {
        switch field.value(of: run, now: clock.now) {
        case .text(let text): pattern.matches(text)
        case .texts(let texts): texts.contains { pattern.matches($0) }
        case .number, nil: false
        }
    }

    private static func compare(
        _ field: RunField, _ comparison: SearchComparison, _ operand: SearchOperand, _ run: RunSummary, _ clock: SearchClock
    ) -> Bool {
        guard let value = field.value(of: run, now: clock.now) else { return false }
        let isOpposite = comparison.isOpposite
        switch (operand, value) {
        case (.text(let pattern), .text(let text)): return pattern.matches(text) != isOpposite
        case (.text(let pattern), .texts(let texts)): return texts.contains { pattern.matches($0) } != isOpposite
        case (.text(let pattern), .number):
            // A pattern over a setting that happens to be a number.
            guard pattern.form != .whole, let text = field.text(of: run, now: clock.now) else { return isOpposite }
            return pattern.matches(text) != isOpposite
        case (_, .number(let number)): return operand.holds(number, comparison, clock: clock) ?? isOpposite
        case (.number, _), (.time, _): return isOpposite
        }
    }
}
