import Cells
import Events
import Notebooks
import Pictures
import Testing

@testable import Studio

/// A notebook's cells run one by one: keys, what is wished for, and what is shown of it.
@Suite struct KernelPageTests {
    private static let path = "book.ipynb"

    private func opened(_ notebook: Notebook = NotebookPageTests.notebook(), width: Int = 120, height: Int = 40) -> Bench {
        var bench = Bench(width: width, height: height)
        bench.press("9")
        bench.answer(FindNotebooks(), [NotebookSummary(path: Self.path)])
        bench.press("enter")
        bench.answer(
            ReadNotebook(Self.path, known: nil), ReadNotebook.Content(notebook, changedAt: 5, wholePath: "/work/book.ipynb"))
        return bench
    }

    private func standing(_ activity: KernelStanding.Activity, _ notebook: Notebook = NotebookPageTests.notebook())
        -> KernelStanding
    {
        var standing = KernelStanding(path: Self.path, hardware: KernelHardware())
        (standing.activity, standing.notebook, standing.processors) = (activity, notebook, 4)
        return standing
    }

    private func wishes(_ bench: Bench) -> [KernelWish.Kind] {
        bench.effects.compactMap { if case .kernel(let wish) = $0, wish.path == Self.path { wish.kind } else { nil } }
    }

    private func idle() -> Bench {
        var bench = opened()
        bench.press("c")
        bench.send(.kernelChanged(standing(.idle)))
        return bench
    }

    @Test func aKernelIsOpenedAndCellsAreRunOneAfterTheOther() {
        var bench = opened()
        // Without a kernel nothing is run.
        bench.press("enter")
        #expect(wishes(bench) == [] && bench.state.toast?.text.contains("c opens one") == true)
        bench.press("c")
        #expect(wishes(bench) == [.open(KernelHardware())])
        #expect(Frame(bench.state).text.contains("the kernel starts"))
        bench.send(.kernelChanged(standing(.idle)))
        #expect(Frame(bench.state).text.contains("● kernel"))
        // The text before it is no code: the first cell of code is run, then the next.
        bench.press("enter")
        #expect(wishes(bench) == [.run([1])])
        bench.press("enter")
        #expect(wishes(bench) == [.run([2])])
        bench.press("B")
        #expect(wishes(bench) == [.run([3])])
        bench.press("A")
        #expect(wishes(bench) == [.run([1, 2])])
    }

    @Test func whatRunsAndWhatWaitsIsMarkedAndCanBeInterrupted() {
        var bench = idle()
        bench.press("i")
        #expect(wishes(bench) == [])
        var running = standing(.running(cell: 1, seconds: 12))
        running.waiting = [2]
        running.notebook?.cells[1].outputs = [.stream(name: "stdout", text: "half way\n")]
        bench.send(.kernelChanged(running))
        let text = Frame(bench.state).text
        for part in ["▶ cell 2 runs", "12s", "1 wait", "[▶] import pandas", "[…] 1 / 0", "│ half way"] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        bench.press("i")
        #expect(wishes(bench) == [.interrupt])
        bench.send(.kernelChanged(standing(.ended("the kernel died while it ran: killed"))))
        #expect(Frame(bench.state).text.contains("✖ the kernel died while it ran: killed"))
        bench.press("enter")
        #expect(wishes(bench) == [])
    }

    @Test func aQuestionIsPutInALineAndASecretIsNotSeen() {
        var bench = idle()
        bench.send(.kernelChanged(standing(.asking(cell: 1, KernelPrompt("password? ", isSecret: true)))))
        #expect(bench.state.top is LinePrompt)
        bench.press("z", "x")
        let text = Frame(bench.state).text
        #expect(text.contains("password?") && text.contains("••") && !text.contains("zx"))
        bench.press("enter")
        #expect(wishes(bench) == [.answer("zx")])
        // Left without an answer it is asked again by the key that runs cells.
        bench.send(.kernelChanged(standing(.running(cell: 1, seconds: 0))))
        bench.send(.kernelChanged(standing(.asking(cell: 1, KernelPrompt("name? ", isSecret: false)))))
        bench.press("esc")
        #expect(!(bench.state.top is LinePrompt))
        bench.press("enter")
        #expect(bench.state.top is LinePrompt)
    }

    @Test func aKernelBeginsAnewOnOtherHardware() {
        var bench = idle()
        var done = standing(.idle)
        done.done = [3, 1, 3]
        bench.send(.kernelChanged(done))
        bench.press("m")
        let text = Frame(bench.state).text
        #expect(text.contains("4 threads") && !text.contains("8 threads") && text.contains("no GPU"), "\(text)")
        bench.press("2", "a")
        #expect(wishes(bench) == [.restart(KernelHardware(threads: 2), thenRun: [1, 3])])
        bench.press("R", "w")
        #expect(wishes(bench) == [.restart(KernelHardware(), thenRun: [1, 2, 3])])
        bench.press("X")
        #expect(wishes(bench) == [.close] && bench.state.kernels.isEmpty)
        // What comes of it afterwards is not taken for a kernel.
        bench.send(.kernelChanged(done))
        #expect(bench.state.kernels.isEmpty)
    }

