import AutoML
import Clocks
import Events
import Experiments
import Files
import PipelineSteps
import Training
import Tuning

/// What an AutoML job works with, made from what was asked for and the data: the same for a new job and for one that is taken up again.
struct AutoMLSetup {
    let outlook: DataOutlook
    let problem: ProblemChoice
    let portfolio: Portfolio
    /// How candidates are judged, and whether hyperparameters are searched: never `auto`.
    var request: AutoMLRequest
    /// What somebody planned; empty = the portfolio suits the data.
    let plan: [PlannedCandidate]
    /// What was decided, in words.
    var why: [String]

    /// Candidates of a search for hyperparameters unless something else is said, as Autopilot has it.
    static let searchLength = 100
    /// Rows up to which the trials of a search are judged by five folds, as Autopilot does.
    private static let foldedRows = 50_000

    /// - Parameter plan: what is tried, in this order; empty = what suits the data.
    /// - Throws: `CommandError` with what is wrong with the data, the request or the plan.
    init(_ asked: AutoMLRequest, plan: [PlannedCandidate] = []) throws {
        (request, self.plan) = (asked, plan)
        try Self.check(asked.job.pipeline)
        let planned = try PlanReading.candidates(plan)
        do { outlook = try DataOutlook(asked.job) } catch { throw CommandError(error) }
        guard outlook.rowCount >= Judging.fewestRows else {
            throw CommandError.data(
                "\(asked.job.datasetPath): \(outlook.rowCount) rows have a target, and nothing can be learned and judged with fewer than "
                    + "\(Judging.fewestRows): give more")
        }
        do {
            problem = try ProblemChoice(
                task: outlook.task, classCount: outlook.classes?.count ?? 1, goal: outlook.goal, metric: asked.objective)
        } catch { throw CommandError.usage(error.description) }
        why = [problem.why]
        if let text = asked.job.pipeline {
            why.append("a pipeline comes first, learned in each fold anew: \(try PipelineFile.read(text).words)")
        }
        if !plan.isEmpty {
            guard request.mode != .hpo else {
                throw CommandError.usage("--plan says what is averaged, and --mode hpo averages nothing")
            }
            request.mode = .ensembling
        }
        if request.mode == .auto {
            let isLarge = FileStamp(asked.job.datasetPath).map { $0.size >= SearchStrategy.largeData } ?? false
            request.mode = isLarge ? .hpo : .ensembling
            why.append(
                isLarge
                    ? "the file is larger than 100 MB: hyperparameters are searched (--mode ensembling averages models)"
                    : "the file is smaller than 100 MB: models of several kinds are tried and averaged (--mode hpo searches one kind)"
            )
        }
        if request.mode == .hpo { request.maxCandidates = request.maxCandidates ?? Self.searchLength }
        if request.job.validationPath == nil {
            Self.judge(&request.job, outlook, mode: request.mode, why: &why)
        } else {
            why.append("candidates are judged by \(request.job.validationPath ?? "")")
        }
        if planned.isEmpty {
            portfolio = Portfolio(
                .init(rowCount: outlook.rowCount, columnCount: outlook.columnCount, task: outlook.task), hasTrees: Self.hasTrees)
        } else {
            portfolio = Portfolio(candidates: planned)
            why.append(
                "the plan that was given says which \(planned.count == 1 ? "candidate is" : "\(planned.count) candidates are") tried"
            )
        }
        if !Self.hasTrees {
            guard request.mode == .ensembling else {
                throw CommandError.usage("--mode hpo searches XGBoost, whose library is not here")
            }
            why.append("XGBoost's library is not here: only linear models and networks are tried (descent doctor)")
        }
    }

    /// A pipeline is learned in every fold anew, which steps that hold rows out or look at rows before do not go with.
    private static func check(_ text: String?) throws(CommandError) {
        guard let text else { return }
        let steps = try PipelineFile.read(text).steps
        func number(_ kinds: Set<StepKind>) -> String? {
            steps.firstIndex { kinds.contains($0.kind) }.map { "step \($0 + 1) (\(steps[$0].kind.rawValue))" }
        }
        if let split = number([.split]) {
            throw .usage(
                "\(split) holds rows out, and AutoML judges by folds: take it out, or give --validation FILE, --group or "
                    + "--validation-order")
        }
        if let past = number([.lag, .rolling]) {
            throw .usage(
                "\(past) looks at rows before, and AutoML trains on parts of the rows: write a prepared file (descent data prepare), and give "
                    + "that")
        }
    }

    /// How rows are held out where the user says nothing of it.
    private static func judge(_ job: inout JobRequest, _ outlook: DataOutlook, mode: AutoMLRequest.Mode, why: inout [String]) {
        if job.validationOrder == nil, job.group == nil, let advice = outlook.validation, advice.options["folds"] == nil {
            for option in JobOption.all {
                if let value = advice.options[option.name], option.problem(with: value) == nil { option.set([value], in: &job) }
            }
            let words = advice.options.sorted { $0.key < $1.key }.map { "--\($0.key) \($0.value)" }.joined(separator: " ")
            why.append("\(advice.reason) (\(words); --validation-order random says otherwise)")
        }
        guard job.folds == nil else { return }
        let smallest = outlook.task == .binaryClassifier ? outlook.classCounts.min() : nil
        let folds = Judging.folds(rowCount: outlook.rowCount, smallestClass: smallest)
        if mode == .hpo {
            job.folds = outlook.rowCount <= foldedRows ? min(5, folds) : nil
        } else {
            job.folds = folds
        }
        if let folds = job.folds { why.append("judged by \(folds) folds: each row by models that did not learn from it") }
    }

    static var hasTrees: Bool {
        do { try Algorithms.validate([:], of: "xgboost") } catch { return false }
        return true
    }

    /// What candidates are compared by, as a run's metric.
    var objective: Objective {
        Objective(
            metric: MetricName(split: "validation", metric: problem.objective.metric), minimises: problem.objective.isMinimised)
    }

    /// A record of a new job with a name, or one that is made from the data.
    func record(name: String?) -> AutoMLRecord {
        var generator = SystemRandomNumberGenerator()
        let made = "automl-" + (request.job.datasetPath.split(separator: "/").last ?? "data").prefix { $0 != "." }
        var record = AutoMLRecord(
            id: RunID.random(using: &generator).text, name: name ?? made.filter { !$0.isWhitespace }, request: request,
            objective: objective, why: why, createdAt: WallClock.now())
        record.findings = outlook.findings
        return record
    }
}
