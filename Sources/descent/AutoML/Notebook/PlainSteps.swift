import PipelineSteps
import Tables

/// A pipeline's steps as a notebook of pandas alone does them, and the columns that they leave.
///
/// Steps that drop, keep, rename, fill, bound or take logarithms have a form there; each is learned on the rows of a fold, as here.
struct PlainSteps {
    /// What there is behind the steps, by name.
    private(set) var columns: [(name: String, kind: ColumnKind)]
    /// Each as a tuple of Python.
    private(set) var lines: [String] = []

    /// - Parameter columns: what models may learn from before any step.
    /// - Throws: `CommandError` with the number of the first step that has no form there.
    init(_ steps: [PipelineStep], _ columns: [(name: String, kind: ColumnKind)]) throws(CommandError) {
        self.columns = columns
        for (place, step) in steps.enumerated() where !(try add(step)) {
            throw .usage(
                "step \(place + 1) (\(step.kind.rawValue)) of the pipeline has no form in a notebook of pandas and scikit-learn alone: "
                    + "`descent notebook RUN` of one of its runs has all of them")
        }
    }

    /// - Returns: whether it has a form.
    private mutating func add(_ step: PipelineStep) throws(CommandError) -> Bool {
        switch step.kind {
        // What says what is predicted changes no data.
        case .target: break
        case .drop: drop(Set(step.list("columns")))
        case .keep:
            let kept = Set(step.list("columns"))
            drop(Set(columns.map(\.name).filter { !kept.contains($0) }))
        case .rename:
            let new = step.text("to") ?? ""
            for place in columns.indices where columns[place].name == step.text("column") {
                say("rename", columns[place].name, [NotebookCode.text(new)])
                columns[place].name = new
            }
        case .impute:
            for column in named(step, orAll: { $0 != .date && $0 != .text }) { impute(column, step) }
        case .clip:
            let shares = step.numbers("quantiles")
            for column in named(step, orAll: Self.isNumber) {
                let bounds = [step.numbers("lower").first, step.numbers("upper").first].map { $0.map { "\($0)" } ?? "None" }
                say(shares.isEmpty ? "clip" : "clip by quantiles", column.name, shares.isEmpty ? bounds : shares.map { "\($0)" })
            }
        case .scale where step.text("how") == "log": for column in named(step, orAll: Self.isNumber) { say("log", column.name) }
        default: return false
        }
        return true
    }

    private static func isNumber(_ kind: ColumnKind) -> Bool { kind == .numeric || kind == .integer }

    private func named(_ step: PipelineStep, orAll isWanted: (ColumnKind) -> Bool) -> [(name: String, kind: ColumnKind)] {
        let names = step.list("columns")
        return columns.filter { names.isEmpty ? isWanted($0.kind) : names.contains($0.name) }
    }

    private mutating func drop(_ names: Set<String>) {
        for column in columns where names.contains(column.name) { say("drop", column.name) }
        columns.removeAll { names.contains($0.name) }
    }

    private mutating func impute(_ column: (name: String, kind: ColumnKind), _ step: PipelineStep) {
        let isNumber = Self.isNumber(column.kind)
        if let constant = step.text("value") {
            say("fill", column.name, [isNumber ? "\(Double(constant) ?? .nan)" : NotebookCode.text(constant)])
        } else {
            let isSaid = !step.list("columns").isEmpty
            let how = isNumber ? step.text("how") ?? "median" : isSaid ? step.text("how") ?? "mode" : "mode"
            say("fill by", column.name, [NotebookCode.text(how)])
        }
    }

    private mutating func say(_ what: String, _ column: String, _ rest: [String] = []) {
        lines.append("(\(([what, column].map(NotebookCode.text) + rest).joined(separator: ", ")))")
    }
}

extension NotebookCode {
    /// Steps of a pipeline that comes before features are made.
    static let steps = #"""
        from sklearn.base import BaseEstimator, TransformerMixin


        class FirstSteps(BaseEstimator, TransformerMixin):
            """Steps of a pipeline, in their order; what is learned is learned on the rows that are learned from."""

            def __init__(self, steps):
                self.steps = steps

            def fit(self, rows, y=None):
                self.learned_ = []
                for step in self.steps:
                    self.learned_.append(self.learned(rows, *step))
                    rows = self.changed(rows, *self.learned_[-1])
                return self

            def transform(self, rows):
                for step in self.learned_:
                    rows = self.changed(rows, *step)
                return rows

            @staticmethod
            def learned(rows, what, name, *said):
                if what == "fill by":
                    present = rows[name].dropna()
                    how = said[0]
                    return "fill", name, None if present.empty else present.mode()[0] if how == "mode" else getattr(present, how)()
                if what == "clip by quantiles":
                    return ("clip", name) + tuple(np.quantile(rows[name].dropna(), said))
                return (what, name) + said

            @staticmethod
            def changed(rows, what, name, *said):
                if what == "drop":
                    return rows.drop(columns=name)
                if what == "rename":
                    return rows.rename(columns={name: said[0]})
                column = rows[name]
                if what == "fill":
                    column = column if said[0] is None else column.where(column.notna(), said[0])
                elif what == "clip":
                    column = column.clip(*said)
                else:
                    column = np.log(1 + column)
                return rows.assign(**{name: column})
        """#
}
