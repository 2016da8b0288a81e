import Clocks
import Events
import Experiments
import Hyperparameters
import NearestNames
import Training
import Tuning

/// What a tuning job is made from, checked in one place for the command line and the studio.
extension TuningSetup {
    /// A new job as it was asked for.
    struct Plan {
        var request: TuningRequest
        var objective: Objective
        /// What it begins with.
        var earlier: [EarlierTuning]
        var setup: TuningSetup

        /// A record of it with a name, or one that is made from the data.
        func record(name: String?) -> TuningRecord {
            var generator = SystemRandomNumberGenerator()
            let made = "tune-" + (request.job.datasetPath.split(separator: "/").last ?? "script").prefix { $0 != "." }
            return TuningRecord(
                id: RunID.random(using: &generator).text, name: name ?? made, request: request, objective: objective,
                createdAt: WallClock.now())
        }
    }

    /// - Parameters:
    ///   - others: further objectives, by the names of their metrics.
    ///   - warmStart: finds what the search begins with, and notes it in the request.
    /// - Throws: what cannot be searched, with the reason.
    static func plan(
        _ request: TuningRequest, others: [String] = [],
        warmStart: (inout TuningRequest, Objective) throws -> WarmStartFinder.Found = { _, _ in WarmStartFinder.Found() }
    ) throws -> Plan {
        var request = request
        try takeCluster(&request)
        try Algorithms.validate(request.job)
        try checkNames(request)
        let objective = try Self.objective(of: request.job)
        for name in others {
            var other = request.job
            other.hyperparameters["objective_metric"] = name
            request.otherObjectives.append(try Self.objective(of: other))
        }
        try checkSeveral(request, objective)
        let begin = try warmStart(&request, objective)
        let (strategy, why) = try strategy(request)
        request.strategy = strategy
        var setup = try TuningSetup(request, objective, earlier: begin.earlier)
        setup.why = why
        setup.advice += begin.difference.map { ["what it begins with is something alike only: \($0)"] } ?? []
        return Plan(request: request, objective: objective, earlier: begin.earlier, setup: setup)
    }

    /// What is said about an engine is where trials train, and not how each of them does.
    private static func takeCluster(_ request: inout TuningRequest) throws(CommandError) {
        let options = request.job.clusterOptions
        guard !options.isEmpty else { return }
        guard options["engine"] != nil else {
            let name = options.keys.sorted().first ?? ""
            throw .usage("--\(name) is for an engine: name one with --engine \(JobRequest.sparkEngine)")
        }
        guard !request.job.isScript else {
            throw .usage("--engine is for the learners of this program, and a script reaches its machines itself: leave it out")
        }
        request.cluster = options
        request.job.clusterOptions = [:]
    }

    /// What goes by one objective alone.
    private static func checkSeveral(_ request: TuningRequest, _ objective: Objective) throws(CommandError) {
        let names = [objective.metric] + request.otherObjectives.map(\.metric)
        guard names.count > 1 else { return }
        if Set(names).count < names.count {
            throw .usage("--objective: one is there twice: \(names.map(\.text).joined(separator: ", "))")
        }
        for (option, isGiven) in [
            ("--early-stopping", request.stopsEarly), ("--no-improvement", request.noImprovement != nil),
            ("--target-value", request.targetValue != nil), ("--confirm", request.confirm ?? 0 > 0),
            ("--complete-on-convergence", request.endsConverged),
        ] where isGiven {
            throw .usage("\(option) goes by one objective, and \(names.count) are given: leave it out")
        }
    }

    /// What a job is after a change.
    ///
    /// - Parameter earlier: what it began with. Of another objective that tells nothing.
    /// - Throws: `CommandError` of code `usage` for what cannot be searched, with the reason.
    static func changed(
        _ record: TuningRecord, _ change: TuningChange, earlier: [EarlierTuning]
    ) throws(CommandError) -> (TuningRequest, Objective, TuningSetup) {
        var request = record.request
        if let problem = change.apply(to: &request) { throw .usage(problem) }
        do {
            try Algorithms.validate(request.job)
            try checkNames(request)
            let objective = change.objective == nil ? record.objective : try Self.objective(of: request.job)
            let begin = objective == record.objective ? earlier : []
            return (request, objective, try TuningSetup(request, objective, earlier: begin))
        } catch { throw .usage(CommandError(error).description) }
    }

    private static func objective(of job: JobRequest) throws -> Objective {
        let objective = try Algorithms.objective(of: job)
        guard objective.direction != .unknown else {
            throw CommandError.usage(
                "descent tune: whether less or more of \(objective.metric) is better is not known: name "
                    + "one such as validation:loss"
            )
        }
        return objective
    }

    /// That the algorithm has what is searched.
    private static func checkNames(_ request: TuningRequest) throws(CommandError) {
        guard !request.job.isScript, let algorithm = Algorithms.all.first(where: { $0.name == request.job.algorithm }) else {
            return
        }
        let known = algorithm.hyperparameters.map(\.name)
        for range in request.ranges {
            let name = TuningChange.name(of: range)
            if known.contains(name) || !range.contains("=") { continue }
            let meant =
                NearestName.suggestions(for: name, among: known).first.map { "did you mean \($0)?" }
                ?? "descent train --algorithm \(algorithm.name) --help has them"
            throw .usage("--range \(name): \(algorithm.name) has no hyperparameter '\(name)': \(meant)")
        }
    }

    /// The place of a configuration that somebody thought of.
    /// - Throws: `CommandError` of code `usage` that says what is missing, or lies outside of its range.
    static func point(of values: [String: String], in space: SearchSpace) throws(CommandError) -> [Double] {
        let names = space.searched.map(\.name)
        if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
            throw .usage("\(unknown) is not searched: give values for \(names.joined(separator: ", "))")
        }
        for parameter in space.searched {
            guard let text = values[parameter.name] else { continue }
            if parameter.place(of: text) == nil {
                let ends = "\(parameter.value(at: 0).text) to \(parameter.value(at: 1).text)"
                let valid = if case .categorical(let words) = parameter.values { words.joined(separator: ", ") } else { ends }
                throw .usage("\(parameter.name)=\(text) is not in its range: \(valid)")
            }
        }
        if let point = space.point(of: values) { return point }
        let missing = names.first { values[$0] == nil } ?? ""
        throw .usage("\(missing) is missing: give a value for everything that is searched")
    }
}
