import Events
import NearestNames
import TextScanning

/// Which rules look at a run: those of the catalogue that look at every run, and what its list of rules says.
public struct RuleSelection: Sendable {
    /// The rules, with those that are switched off, in the order in which they are listed.
    public private(set) var entries: [Entry] = []

    public struct Entry: Sendable {
        public var rule: any LiveRule
        /// What it is set to, with defaults; empty for rules that take nothing.
        public var parameters: RuleParameters?
        /// Its type, where it is one of the catalogue's.
        public var type: (any Rule.Type)?
        public var isOff = false
        /// The statement, where the user wrote the rule.
        public var line: String?
    }

    /// - Parameters:
    ///   - lines: what a run's list of rules says, a statement each; later ones hold against earlier ones.
    ///   - withUsual: whether those that look at every run are there too.
    /// - Throws: the first line that cannot be read.
    public init(_ lines: [String] = [], withUsual: Bool = true) throws(RuleLineFault) {
        if withUsual { for type in RuleCatalogue.usual { add(type, RuleParameters(of: type)) } }
        for line in lines {
            do throws(TextFault) { try take(line) } catch {
                throw RuleLineFault(line: line, fault: error)
            }
        }
    }

    /// Those of a run; its lines that cannot be read, as a newer version may have written them, are left out.
    public init(of run: RunRecord) { self.init(readable: run.request.rules) }

    /// Those of a list; lines that cannot be read are left out.
    init(readable lines: [String]) {
        for type in RuleCatalogue.usual { add(type, RuleParameters(of: type)) }
        for line in lines {
            do throws(TextFault) { try take(line) } catch { continue }
        }
    }

    private mutating func take(_ line: String) throws(TextFault) {
        for (statement, text) in try RuleStatement.all(in: line, knowing: ownNames) { take(statement, text) }
    }

    /// The names of the user's own rules.
    private var ownNames: Set<String> { Set(entries.lazy.filter { $0.type == nil }.map { $0.rule.name }) }

    /// How a rule is there; nil where it is not.
    public subscript(name: String) -> Entry? { entries.first { $0.rule.name == name } }

    /// Metrics that the user's own rules name and nobody records, each with the rule that does and what may have been meant.
    ///
    /// - Parameters:
    ///   - known: the metrics that there are; those of training rows by their short names, too.
    ///   - owner: whose they are.
    ///   - otherwise: what to do where none has a name like it.
    ///   - isCertain: whether one that is not among them is not there.
    public func metrics(
        missingFrom known: [String], of owner: String, otherwise: String, isCertain: (MetricName) -> Bool = { _ in true }
    ) -> [(rule: String, words: String)] {
        let names = entries.compactMap { $0.rule as? ExpressionRule }.flatMap { rule in rule.metricNames.map { (rule.name, $0) } }
        return names.filter { !known.contains($0.1) && isCertain(MetricName($0.1)) }.map { rule, name in
            let near = NearestName.suggestions(for: name, among: known).first.map { "did you mean \($0)?" }
            return (rule, "\(owner) has no metric \(name): \(near ?? otherwise)")
        }
    }

    /// The same of a run that begins, by what its algorithm measures: of a script nobody knows that yet.
    public func metrics(missingFrom algorithm: AlgorithmDescription, of run: RunRecord) -> [(rule: String, words: String)] {
        if run.request.isScript || algorithm.metrics.isEmpty { return [] }
        let ofModels = Set(algorithm.metrics + [String(run.objective.metric.metric)]).sorted()
        let onTraining = ofModels + StepMetric.allCases.map(\.rawValue)
        let known =
            onTraining + onTraining.map { "train:\($0)" } + ofModels.map { "validation:\($0)" }
            + SystemMetric.allCases.map(\.name.text)
        return metrics(
            missingFrom: known, of: algorithm.name, otherwise: "it measures \(ofModels.joined(separator: ", "))",
            isCertain: { !$0.isCandidate })
    }

    private mutating func take(_ statement: RuleStatement, _ text: String) {
        switch statement {
        case .own(let rule): put(Entry(rule: ExpressionRule(rule), line: text))
        case .off(let name):
            if let place = entries.firstIndex(where: { $0.rule.name == name }) { entries[place].isOff = true }
        case .use(let name, let given):
            guard let type = RuleCatalogue.rule(named: name) else { return }
            do throws(RuleParameterFault) { add(type, try RuleParameters(of: type, given: given)) } catch { return }
        }
    }

    private mutating func add(_ type: any Rule.Type, _ parameters: RuleParameters) {
        put(Entry(rule: type.init(parameters), parameters: parameters, type: type))
    }

    /// In the place of the one of the same name, if there is one.
    private mutating func put(_ entry: Entry) {
        if let place = entries.firstIndex(where: { $0.rule.name == entry.rule.name }) {
            entries[place] = entry
        } else {
            entries.append(entry)
        }
    }
}

/// What is wrong with a line of a list of rules.
public struct RuleLineFault: Error, Hashable {
    public var line: String
    public var fault: TextFault
}
