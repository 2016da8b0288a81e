import Cells
import Events
import Notebooks
import Testing

@testable import Studio

/// Notebooks in the studio: their list, and one to read.
@Suite struct NotebookPageTests {
    private static func summaries() -> [NotebookSummary] {
        var run = NotebookSummary(path: "reports/insurance-run.ipynb")
        (run.title, run.language, run.codeCount, run.runCount, run.changedAt) = (
            "What insurance costs", "python", 6, 6, 1_700_000_000
        )
        var half = NotebookSummary(path: "plan.ipynb")
        (half.title, half.language, half.codeCount, half.runCount, half.errorCount) = ("A plan for charges", "python", 9, 4, 1)
        var new = NotebookSummary(path: "new.ipynb")
        (new.language, new.codeCount) = ("r", 3)
        var broken = NotebookSummary(path: "broken.ipynb")
        broken.fault = "it is no notebook: line 3 is no JSON (a value is missing)"
        return [run, half, new, broken]
    }

    static func notebook() -> Notebook {
        var first = NotebookCell(.code, "import pandas as pd  # tables\nframe = pd.read_csv(\"insurance.csv\")\nframe.head(2)")
        first.executionCount = 1
        first.outputs = [
            .stream(name: "stderr", text: "10%\r100%\n"),
            .data(NotebookData(text: "   age     sex\n0   19  female\n1   18    male"), result: 1),
        ]
        var second = NotebookCell(.code, "1 / 0", tags: ["parameters"])
        second.executionCount = 2
        second.outputs = [
            .error(
                name: "ZeroDivisionError", value: "division by zero",
                traceback: ["\u{1B}[31mZeroDivisionError\u{1B}[0m: division by zero"])
        ]
        return Notebook(cells: [
            NotebookCell(.markdown, "# What insurance costs\n\nA table of **1,338** people and what `charges` they had."), first,
            second,
            NotebookCell(.code, "frame.describe()"),
        ])
    }

    private func listed(_ width: Int = 120, _ height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.press("9")
        bench.answer(FindNotebooks(), Self.summaries())
        return bench
    }

    private func opened() -> Bench {
        var bench = listed()
        bench.press("enter")
        bench.answer(
            ReadNotebook("reports/insurance-run.ipynb", known: nil), ReadNotebook.Content(Self.notebook(), changedAt: 5))
        return bench
    }

    @Test func notebooksAreListedWithHowFarTheyWereRun() {
        var bench = Bench()
        bench.press("9")
        #expect(bench.asked(FindNotebooks()))
        bench.answer(FindNotebooks(), [])
        #expect(Frame(bench.state).text.contains("There is no notebook in this folder"))
        for width in [80, 120, 200] {
            let text = Frame(listed(width).state).text
            for part in ["reports/insurance-run.ipynb", "✔ run", "✖ 1 error", "○ not run", "✖ damaged", "A plan for charges"] {
                #expect(text.contains(part), "\(width): \(part)\n\(text)")
            }
        }
    }

    @Test func aNotebookIsReadCellByCell() {
        var bench = opened()
        let text = Frame(bench.state).text
        for part in [
            "What insurance costs", "1,338 people and what charges they had", "[1] import pandas",
            "import pandas as pd  # tables",
            "│ 100%",
            "│ 0   19  female", "✖ [2] 1 / 0", "│ ZeroDivisionError: division by zero", "[ ] frame.describe()",
            "3 cells of code, 2 run", "1 raised an error",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        #expect(!text.contains("**") && !text.contains("\u{1B}"))
        // It is read again while something runs, and taken only where it changed.
        bench.effects = []
        bench.addRun("a")
        #expect(bench.asked(ReadNotebook("reports/insurance-run.ipynb", known: 5)))
        bench.answer(ReadNotebook("reports/insurance-run.ipynb", known: 5), nil)
        #expect((bench.state.top as? NotebookPage)?.notebook == Self.notebook())
    }

    @Test func aNotebookIsRunAsARunAndItsOutputsAreShown() throws {
        var bench = listed()
        bench.press("j", "j", "r")
        let started = bench.effects.compactMap { effect -> JobRequest? in
            if case .command(.startJob(let request)) = effect { request } else { nil }
        }
        let request = try #require(started.first)
        #expect(request.isScript && request.name == "notebook-plan")
        #expect(request.command == "\"$DESCENT_BINARY\" notebook run plan.ipynb --out plan-run.ipynb")
        #expect((bench.state.top as? NotebookPage)?.path == "plan-run.ipynb")
        // One that was run is run again in its place; a damaged one is not.
        var again = opened()
        again.press("r")
        #expect((again.state.top as? NotebookPage)?.path == "reports/insurance-run.ipynb")
        var broken = listed()
        broken.press("j", "j", "j", "j", "r")
        #expect(!broken.effects.contains { if case .command = $0 { true } else { false } })
    }

    @Test func aRunIsWrittenAsANotebookAndANotebookAsAPage() {
        var bench = Bench(width: 120, height: 40)
        #expect(bench.state.storySubject.name == nil)
        bench.addRun("a")
        bench.press("2", "%")
        #expect(bench.asked(WriteNotebook(of: "a")))
        bench.answer(WriteNotebook(of: "a"), "a.ipynb")
        #expect((bench.state.top as? NotebookPage)?.path == "a.ipynb" && bench.asked(ReadNotebook("a.ipynb", known: nil)))
        var page = opened()
        page.press("H")
        #expect(page.asked(ExportNotebook("reports/insurance-run.ipynb")))
        page.answer(ExportNotebook("reports/insurance-run.ipynb"), "reports/insurance-run.html")
        #expect(page.state.toast?.text.contains("insurance-run.html") == true)
    }
}
