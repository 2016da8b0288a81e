import Clocks
import Events
import Experiments
import Files
import Hyperparameters
import Interop
import RunSearching
import Tables
import Training
import Tuning

/// Finds what a tuning job is to begin with, and says whether it is the same or only alike.
struct WarmStartFinder {
    /// What the workspace has; studies of Optuna need none.
    let workspace: () throws -> RunStore
    let request: TuningRequest
    let objective: Objective

    struct Found {
        var earlier: [EarlierTuning] = []
        var kind = WarmStart.Kind.identical
        /// Why it is not identical; nil where it is.
        var difference: String?
    }

    private static let optunaPrefix = "optuna:"

    /// - Parameters:
    ///   - names: tuning jobs, and studies as `optuna:FILE[:STUDY]` or a file's path.
    ///   - search: which runs, as for `descent runs search`.
    ///   - kind: what the user said; nil = identical where it is.
    /// - Throws: `CommandError` of code `usage` with what stands against it.
    func find(_ names: [String], runs search: String?, _ kind: WarmStart.Kind?) throws -> Found {
        var found = Found()
        for name in names { found.note(try isFile(name) ? study(name) : tuning(name)) }
        if let search { found.note(try runs(search)) }
        guard found.earlier.count <= WarmStart.mostSearches else {
            throw CommandError.usage("--warm-start: \(found.earlier.count) are named: give at most \(WarmStart.mostSearches)")
        }
        if kind == .identical, let difference = found.difference {
            throw CommandError.usage("--warm-start-type identical: \(difference): say --warm-start-type transfer")
        }
        found.kind = kind ?? (found.difference == nil ? .identical : .transfer)
        if found.kind == .identical { found.keepHeld(held) }
        return found
    }

    /// What is not searched, as far as it is known.
    private var held: [String: String] {
        let searched = Set(request.ranges.map { String($0.prefix { $0 != "=" }) })
        return settings(request.job).filter { !searched.contains($0.key) }
    }

    private func isFile(_ name: String) -> Bool { name.hasPrefix(Self.optunaPrefix) || FileKind(at: name) == .file }

    /// One thing to begin with, and how it differs from what is asked for now.
    typealias Source = (earlier: EarlierTuning, difference: String?)

    // MARK: - Tuning jobs

    private func tuning(_ name: String) throws -> Source {
        let store = try workspace()
        let record = try store.tunings.tuning(named: name)
        guard record.status.isFinal else {
            throw CommandError.usage("--warm-start \(record.name): it still runs: wait until it has ended, or stop it")
        }
        try check(record.objective, of: record.name)
        let trials = try store.tunings.trials(of: record.id).compactMap { trial in
            trial.value.map { value in
                EarlierTuning.Trial(
                    values: settings(record.request.job).merging(trial.values) { $1 }, value: value,
                    isStopped: trial.outcome == .stopped)
            }
        }
        return (EarlierTuning(name: record.name, trials: trials), try difference(record, store))
    }

    private func check(_ other: Objective, of name: String) throws(CommandError) {
        guard other.metric == objective.metric, other.direction == objective.direction else {
            throw .usage(
                "--warm-start \(name): its objective is \(other.metric), and this one's is \(objective.metric): "
                    + "values of another objective say nothing")
        }
    }

    /// What was set, and the defaults of what was not where they are values of their own.
    private func settings(_ job: JobRequest) -> [String: String] {
        let known = Algorithms.all.first { $0.name == job.algorithm }?.hyperparameters ?? []
        var settings: [String: String] = [:]
        for setting in known {
            let value = setting.value(in: job.hyperparameters)
            if !setting.words.contains(value) { settings[setting.name] = value }
        }
        return settings.merging(job.hyperparameters) { $1 }
    }

    private func difference(_ record: TuningRecord, _ store: RunStore) throws -> String? {
        let job = request.job, other = record.request.job
        if job.algorithm != other.algorithm { return "\(record.name) tuned \(other.algorithm), and this is \(job.algorithm)" }
        for (what, value) in Self.bearing where value(job) != value(other) {
            return "\(record.name) had another \(what)"
        }
        let searched = Set((request.ranges + record.request.ranges).map { $0.prefix { $0 != "=" } }.map(String.init))
        let (here, there) = (settings(job), settings(other))
        for name in Set(here.keys).union(there.keys).sorted() where !searched.contains(name) && here[name] != there[name] {
            return
                "\(record.name) held \(name) at \(there[name] ?? "its default"), and this one at \(here[name] ?? "its default")"
        }
        guard !job.datasetPath.isEmpty else { return nil }
        var then = ""
        for trial in try store.tunings.trials(of: record.id) where then.isEmpty {
            then = try store.run(trial.run)?.record.dataFingerprint ?? ""
        }
        guard !then.isEmpty else {
            return "what data \(record.name) had is not known any more"
        }
        return try then == fingerprint() ? nil : "\(record.name) had other data than \(job.datasetPath) is now"
    }

