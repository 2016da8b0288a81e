import AutoML
import Clocks
import Events
import Experiments
import Files
import Glibc
import Learners
import Synchronization
import Tables
import Threads
import Training

/// An AutoML job: trains one candidate after the other, each a run, averages those that have ended, and ends by its limits or when more of
/// them bring nothing. What stands at any moment is a model in the job's folder.
///
/// Works on one thread, which waits. What touches the engine's store goes through `onStore`.
// SAFETY: `interrupt` is the only method that other threads call, and it may be called from any.
final class AutoMLJob: @unchecked Sendable {
    /// Does something where the engine's store belongs to.
    typealias StoreAccess = @Sendable (@escaping @Sendable () throws -> Void) throws -> Void

    let engine: Engine
    var record: AutoMLRecord
    let setup: AutoMLSetup
    var candidates: [AutoMLCandidate] = []
    private let onStore: StoreAccess
    var ensemble: CandidateEnsemble
    /// Candidates in a row that brought the average nothing.
    private var fruitless = 0
    /// Names of those of the portfolio that there is no time for.
    private var leftOut: Set<String> = []
    /// Shared by the runs of each algorithm that are prepared alike.
    private var prepared: [String: PreparedData] = [:]
    private let startTime = SteadyClock.seconds()
    private let mailbox: Mailbox
    private let isInterrupted = Atomic<Bool>(false)
    /// Of what is trained here to find out whether a second level does harm.
    let trialControl = JobControl()
    private let news = ThreadSignal()

    /// - Parameters:
    ///   - record: of a job that is this process's.
    ///   - onStore: by default work is done at once, on the calling thread.
    init(_ engine: Engine, _ record: AutoMLRecord, _ setup: AutoMLSetup, onStore: @escaping StoreAccess = { try $0() }) throws {
        (self.engine, self.record, self.setup, self.onStore) = (engine, record, setup, onStore)
        ensemble = CandidateEnsemble(setup, workspace: engine.workspace)
        mailbox = Mailbox(policy: .lossless(capacity: 1 << 20), onDelivery: { [news] in news.set() })
    }

    /// Stops its candidate so that it can be resumed, and ends. From any thread.
    func interrupt() {
        isInterrupted.store(true, ordering: .releasing)
        trialControl.ask(.stop)
        news.set()
    }

    // MARK: - The whole

    /// Works until it is over.
    /// - Throws: where nothing can be learned at all, with the reason.
    func run() throws -> AutoMLResult {
        engine.bus.subscribe(mailbox)
        defer { engine.bus.unsubscribe(mailbox) }
        candidates = try stored { try $0.candidates(of: $1.id) }
        try keepExploration()
        tellBegin()
        if record.request.mode == .hpo {
            do { return try search() } catch {
                // A search that was refused has left nothing behind, and so does this job.
                if try !hasSearch() { try forget() }
                throw error
            }
        }
        for candidate in candidates where candidate.outcome == .completed { _ = try ensemble.add(candidate) }
        while true {
            if try isAsked() { return try finish(.stopped, .stoppedByUser) }
            if let left = candidates.first(where: { $0.outcome == nil }) {
                guard try train(left) else { return try finish(.stopped, .stoppedByUser) }
            } else if let ending {
                if ending == .allTried || ending == .nothingMore {
                    let stacked = ensemble.isEmpty ? nil : try nextStacked()
                    if stacked == nil, try isAsked() || isTimeOver { continue }
                    if let next = try stacked ?? nextAblation() {
                        guard try train(next) else { return try finish(.stopped, .stoppedByUser) }
                        continue
                    }
                }
                return ensemble.isEmpty ? try giveUp() : try finish(.completed, ending.reason)
            } else if let next = try next() {
                guard try train(next) else { return try finish(.stopped, .stoppedByUser) }
            }
            if ensemble.isEmpty, candidates.count(where: { $0.outcome == .failed }) >= Self.mostFailures { return try giveUp() }
        }
    }

    /// What is planned and what the data is, before anything is learned from it; of a job that is taken up again that is known.
    private func keepExploration() throws {
        let folder = engine.workspace.artifactFolder(of: record.id)
        if !setup.plan.isEmpty { try PlanReading.keep(setup.plan, in: folder) }
        if ExplorationFile.read(from: folder) == nil { try ExplorationFile.write(setup.outlook.exploration(), to: folder) }
    }

