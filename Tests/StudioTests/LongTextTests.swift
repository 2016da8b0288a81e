import Cells
import Clocks
import Events
import Testing

@testable import Studio

/// Text fields take many kilobytes, typed or pasted, and a key costs what the text's length asks for, not its square.
@Suite(.serialized) struct LongTextTests {
    /// Seconds of the quickest of some keys at the end of a text, each with its drawing.
    private func secondsPerKey(_ bench: Bench) -> Double {
        var bench = bench
        var buffer = CellBuffer(size: bench.state.size)
        var best = Double.infinity
        for key in ["x", "backspace", ",", "backspace", "=", "backspace"] {
            let start = SteadyClock.seconds()
            bench.press(key)
            draw(bench.state, into: &buffer)
            best = min(best, SteadyClock.seconds() - start)
        }
        return best
    }

    private func expectNoSquare(
        _ bench: Bench, _ unit: String, _ where: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        func seconds(_ count: Int) -> Double {
            var bench = bench
            bench.send(.input(.paste(String(repeating: unit, count: count / unit.count))))
            return secondsPerKey(bench)
        }
        let short = seconds(2_500), long = seconds(20_000)
        // Eight times the text: the square would be 64 times the cost.
        #expect(long < 20 * short + 0.005, "\(short) s, then \(long) s", sourceLocation: sourceLocation)
    }

    private func home() -> Bench {
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(Bench.profile)))
        for id in 0..<20 { bench.addRun("r\(id)", status: .completed) }
        bench.press("2")
        return bench
    }

    @Test(arguments: ["x", "a b ", "x,", "é=日 ", "--decimal , "])
    func `every field of the form`(_ unit: String) {
        for name in [
            FormField.Name.dataset, .reading, .target, .algorithm, .runName, .hyperparameter("epochs"), .option("drop"),
            .option("text"), .option("prepare"),
        ] {
            var bench = home()
            bench.press("n")
            bench.fill(name, "")
            expectNoSquare(bench, unit, "\(name)")
        }
        var bench = home()
        bench.press("n", "ctrl-f")
        expectNoSquare(bench, unit, "find")
    }

    @Test(arguments: ["x", "a b ", "loss < 1 ", "(", "tag = 'a' and "])
    func `the palette, the runs' filter, and the lines that are typed`(_ unit: String) {
        for key in [":", "/", "E", "t", "?"] {
            var bench = home()
            bench.post("r19", .job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))))
            bench.press(key)
            expectNoSquare(bench, unit, key)
        }
    }

    @Test func `what is typed is what stands there, all of it`() {
        var bench = home()
        bench.press("n")
        bench.fill(.runName, "")
        for _ in 0..<10 { bench.type(String(repeating: "name ", count: 200)) }
        #expect(bench.form?[.runName].count == 9_999)
        #expect(Frame(bench.state).text.contains("name name"))
    }
}
