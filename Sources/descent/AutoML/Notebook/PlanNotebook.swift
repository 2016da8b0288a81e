import AutoML
import Events
import JSON
import Notebooks
import Tables

/// A plan of candidates as a Jupyter notebook that trains and averages them with pandas, scikit-learn and XGBoost alone.
///
/// - Source: the notebook format, nbformat 4.5.
struct PlanNotebook {
    let setup: AutoMLSetup
    var plan: [PlannedCandidate]
    /// Shares of the candidates by their names; nil = they are found when it runs.
    var weights: [String: Double]?
    var title: String

    private var job: JobRequest { setup.request.job }

    /// - Throws: `CommandError` where its data cannot be read by pandas as it was read here.
    var notebook: Notebook {
        get throws {
            let cells =
                try [
                    NotebookCell(.markdown, about, id: "title"), NotebookCell(.code, settings, id: "settings"),
                    NotebookCell(.markdown, planNote, id: "plan-note"),
                    NotebookCell(.code, NotebookPlan.cell(plan), id: "plan", tags: [NotebookPlan.tag]),
                    NotebookCell(.code, NotebookCode.read, id: "read"),
                ] + (steps.lines.isEmpty ? [] : [NotebookCell(.code, NotebookCode.steps, id: "steps")]) + [
                    NotebookCell(.code, NotebookCode.prepare, id: "prepare"),
                    NotebookCell(.code, NotebookCode.models, id: "models"), NotebookCell(.code, NotebookCode.judge, id: "judge"),
                    NotebookCell(.code, NotebookCode.train, id: "train"),
                    NotebookCell(.code, NotebookCode.average, id: "average"),
                    NotebookCell(.code, NotebookCode.predict, id: "predict"),
                ]
            return Notebook(cells: cells, metadata: Notebook.pythonMetadata)
        }
    }

    // MARK: - Cells

    private var about: String {
        let reasons = setup.why.map { "- \($0)" }.joined(separator: "\n")
        let found =
            setup.outlook.findings.isEmpty
            ? "" : "\n\nFound in the data:\n\n" + setup.outlook.findings.map { "- \($0)" }.joined(separator: "\n")
        let left = leftOut.isEmpty ? "" : "\n\nColumns that are left out here: \(leftOut.joined(separator: ", "))."
        return """
            # \(title)

            The same plan with pandas, scikit-learn and XGBoost alone: `pip install pandas scikit-learn xgboost`. Numbers are near those of Descent, \
            not the same: scikit-learn's optimisers, its networks (no dropout) and its way to draw folds are others.

            What was decided:

            \(reasons)\(found)\(left)
            """
    }

    private var planNote: String {
        """
        ## The plan

        What is tried, in this order. Change it, and give it back: `descent automl FILE --target \(job.target ?? "COL") --plan THIS.ipynb`. \
        Families are \(CandidatePlan.Family.allCases.map(\.rawValue).joined(separator: ", ")); hyperparameters are those of \
        `descent train --algorithm linear-learner`, `neural-network`, `xgboost` and `knn`.
        """
    }

    private var settings: String {
        get throws {
            let profile = setup.outlook.profile
            guard profile.format == .csv, profile.hasHeader else {
                throw CommandError.usage(
                    "\(profile.path): a notebook reads CSV files whose first line names the columns: write the data as one")
            }
            let objective = setup.problem.objective, steps = try steps
            func names(_ kinds: Set<ColumnKind>) -> String {
                NotebookCode.list(steps.columns.filter { kinds.contains($0.kind) }.map(\.name))
            }
            let shares = weights.map { weights in
                "{"
                    + weights.sorted { $0.key < $1.key }.map { "\(NotebookCode.text($0.key)): \($0.value)" }.joined(
                        separator: ", ") + "}"
            }
            return """
                FILE = \(NotebookCode.text(profile.path))
                SEPARATOR = \(NotebookCode.text(String(profile.delimiter)))
                TARGET = \(NotebookCode.text(profile.target ?? ""))
                # Names of classes in their order, the positive one last of two; empty for numbers.
                CLASSES = \(NotebookCode.list(setup.outlook.classes ?? []))
                COLUMNS = \(NotebookCode.list(columns.map(\.name)))
                # What a pipeline does with them first, and what there is then.
                STEPS = [\(steps.lines.joined(separator: ", "))]
                NUMBERS = \(names([.numeric, .integer]))
                CATEGORIES = \(names([.categorical, .boolean]))
                DATES = \(names([.date]))
                TEXTS = \(names([.text]))
                OBJECTIVE = \(NotebookCode.text(objective.metric))
                MINIMISES = \(objective.isMinimised ? "True" : "False")
                # None: the last fifth of the rows judges.
                FOLDS = \(job.folds.map(String.init) ?? "None")
                GROUP = \(job.group.map(NotebookCode.text) ?? "None")
                SEED = \(job.seed % (1 << 31))
                # Shares of the candidates; None: found by greedy selection.
                WEIGHTS = \(shares ?? "None")
                """
        }
    }

    // MARK: - Columns

    /// Why a column is of no use to a model.
    private static let useless: Set<TableWarning.Code> = [.rowName, .highCardinality, .allMissing, .constantColumn]

    private var unused: Set<String> {
        let profile = setup.outlook.profile
        let named = profile.warnings.filter { Self.useless.contains($0.code) }.compactMap(\.column)
        // What is not written as programs write it, pandas does not read.
        return Set(
            named + profile.columns.filter { $0.written != nil }.map(\.name) + [profile.target, job.group].compactMap { $0 })
    }

    private var leftOut: [String] {
        let profile = setup.outlook.profile
        return profile.columns.map(\.name).filter { unused.contains($0) && $0 != profile.target }
    }

    /// What models may learn from, before any step.
    private var columns: [(name: String, kind: ColumnKind)] {
        setup.outlook.profile.columns.filter { !unused.contains($0.name) && $0.count > 0 }.map { ($0.name, $0.kind) }
    }

    private var steps: PlainSteps {
        get throws { try PlainSteps(try job.pipeline.map { try PipelineFile.read($0).steps } ?? [], columns) }
    }
}
