import Events
import NearestNames
import TextScanning

/// A run's list of rules, and what becomes of it.
public struct RuleListEditing {
    /// A line of the list, and the rule that it is about; nil where it cannot be read, as a newer version may have written it.
    private struct Line {
        var text: String
        var statement: RuleStatement?
        var name: String? { statement?.name }
        var isOff: Bool { if case .off? = statement { true } else { false } }
        var isUse: Bool { if case .use? = statement { true } else { false } }
    }

    private var lines: [Line] = []
    private let before: RuleSelection

    /// - Parameter list: a statement each.
    public init(_ list: [String]) {
        before = RuleSelection(readable: list)
        var names: Set<String> = []
        for text in list {
            do throws(TextFault) {
                for (statement, text) in try RuleStatement.all(in: text, knowing: names) {
                    lines.append(Line(text: text, statement: statement))
                    if case .own(let rule) = statement { names.insert(rule.name) }
                }
            } catch { lines.append(Line(text: text)) }
        }
    }

    /// - Parameter step: how far the run is.
    /// - Returns: the list as it is then, and what is different in it.
    /// - Throws: what is wrong with the change; where nothing would be different, that.
    public func applying(_ edit: RuleEdit, step: Int) throws(RuleEditFault) -> RulesChange {
        var list = self
        for name in edit.without { list.remove(try list.known(name)) }
        for line in edit.lines { try list.put(line) }
        for (name, values) in edit.set.sorted(by: { $0.key < $1.key }) { try list.set(try list.known(name), values) }
        for name in edit.off { try list.switchOff(try list.known(name)) }
        for name in edit.on { list.switchOn(try list.known(name)) }
        let rules = list.lines.map(\.text)
        let changes = RuleSelection(readable: rules).changes(since: before)
        if changes.isEmpty { throw RuleEditFault("nothing would be different: the rules are as you ask already") }
        return RulesChange(rules: rules, changes: changes, step: step)
    }

    /// What takes a change of this list back, whatever else is changed meanwhile.
    public func inverse(of change: RulesChange) -> RuleEdit {
        let names = Set(change.changes.map(\.rule))
        return RuleEdit(
            without: names.sorted(),
            lines: lines.filter { line in line.name.map(names.contains) ?? false }.map(\.text))
    }

    private var selection: RuleSelection { RuleSelection(readable: lines.map(\.text)) }

    /// The name that a rule has in lists.
    private func known(_ name: String) throws(RuleEditFault) -> String {
        let own = lines.compactMap { if case .own(let rule)? = $0.statement { rule.name } else { nil } }
        if own.contains(name) { return name }
        if let type = RuleCatalogue.rule(named: name) { return type.name }
        let near = NearestName.suggestions(for: name, among: own + RuleCatalogue.names).first
        throw RuleEditFault(
            "there is no rule \(name)" + (near.map { ": did you mean \($0)?" } ?? ": descent debug rules lists them"))
    }

    private mutating func remove(_ name: String) { lines.removeAll { $0.name == name } }

    private mutating func put(_ text: String) throws(RuleEditFault) {
        let own = Set(lines.compactMap { if case .own(let rule)? = $0.statement { rule.name } else { nil } })
        do throws(TextFault) {
            let found = try RuleStatement.all(in: text, knowing: own)
            guard !found.isEmpty else { throw TextFault(0..<0, "a rule is empty: write NAME: CONDITION, or a rule's name") }
            for (statement, text) in found { put(Line(text: text, statement: statement)) }
        } catch {
            throw RuleEditFault("\(error.message)", fault: error)
        }
    }

    /// In the place of what the list says of the same rule.
    private mutating func put(_ line: Line) {
        let place = lines.firstIndex { $0.name == line.name }
        if line.isOff {
            lines.removeAll { $0.name == line.name && $0.isOff }
            return lines.append(line)
        }
        lines.removeAll { $0.name == line.name }
        lines.insert(line, at: min(place ?? lines.count, lines.count))
    }

    private mutating func set(_ name: String, _ values: [String: String]) throws(RuleEditFault) {
        guard let type = RuleCatalogue.rule(named: name) else {
            throw RuleEditFault("\(name) is a rule of your own, which has no parameters: say it anew, \(name): CONDITION")
        }
        var given = values
        for case .use(let other, let present) in lines.compactMap(\.statement) where other == name {
            given.merge(present) { new, _ in new }
        }
        do throws(RuleParameterFault) { _ = try RuleParameters(of: type, given: given) } catch {
            throw RuleEditFault(error.message)
        }
        given = given.filter { pair in type.parameters.first { $0.name == pair.key }?.defaultValue != pair.value }
        let line = Line(text: RuleStatement.text(name, given), statement: .use(name, given))
        // One that is switched off stays so.
        let place = lines.firstIndex { $0.name == name }
        lines.removeAll { $0.name == name && $0.isUse }
        lines.insert(line, at: min(place ?? lines.count, lines.count))
    }

    private mutating func switchOff(_ name: String) throws(RuleEditFault) {
        guard selection[name] != nil else { throw RuleEditFault("\(name) does not look at this run: it is off already") }
        put(Line(text: "off \(name)", statement: .off(name)))
    }

    private mutating func switchOn(_ name: String) {
        lines.removeAll { $0.name == name && $0.isOff }
        if selection[name] == nil { put(Line(text: name, statement: .use(name, [:]))) }
    }
}

/// Why rules cannot be changed so.
public struct RuleEditFault: Error, Hashable, CustomStringConvertible {
    public var message: String
    /// Where in the line, if a line cannot be read.
    public var fault: TextFault?

    init(_ message: String, fault: TextFault? = nil) { (self.message, self.fault) = (message, fault) }

    public var description: String { message }
}

extension RuleStatement {
    /// `DeadRelu(threshold_layer=40)`
    static func text(_ name: String, _ given: [String: String]) -> String {
        text(name, given.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    static func text(_ name: String, _ given: [(name: String, value: String)]) -> String {
        if given.isEmpty { return name }
        let pairs = given.map { name, value in
            let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || "\"'(),#\\".contains($0) }
            return "\(name)=" + (isPlain ? value : TextScanner.quoted(value))
        }
        return "\(name)(\(pairs.joined(separator: ", ")))"
    }
}

extension RuleSelection {
    /// What is different, rule by rule.
    func changes(since before: RuleSelection) -> [RulesChange.Change] {
        var names = before.entries.map { $0.rule.name }
        names += entries.map { $0.rule.name }.filter { before[$0] == nil }
        return names.flatMap { name -> [RulesChange.Change] in
            let words = Entry.changes(from: before[name], to: self[name])
            return words.map { RulesChange.Change(name, $0) }
        }
    }
}

extension RuleSelection.Entry {
    fileprivate static func changes(from before: Self?, to now: Self?) -> [String] {
        guard let before else { return now == nil ? [] : ["it was added"] }
        guard let now else { return ["it was taken off the list"] }
        var changes: [String] = []
        if let type = now.type, let old = before.parameters, let new = now.parameters {
            for ((parameter, from), (_, to)) in zip(old.all(of: type), new.all(of: type)) where from != to {
                changes.append("\(parameter.name) was changed from \(from) to \(to)")
            }
        }
        if before.line != now.line, let line = now.line { changes.append("it was changed to \(line)") }
        if before.isOff != now.isOff { changes.append(now.isOff ? "it was switched off" : "it was switched on") }
        return changes
    }
}