    private func tellBegin() {
        let plan = record.request.mode == .hpo ? record.request.maxCandidates ?? 0 : setup.portfolio.candidates.count
        let start = AutoMLStart(
            automl: record.id, name: record.name, mode: record.request.mode.rawValue, objective: record.objective.metric,
            why: record.why, findings: setup.outlook.findings, planned: min(plan, record.request.maxCandidates ?? plan),
            candidates: candidates.count { $0.outcome != nil })
        engine.bus.post(.automl(.started(start)), run: nil)
    }

    /// Seconds it worked.
    var seconds: Double { record.spentSeconds + SteadyClock.seconds() - startTime }

    /// The part of the time that is left which a candidate may take once there is a model, while others are to come.
    private static let candidateShare = 0.5

    /// When a candidate that begins now has had its part of the time, as `seconds`; without a limit never.
    private var shareEnd: Double {
        guard let limit = record.request.timeLimit else { return .infinity }
        return untried == nil || ensemble.isEmpty ? limit : seconds + max(0, limit - seconds) * Self.candidateShare
    }

    var isTimeOver: Bool { record.request.timeLimit.map { seconds >= $0 } ?? false }

    /// Why no more candidates are tried; nil while more are.
    private var ending: AutoMLEnding? {
        if isTimeOver, !candidates.isEmpty { return .timeLimit }
        if let most = record.request.maxCandidates, candidates.count >= most { return .maxCandidates }
        if untried == nil { return .allTried }
        return fruitless >= Judging.patience(rowCount: setup.outlook.rowCount) ? .nothingMore : nil
    }

    func isAsked() throws -> Bool {
        if isInterrupted.load(ordering: .acquiring) { return true }
        return try stored { try $0.isAskedToStop($1.id) }
    }

    /// Asks the store of AutoML jobs, where that is done.
    func stored<Answer: Sendable>(_ work: @escaping @Sendable (AutoMLStore, AutoMLRecord) throws -> Answer) throws -> Answer {
        let answer = Mutex<Answer?>(nil), record = record, engine = engine
        try onStore {
            let found = try work(engine.store.automls, record)
            answer.withLock { $0 = found }
        }
        guard let found = answer.withLock({ $0 }) else { preconditionFailure("work on the store was not done") }
        return found
    }

    /// Does something with the engine where its store belongs to.
    func onEngine(_ work: @escaping @Sendable (Engine) throws -> Void) throws {
        let engine = engine
        try onStore { try work(engine) }
    }

    func finish(_ status: JobStatus, _ reason: EndReason) throws -> AutoMLResult {
        (record.status, record.reason) = (status, reason)
        if status == .failed { record.reason = EndReason(failure ?? "no candidate ended with a value") }
        (record.spentSeconds, record.finishedAt) = (seconds, WallClock.now())
        try keep()
        let result = AutoMLResult(record, candidates)
        engine.flush()
        engine.bus.post(.automl(.finished(result)), run: nil)
        return result
    }

    /// Where nothing can be learned: what is refused for its data leaves nothing behind.
    private func giveUp() throws -> AutoMLResult {
        guard let fault = refusal, fault.isDataFault || fault.code == .badRequest else { return try finish(.failed, .unsaid) }
        let runs = candidates.map(\.run)
        // What is still to be written would bring their rows back.
        engine.supervisor.waitUntilIdle()
        engine.flush()
        try onEngine { engine in
            for run in runs where try engine.store.run(run)?.startedAt == nil { try engine.forget(run) }
        }
        try forget()
        throw CommandError(fault)
    }

    private func forget() throws {
        try stored { try $0.remove($1.id) }
        Folder.remove(engine.workspace.artifactFolder(of: record.id))
    }

    /// Candidates that fail before any did well, after which the rest is not tried.
    private static let mostFailures = 3

    // MARK: - Candidates

    /// Why the last candidate failed; nil while none did.
    private var failure: String?
    private var refusal: TrainingError?

