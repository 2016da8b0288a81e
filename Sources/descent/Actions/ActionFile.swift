import Actions
import Debugging
import Events
import Experiments
import Glibc
import NearestNames
import PrintableText
import TextScanning
import Training

/// The workspace's list of actions: its channels, and what is done in each of its runs.
enum ActionFile {
    static func path(of workspace: Workspace) -> String { workspace.path + "/actions.txt" }

    /// What the workspace's file says; nothing where there is none.
    /// - Throws: a usage fault with the place of what is wrong; what stands there is not repeated, since it may be a secret.
    static func list(of workspace: Workspace) throws(CommandError) -> ActionList {
        let path = path(of: workspace)
        guard access(path, F_OK) == 0 else { return ActionList() }
        let text = try RuleFile.text(of: path, as: "a list of actions", isStanding: true)
        do throws(TextFault) { return try ActionList(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text) } catch {
            let place = error.place(in: text)
            throw .usage("\(path):\(place.line):\(place.column): \(error.message)")
        }
    }

    /// Checks the statements of a request, as far as that goes without a workspace.
    static func check(_ request: JobRequest) throws(CommandError) {
        for statement in try statements(request.actions) { try check(statement, of: request) }
    }

    /// A run's actions behind the workspace's, those that stand there already once.
    static func merged(_ request: JobRequest, in workspace: Workspace) throws(CommandError) -> [String] {
        let list = try list(of: workspace)
        let own = try statements(request.actions)
        for statement in own + list.statements {
            for name in statement.channels where list.channel(named: name) == nil {
                throw .usage(unknown(name, in: list, workspace))
            }
        }
        for statement in own { try check(statement, of: request) }
        let usual = list.statements.filter { !$0.trigger.isOfAlarm }.map(\.text)
        return usual.filter { !request.actions.contains($0) } + request.actions
    }

    private static func statements(_ lines: [String]) throws(CommandError) -> [ActionStatement] {
        var statements: [ActionStatement] = []
        for line in lines {
            do throws(TextFault) { statements.append(try ActionStatement(line)) } catch {
                throw .usage(
                    "the action cannot be read: \(error.message)\n  \(line.printable)\n  \(error.place(in: line).carets)")
            }
        }
        return statements
    }

    /// - Throws: for a rule that does not look at the run, and for settings that it does not have.
    private static func check(_ statement: ActionStatement, of request: JobRequest) throws(CommandError) {
        guard !statement.trigger.isOfAlarm else {
            throw .usage("the action '\(statement.text)': an alarm belongs to no run: write it into the workspace's actions.txt")
        }
        if case .named(let name) = statement.trigger.subject {
            let own = request.rules.compactMap { (line: String) -> String? in
                do throws(TextFault) { return try RuleStatement.all(in: line).first?.statement.name } catch { return nil }
            }
            let known = RuleCatalogue.names + own
            if !known.contains(name), let near = NearestName.suggestions(for: name, among: known).first {
                throw .usage("the action '\(statement.text)': there is no rule \(name): did you mean \(near)?")
            }
        }
        for case .steer(let settings) in statement.actions {
            if let problem = problem(with: settings, of: request.algorithm) {
                throw .usage("the action '\(statement.text)': \(problem)")
            }
        }
    }

    /// What is wrong with the rule that a statement of the workspace names; nil where there is such a one.
    static func unknownRule(of statement: ActionStatement, in workspace: Workspace) -> String? {
        guard case .named(let name) = statement.trigger.subject else { return nil }
        let known = RuleCatalogue.names + RuleStatement.ownNames(in: RuleFile.lines(of: workspace).lines)
        guard !known.contains(name), RuleCatalogue.rule(named: name) == nil else { return nil }
        let near = NearestName.suggestions(for: name, among: known).first
        return "there is no rule \(name)" + (near.map { ": did you mean \($0)?" } ?? ", unless a run has one of its own")
    }

    /// Why a job cannot be steered so; nil where it can.
    static func problem(with settings: [String: String], of algorithm: String) -> String? {
        guard let description = Algorithms.all.first(where: { $0.name == algorithm }) else { return nil }
        let words = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        do throws(HyperparameterProblem) { _ = try description.changes(parsing: words) } catch { return error.description }
        return nil
    }

    static func unknown(_ name: String, in list: ActionList, _ workspace: Workspace) -> String {
        let near = NearestName.suggestions(for: name, among: list.channels.map(\.name)).first
        return "there is no channel \(name): " + (near.map { "did you mean \($0)?" } ?? "add one to \(path(of: workspace))")
    }
}
