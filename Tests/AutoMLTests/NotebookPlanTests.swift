import JSON
import Testing

@testable import AutoML

/// Plans that stand in notebooks, for users to change.
@Suite struct NotebookPlanTests {
    private let plan: [PlannedCandidate] = {
        var deep = PlannedCandidate(
            name: "deep", family: "boosted trees", hyperparameters: ["eta": "0.1", "max_depth": "8"], why: "a")
        deep.without = ["date-parts"]
        return [
            PlannedCandidate(name: "linear", family: "linear", hyperparameters: ["wd": "0.1"], why: "it says \"quick\""), deep,
        ]
    }()

    private func notebook(_ source: JSONValue, tag: String = NotebookPlan.tag) -> String {
        let cell: JSONValue = .object([
            "cell_type": .string("code"), "metadata": .object(["tags": .array([.string(tag)])]), "source": source,
        ])
        return JSONValue.object(["cells": .array([.object(["cell_type": .string("markdown")]), cell])]).text
    }

    @Test func aPlanReadsBackAsItWasWrittenInLinesOrInOneText() throws {
        let cell = NotebookPlan.cell(plan)
        #expect(try NotebookPlan.candidates(in: notebook(.string(cell))) == plan)
        let lines = cell.split(separator: "\n", omittingEmptySubsequences: false).map { JSONValue.string($0 + "\n") }
        #expect(try NotebookPlan.candidates(in: notebook(.array(lines))) == plan)
    }

    @Test func numbersNeedNoQuotes() throws {
        let text =
            "\(NotebookPlan.start)[{\"name\":\"a\",\"family\":\"linear\",\"hyperparameters\":{\"wd\":0.5}}]\(NotebookPlan.end)"
        let found = try NotebookPlan.candidates(in: notebook(.string(text)))
        #expect(found.first?.hyperparameters == ["wd": "0.5"])
    }

    @Test func whatIsNoPlanIsSaid() {
        func fault(_ text: String) -> String {
            do {
                _ = try NotebookPlan.candidates(in: text)
                return ""
            } catch { return error.description }
        }
        #expect(fault("x").contains("it is no notebook"))
        #expect(fault(notebook(.string(NotebookPlan.cell(plan)), tag: "other")).contains("no cell has the tag descent-plan"))
        #expect(fault(notebook(.string("PLAN = []"))).contains("is to stand between"))
        #expect(fault(notebook(.string(NotebookPlan.start + "[" + NotebookPlan.end))).contains("no JSON"))
        #expect(fault(notebook(.string(NotebookPlan.start + "[]" + NotebookPlan.end))).contains("at least one"))
        #expect(fault(notebook(.string(NotebookPlan.start + "[{}]" + NotebookPlan.end))).contains("candidate 1 has no name"))
    }
}
