import AutoML

/// Plans that users changed in notebooks.
enum PlanReader {
    static var all: FuzzedReader { FuzzedReader(name: "plan") { _ in plans() } }

    private static func plans() -> Subject {
        let cell = NotebookPlan.cell([
            PlannedCandidate(name: "linear", family: "linear", hyperparameters: ["wd": "0.1"], why: "quick")
        ])
        let source = cell.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            "\"" + line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\\n\""
        }
        let text =
            "{\"cells\":[{\"cell_type\":\"code\",\"metadata\":{\"tags\":[\"\(NotebookPlan.tag)\"]},\"source\":[\(source.joined(separator: ","))]}]}"
        return Subject(samples: [Sample("one", text: text)]) { sample in
            do throws(NotebookPlan.Fault) {
                let found = try NotebookPlan.candidates(in: sample.text)
                return found.isEmpty ? .wrong("a plan without candidates") : .accepted
            } catch { return .refused(error.description) }
        }
    }
}