    /// What of a job bears on its objective besides hyperparameters and data.
    private static let bearing: [(String, @Sendable (JobRequest) -> String)] = [
        ("target", { $0.target ?? "" }), ("validation split", { "\($0.validationPath == nil ? $0.validationSplit : 0)" }),
        ("validation file", { $0.validationPath ?? "" }), ("number of folds", { "\($0.folds ?? 0)" }),
        ("order of validation", { $0.validationOrder ?? "" }), ("group", { $0.group ?? "" }), ("weight", { $0.weight ?? "" }),
        ("reweigh", { $0.reweigh ?? "" }),
        ("task", { $0.task ?? "" }), ("positive class", { $0.positive ?? "" }), ("preparation", { $0.prepare ?? "" }),
        ("set of columns", { "\($0.drop) \($0.keep) \($0.text.sorted { $0.key < $1.key })" }),
        ("way of reading the data", { "\($0.reading.sorted { $0.key < $1.key })" }),
        ("script", { ($0.script ?? "") + ($0.command ?? "") }),
    ]

    private func fingerprint() throws -> String {
        var fingerprint = ""
        for path in [request.job.datasetPath, request.job.validationPath].compactMap({ $0 }) where !path.isEmpty {
            fingerprint += try DataFingerprint.of(path)
        }
        return fingerprint
    }

    // MARK: - Runs

    private func runs(_ text: String) throws -> Source {
        let clock = SearchClock(now: WallClock.now(), utcOffsetSeconds: LocalTime.utcOffsetSeconds())
        let search: RunSearch
        do throws(SearchError) { search = try RunSearch(parsing: text) } catch {
            throw CommandError.usage("--warm-start-runs '\(text)': \(error)")
        }
        let store = try workspace()
        let all = try store.runs()
        if !all.isEmpty, let problem = search.unknownName(among: all, clock: clock) {
            throw CommandError.usage("--warm-start-runs '\(text)': \(problem)")
        }
        let matching = all.filter { search.accepts($0, clock: clock) }
        let alike = matching.filter {
            $0.record.algorithm == request.job.algorithm && $0.record.objective == objective
                && ($0.status == .completed || $0.status == .stopped)
        }
        let trials = try alike.compactMap { run -> EarlierTuning.Trial? in
            guard let value = try store.keptMetrics(of: run)?[objective.metric] ?? run.bestObjective, value.isFinite else {
                return nil
            }
            let values = settings(run.record.request).merging(run.record.hyperparameters) { $1 }
            return EarlierTuning.Trial(values: values, value: value, isStopped: run.status == .stopped)
        }
        guard !trials.isEmpty else {
            throw CommandError.usage(
                "--warm-start-runs '\(text)': of \(matching.count) runs that meet it none of \(request.job.algorithm) ended with "
                    + "\(objective.metric)")
        }
        let now = request.job.datasetPath.isEmpty ? "" : try fingerprint()
        let isSame = alike.allSatisfy { run in
            run.record.dataFingerprint == now && Self.bearing.allSatisfy { $0.1(run.record.request) == $0.1(request.job) }
        }
        return (
            EarlierTuning(name: "earlier runs", trials: trials),
            isSame ? nil : "some of the runs had other data or another split"
        )
    }

    // MARK: - Optuna

    private func study(_ name: String) throws -> Source {
        var path = name.hasPrefix(Self.optunaPrefix) ? String(name.dropFirst(Self.optunaPrefix.count)) : name, study: String?
        if FileKind(at: path) != .file, let colon = path.lastIndex(of: ":") {
            study = String(path[path.index(after: colon)...])
            path = String(path[..<colon])
        }
        guard FileKind(at: path) == .file else { throw CommandError.usage("--warm-start \(name): there is no file \(path)") }
        let found: OptunaStudy
        do throws(LogError) { found = try OptunaStudy(path: path, study: study) } catch {
            throw CommandError.usage("--warm-start \(name): \(error.message)")
        }
        guard found.minimises == (objective.direction == .minimised),
            found.metric.map({ $0 == objective.metric.text }) ?? true
        else {
            let way = found.minimises ? "minimises" : "maximises"
            throw CommandError.usage(
                "--warm-start \(name): the study \(way) \(found.metric ?? "its value"), and this search's objective is "
                    + "\(objective.metric): values of another objective say nothing")
        }
        return (
            EarlierTuning(name: found.name, trials: found.trials),
            "what data and settings the study \(found.name) had is not known"
        )
    }
}

extension WarmStartFinder.Found {
    fileprivate mutating func note(_ source: WarmStartFinder.Source) {
        earlier.append(source.earlier)
        difference = difference ?? source.difference
    }

    /// Leaves out trials in which what is held now had another value.
    fileprivate mutating func keepHeld(_ held: [String: String]) {
        for place in earlier.indices {
            earlier[place].trials.removeAll { trial in
                held.contains { name, value in
                    guard let then = trial.values[name] else { return false }
                    return then != value && (Double(then) == nil || Double(then) != Double(value))
                }
            }
        }
    }
}