    /// The first of the portfolio that is no candidate yet.
    private var untried: CandidatePlan? {
        let known = Set(candidates.map(\.name))
        return setup.portfolio.candidates.first {
            !leftOut.contains($0.name) && !known.contains("\(record.name)-\($0.name)")
        }
    }

    /// - Returns: nil where there is no time for the one that was to come next.
    private func next() throws -> AutoMLCandidate? {
        guard let next = untried else { preconditionFailure("a candidate was asked for after all were tried") }
        guard let plan = try fitting(next) else {
            leftOut.insert(next.name)
            return nil
        }
        var candidate = newCandidate(plan)
        candidate.stack = try stacked(under: plan)
        return try keepNew(candidate)
    }

    func newCandidate(_ plan: CandidatePlan) -> AutoMLCandidate {
        var generator = SystemRandomNumberGenerator()
        var candidate = AutoMLCandidate(
            number: candidates.count, run: .random(using: &generator), name: "\(record.name)-\(plan.name)",
            family: plan.family.rawValue, algorithm: plan.algorithm, hyperparameters: plan.hyperparameters, why: plan.why)
        candidate.without = plan.without.isEmpty ? nil : plan.without.joined(separator: ",")
        return candidate
    }

    /// The best single model again, without a step of its preparation: what the step brings. nil where none is left.
    private func nextAblation() throws -> AutoMLCandidate? {
        let objective = record.objective
        var best: AutoMLCandidate?
        for one in candidates where one.without == nil && one.level == 1 {
            if objective.isBetter(one.value ?? .nan, than: best?.value ?? .nan) { best = one }
        }
        // Once begun, all are compared with the same one.
        let known = candidates.first { $0.base != nil }?.base
        guard let base = known.flatMap({ name in candidates.first { $0.name == name } }) ?? best else { return nil }
        let done = Set(
            candidates.filter { $0.base != nil }.compactMap(\.without) + JobOption.words(record.request.job.without ?? ""))
        let steps = setup.outlook.steps(forTrees: base.algorithm == "xgboost").map(\.rawValue)
        guard let step = steps.first(where: { !done.contains($0) }) else { return nil }
        var generator = SystemRandomNumberGenerator()
        var candidate = AutoMLCandidate(
            number: candidates.count, run: .random(using: &generator), name: "\(base.name)-without-\(step)", family: base.family,
            algorithm: base.algorithm, hyperparameters: base.hyperparameters, why: "what \(step) bring to \(base.name)")
        (candidate.without, candidate.base) = (step, base.name)
        return try keepNew(candidate)
    }

    func keepNew(_ candidate: AutoMLCandidate) throws -> AutoMLCandidate {
        candidates.append(candidate)
        try stored { try $0.write(candidate, of: $1.id) }
        return candidate
    }

    /// - Returns: false where somebody asked to stop, and the candidate can go on.
    private func train(_ candidate: AutoMLCandidate) throws -> Bool {
        let began = SteadyClock.seconds()
        engine.bus.post(.automl(.candidateStarted(CandidateNews(automl: record.id, candidate: candidate))), run: nil)
        guard try begin(candidate) else { return true }
        let shareEnd = shareEnd
        var isAsked = false, isCut = false
        while true {
            for event in mailbox.take().events {
                guard event.run == candidate.run, case .job(.finished(let result)) = event.kind else { continue }
                if isAsked, result.status == .stopped { return false }
                refusal = engine.supervisor.failure(of: candidate.run)
                try end(candidate, result, seconds: SteadyClock.seconds() - began, isCut: isCut)
                return true
            }
            if !isAsked, try self.isAsked() {
                isAsked = true
                engine.supervisor.stop(candidate.run)
            } else if !isCut, seconds >= shareEnd || isTimeOver {
                // What it has learned until now counts, and others have a turn.
                isCut = true
                engine.supervisor.stop(candidate.run)
            }
            _ = news.wait(untilNanoseconds: SteadyClock.nanoseconds() + 200_000_000)
        }
    }

