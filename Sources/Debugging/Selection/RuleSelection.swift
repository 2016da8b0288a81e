import Events
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

    /// Metrics that the user's own rules name, with the rule that does.
    public var metricNames: [(rule: String, metric: String)] {
        entries.compactMap { $0.rule as? ExpressionRule }.flatMap { rule in rule.metricNames.map { (rule.name, $0) } }
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
