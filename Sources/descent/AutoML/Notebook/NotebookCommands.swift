import AutoML
import Events
import Experiments
import OutputFiles

/// `descent automl plan` and `descent notebook`: what a job would try, and what a model came from, as notebooks.
enum NotebookCommands {
    private static let out = OptionSpecification(
        name: "--out", value: "FILE", help: "the notebook to write; one that is there is replaced")

    static let plan = CommandSpecification(
        words: ["automl", "plan"], summary: "write what an AutoML job would try as a notebook, without training anything",
        details: """
            The notebook trains and averages the plan's candidates with pandas, scikit-learn and XGBoost alone, prepared and judged as the job \
            would. Its plan can be changed and given back: `descent automl FILE --target COL --plan F.ipynb`.
            """,
        positionals: [.init(name: "FILE", help: "a CSV file whose first line names the columns")],
        options: AutoMLCommand.options + [out],
        examples: ["descent automl plan sample-data/insurance.csv --target charges --out plan.ipynb"],
        readsData: true,
        run: { arguments in
            let path = try path(arguments, "automl plan"), asked = try AutoMLCommand.request(arguments)
            try DataFile.check(asked.job.datasetPath)
            var asEnsemble = asked
            if asEnsemble.mode == .auto { asEnsemble.mode = .ensembling }
            let given = try arguments.value("--plan").map(PlanReading.plan(from:)) ?? []
            let setup = try AutoMLSetup(asEnsemble, plan: given), target = setup.outlook.profile.target ?? ""
            let planned = setup.portfolio.candidates.prefix(asked.maxCandidates ?? .max).map(PlannedCandidate.init)
            let notebook = PlanNotebook(setup: setup, plan: Array(planned), title: "A plan for \(target)")
            try write(notebook, to: path, arguments)
            return .done
        })

    static let notebook = CommandSpecification(
        words: ["notebook"],
        summary: "write what an AutoML job's average or a run does as a notebook of scikit-learn and XGBoost",
        details: "The candidates that count and their shares, or the one model. The job's data must still be there.",
        positionals: [
            .init(name: "MODEL", help: "an AutoML job, or a run of linear-learner, neural-network, xgboost or knn, by name or id")
        ],
        options: [out], examples: ["descent notebook automl-insurance --out insurance.ipynb"],
        run: { arguments in
            let path = try path(arguments, "notebook"), store = try WorkspaceChoice.reading(arguments)
            try write(try notebook(of: arguments.positionals[0], store), to: path, arguments)
            return .done
        })

    private static func path(_ arguments: ParsedArguments, _ command: String) throws(CommandError) -> String {
        guard let path = arguments.value("--out") else {
            throw .usage("descent \(command): --out is missing: name the notebook to write")
        }
        return path
    }

    private static func write(_ notebook: PlanNotebook, to path: String, _ arguments: ParsedArguments) throws {
        try OutputFile.write(try notebook.text, to: path)
        if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
    }

    private static func notebook(of name: String, _ store: RunStore) throws -> PlanNotebook {
        let jobs = try store.automls.all()
        if let record = jobs.first(where: { $0.name == name || $0.id == name }) {
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
            return PlanNotebook(
                setup: try AutoMLSetup(record.request), plan: plan,
                weights: Dictionary(counted.map { ($0.name, $0.weight) }, uniquingKeysWith: { first, _ in first }),
                title: record.name)
        }
        let run = try store.run(named: name).record
        guard run.request.stack.isEmpty else {
            throw CommandError.failed(
                "\(run.name) learns from other candidates: write the notebook of its AutoML job, which has them too")
        }
        let candidate = try jobs.flatMap { try store.automls.candidates(of: $0.id) }.first { $0.run == run.id }
        let set = run.request.hyperparameters
        var plan = try PlannedCandidate(
            run.name, run.algorithm, candidate?.family, candidate?.hyperparameters ?? set, candidate?.why ?? "a run")
        plan.without = JobOption.words(run.request.without ?? "")
        let asked = AutoMLRequest(job: run.request, mode: .ensembling)
        return PlanNotebook(setup: try AutoMLSetup(asked), plan: [plan], weights: [run.name: 1], title: run.name)
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