    /// Starts a candidate's run, or goes on with it.
    /// - Returns: false where it has ended already, in an earlier attempt.
    private func begin(_ candidate: AutoMLCandidate) throws -> Bool {
        var request = record.request.job
        request.algorithm = candidate.algorithm
        request.hyperparameters = candidate.hyperparameters
        request.name = candidate.name
        let left = [request.without, candidate.without].compactMap { $0 }
        request.without = left.isEmpty ? nil : left.joined(separator: ",")
        request.stack = candidate.stack
        let kind = candidate.algorithm + (candidate.without ?? "") + candidate.stack.joined()
        let data = prepared[kind] ?? PreparedData(differingIn: settings(of: candidate.algorithm))
        prepared[kind] = data
        var membership = RunTuning(tuning: record.id, name: record.name, trial: candidate.number)
        membership.isAutoML = true
        let (asked, tuning) = (request, membership)
        let ended = Mutex<JobResult?>(nil)
        try onEngine { engine in
            guard let known = try engine.store.run(candidate.run) else {
                _ = try engine.startTrial(asked, candidate.run, of: tuning, prepared: data)
                return
            }
            if known.status.isFinal, known.reason != .interrupted, known.reason != .stoppedByUser {
                let kept = try engine.store.keptResult(of: known)
                ended.withLock {
                    $0 =
                        kept
                        ?? JobResult(
                            name: candidate.name, status: known.status, reason: known.reason, bestStep: nil, metrics: [:])
                }
            } else {
                try engine.resume(candidate.run, isHere: true)
            }
        }
        guard let result = ended.withLock({ $0 }) else { return true }
        try end(candidate, result, seconds: candidate.fitSeconds ?? 0, isCut: false)
        return false
    }

    /// Names of what differs among the portfolio's candidates of an algorithm.
    private func settings(of algorithm: String) -> Set<String> {
        Set(setup.portfolio.candidates.filter { $0.algorithm == algorithm }.flatMap(\.hyperparameters.keys))
    }

    /// Keeps and tells what came of a candidate, and averages anew.
    private func end(_ candidate: AutoMLCandidate, _ result: JobResult, seconds: Double, isCut: Bool) throws {
        var candidate = candidate
        (candidate.fitSeconds, candidate.reason) = (seconds, isCut ? AutoMLEnding.timeLimit.rawValue : result.reason.text)
        for (name, value) in result.metrics where name.split == "validation" && !name.metric.contains("@") && value.isFinite {
            candidate.metrics[String(name.metric)] = value
        }
        var isImproved = false
        if result.status == .completed || result.status == .stopped {
            candidate.outcome = .completed
            do {
                let worth = try ensemble.add(candidate)
                (candidate.value, candidate.spread) = (worth.value, worth.spread)
                candidate.predictMilliseconds = worth.predictMilliseconds
                isImproved = ensemble.select()
            } catch {
                (candidate.outcome, candidate.reason) = (.failed, "\(error)")
            }
        } else {
            (candidate.outcome, failure) = (.failed, "\(candidate.name): \(result.reason.text)")
        }
        candidates[candidate.number] = candidate
        if candidate.base == nil, candidate.level == 1 { fruitless = isImproved ? 0 : fruitless + 1 }
        if isImproved {
            record.ensemble = try ensemble.save(record)
            for place in candidates.indices { candidates[place].weight = ensemble.weights[candidates[place].number] ?? 0 }
        }
        candidates[candidate.number].ensembleValue = record.ensemble?.value
        try keep()
        tell(candidates[candidate.number], isImproved: isImproved)
    }

    func keep() throws {
        let all = candidates
        try stored { try $0.write($1, all) }
    }

    func tell(_ candidate: AutoMLCandidate, isImproved: Bool) {
        let objective = record.objective
        // As good as an earlier one is not better.
        let isBest = candidates.allSatisfy { other in
            other.number == candidate.number || other.value.map { objective.isBetter(candidate.value ?? .nan, than: $0) } ?? true
        }
        engine.bus.post(
            .automl(
                .candidateFinished(
                    CandidateNews(automl: record.id, candidate: candidate, isBest: candidate.value != nil && isBest))), run: nil)
        guard isImproved, let now = record.ensemble else { return }
        let weights = Dictionary(
            candidates.filter { $0.weight > 0 }.map { ($0.name, $0.weight) }, uniquingKeysWith: { first, _ in first })
        engine.bus.post(
            .automl(.ensembleImproved(EnsembleNews(automl: record.id, name: record.name, ensemble: now, weights: weights))),
            run: nil)
    }
}
