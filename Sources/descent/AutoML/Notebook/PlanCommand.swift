import AutoML
import Events
import Experiments

/// `descent automl plan`: what a job would try, as a notebook.
enum PlanCommand {
    static let specification = CommandSpecification(
        words: ["automl", "plan"], summary: "write what an AutoML job would try as a notebook, without training anything",
        details: """
            The notebook trains and averages the plan's candidates with pandas, scikit-learn and XGBoost alone, prepared and judged as the job \
            would. Its plan can be changed and given back: `descent automl FILE --target COL --plan F.ipynb`.
            """,
        positionals: [.init(name: "FILE", help: "a CSV file whose first line names the columns")],
        options: AutoMLCommand.options + [NotebookCommand.out],
        examples: ["descent automl plan sample-data/insurance.csv --target charges --out plan.ipynb"],
        readsData: true,
        run: { arguments in
            let path = try NotebookCommand.path(arguments, "automl plan"), asked = try AutoMLCommand.request(arguments)
            try DataFile.check(asked.job.datasetPath)
            var asEnsemble = asked
            if asEnsemble.mode == .auto { asEnsemble.mode = .ensembling }
            let given = try arguments.value("--plan").map(PlanReading.plan(from:)) ?? []
            let setup = try AutoMLSetup(asEnsemble, plan: given), target = setup.outlook.profile.target ?? ""
            let planned = setup.portfolio.candidates.prefix(asked.maxCandidates ?? .max).map(PlannedCandidate.init)
            let notebook = PlanNotebook(setup: setup, plan: Array(planned), title: "A plan for \(target)")
            try NotebookCommand.write(try notebook.notebook, to: path, arguments)
            return .done
        })
}

extension PlanNotebook {
    /// Of what an AutoML job has: its candidates that count, and their shares.
    init(_ record: AutoMLRecord, _ store: RunStore) throws {
        let all = try store.automls.candidates(of: record.id), counted = all.filter { $0.weight > 0 }
        guard !counted.isEmpty else {
            throw CommandError.failed("\(record.name) has no average yet: a candidate must end first")
        }
        // Also those that do not count themselves, but that others learn from.
        let below = Set(counted.flatMap(\.stack))
        let plan = try all.filter { $0.weight > 0 || below.contains($0.run.text) }.map { one in
            var planned = try PlannedCandidate(one.name, one.algorithm, one.family, one.hyperparameters, one.why)
            planned.without = JobOption.words(record.request.job.without ?? "") + JobOption.words(one.without ?? "")
            planned.stack = all.filter { one.stack.contains($0.run.text) }.map(\.name)
            return planned
        }
        self.init(
            setup: try AutoMLSetup(record.request), plan: plan,
            weights: Dictionary(counted.map { ($0.name, $0.weight) }, uniquingKeysWith: { first, _ in first }),
            title: record.name)
    }

    /// Of one run's model.
    init(_ run: RunRecord, _ store: RunStore) throws {
        guard run.request.stack.isEmpty else {
            throw CommandError.failed(
                "\(run.name) learns from other candidates: write the notebook of its AutoML job, which has them too")
        }
        let candidate = try store.automls.all().flatMap { try store.automls.candidates(of: $0.id) }.first { $0.run == run.id }
        var plan = try PlannedCandidate(
            run.name, run.algorithm, candidate?.family, candidate?.hyperparameters ?? run.request.hyperparameters,
            candidate?.why ?? "a run")
        plan.without = JobOption.words(run.request.without ?? "")
        let asked = AutoMLRequest(job: run.request, mode: .ensembling)
        self.init(setup: try AutoMLSetup(asked), plan: [plan], weights: [run.name: 1], title: run.name)
    }
}

extension PlannedCandidate {
    init(_ plan: CandidatePlan) {
        self.init(name: plan.name, family: plan.family.rawValue, hyperparameters: plan.hyperparameters, why: plan.why)
        (without, stack) = (plan.without, plan.stack)
    }

    /// - Parameter family: nil = what the algorithm is without forests.
    fileprivate init(
        _ name: String, _ algorithm: String, _ family: String?, _ hyperparameters: [String: String], _ why: String
    ) throws(CommandError) {
        let families = ["linear-learner": "linear", "neural-network": "network", "xgboost": "boosted trees", "knn": "neighbours"]
        guard let own = family ?? families[algorithm] else {
            throw .failed("\(name) is a run of \(algorithm): a notebook is of linear-learner, neural-network, xgboost or knn")
        }
        self.init(name: name, family: own, hyperparameters: hyperparameters, why: why)
    }
}