    @Test func picturesAreDrawnInColoursAndAsDots() {
        var notebook = NotebookPageTests.notebook()
        notebook.cells[3].outputs = [.data(NotebookData(["image/png": Self.png, "text/plain": "<Figure>"]), result: nil)]
        notebook.cells[3].executionCount = 3
        var bench = opened(notebook)
        bench.press("G")
        let frame = bench.state.frame()
        let pixels = frame.cells.filter { $0.style.pixels != nil }
        // Eleven columns, nine rows of pixels in five of cells, from dark to light.
        #expect(pixels.count == 11 * 4 + 0 || pixels.count >= 40, "\(pixels.count)")
        #expect(Set(pixels.compactMap(\.style.pixels?.front)).count > 4)
        #expect(!Frame(bench.state).text.contains("<Figure>") && !Frame(bench.state).text.contains("picture: image/png"))
    }

    /// Nine rows of eleven grays, from 0 at the top left to 180.
    private static let png =
        "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAJCAAAAADBD4nxAAAAEElEQVR4nGNk4IIDJi7asgHQ3gPm4EwXDgAAAABJRU5ErkJggg=="

    /// What a cell gave pushes the next one out of view: it is run all the same, and not the first one in view again.
    @Test func theCursorStaysOnItsCellWhereOutputsPushItAway() {
        var bench = idle()
        bench.press("enter")
        var notebook = NotebookPageTests.notebook()
        notebook.cells[1].outputs = [.stream(name: "stdout", text: (0..<39).map { "line \($0)\n" }.joined())]
        bench.send(.kernelChanged(standing(.idle, notebook)))
        #expect(!Frame(bench.state).text.contains("1 / 0"))
        bench.press("enter")
        #expect(wishes(bench) == [.run([2])])
    }

    @Test func theEndOfWhatGrowsStaysInViewUnlessOneScrolledUp() {
        var bench = idle()
        func grow(_ lines: Int, _ cell: Int = 1) {
            var notebook = NotebookPageTests.notebook()
            notebook.cells[cell].outputs = [.stream(name: "stdout", text: (0..<lines).map { "line \($0)\n" }.joined())]
            bench.send(.kernelChanged(standing(.running(cell: cell, seconds: 1), notebook)))
        }
        var text: String { Frame(bench.state).text }
        bench.press("enter")
        grow(3)
        #expect(text.contains("│ line 2"))
        for count in [20, 36, 40] {
            grow(count)
            #expect(text.contains("│ line \(count - 1)") && !text.contains("goes on below"), "\(count)\n\(text)")
        }
        // A flood is cut in its middle, and its end is there.
        grow(100_000)
        #expect(text.contains("│ line 99999") && text.contains("99960 lines"))
        // Whoever scrolls up reads on, and is told that there is more.
        bench.press("ctrl-u")
        let before = (bench.state.screens.last as? NotebookPage)?.reading.top
        grow(100_001)
        #expect((bench.state.screens.last as? NotebookPage)?.reading.top == before)
        #expect(text.contains("▼ cell 2 goes on below: f follows it") && !text.contains("line 100000"), "\(text)")
        bench.press("f")
        #expect(text.contains("│ line 100000") && !text.contains("goes on below"))
        grow(100_002)
        #expect(text.contains("│ line 100001"))
        // The last that it gave is seen, too; then nothing runs, and there is nothing to follow.
        var notebook = NotebookPageTests.notebook()
        notebook.cells[1].outputs = [.stream(name: "stdout", text: (0..<200_000).map { "line \($0)\n" }.joined())]
        bench.send(.kernelChanged(standing(.idle, notebook)))
        #expect(text.contains("│ line 199999"))
        bench.press("f")
        #expect(bench.state.toast?.text.contains("no cell runs") == true)
    }

    @Test func sparkIsAHardwareWhereItIsInstalled() {
        var bench = idle()
        var without = standing(.idle)
        without.sparkProblem = "Spark is not installed: descent engine install spark"
        bench.send(.kernelChanged(without))
        bench.press("m", "s")
        #expect(wishes(bench) == [] && Frame(bench.state).text.contains("descent engine install spark"))
        bench.press("esc")
        bench.send(.kernelChanged(standing(.idle)))
        bench.press("m", "s", "n")
        #expect(wishes(bench) == [.restart(KernelHardware(usesSpark: true), thenRun: [])])
        var with = standing(.idle)
        with.hardware.usesSpark = true
        bench.send(.kernelChanged(with))
        #expect(Frame(bench.state).text.contains("with Spark"))
        bench.press("m", "2", "n")
        #expect(wishes(bench) == [.restart(KernelHardware(threads: 2, usesSpark: true), thenRun: [])])
    }

    @Test func runsAndTheNotebookThatTrainedThemLeadToEachOther() {
        var bench = opened()
        var record = Bench.record("a", name: "first", created: 10)
        record.request.notebook = "/work/book.ipynb"
        bench.post("a", .run(.registered(record)))
        #expect(Frame(bench.state).text.contains("trained  first"))
        bench.press("'")
        #expect(Frame(bench.state).text.contains("run: first"))
        bench.press("1")
        #expect((bench.state.top as? RunPage)?.run == RunID("a"))
        bench.press("'", "i")
        #expect((bench.state.top as? NotebookPage)?.path == Self.path)
    }
}
