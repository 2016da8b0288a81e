import Cells
import Events
import Studio
import Testing

@Suite("Drawing")
struct DrawingTests {
    @Test("every pane and popup draws at every size")
    func everySize() {
        let scripts: [[String]] = [
            [], ["1", "z"], ["2", "z"], ["3", "z"], ["4", "z"], ["3", "t"], ["n"], ["?"], [":", "x"], ["q"], ["2", "enter"],
            ["o"], ["T"],
            ["2", "/", "x"],
        ]
        let sizes = [1, 2, 3, 8, 21, 24, 34, 60, 73, 100]
        for keys in scripts {
            var state = SampleStudio.busy(120, 40)
            for key in keys { state.press(key) }
            for width in sizes {
                for height in [1, 2, 5, 6, 7, 12, 24, 40] {
                    _ = reduce(into: &state, .input(.resized(Size(width: width, height: height))))
                    let frame = Frame(state)
                    if let cursor = state.cursorPosition() {
                        #expect(frame.buffer.bounds.contains(x: cursor.x, y: cursor.y), "\(keys) at \(width)×\(height)")
                    }
                    checkWideCharacters(frame.buffer)
                }
            }
        }
    }

    /// Wide characters have both their halves.
    private func checkWideCharacters(_ buffer: CellBuffer) {
        for y in 0..<buffer.size.height {
            for x in 0..<buffer.size.width where buffer[x, y].isContinuation {
                #expect(TextWidth.of(buffer[x - 1, y].scalar) == 2)
            }
        }
    }

    @Test func namesThatBeginAlikeAreToldApartWhereTheyAreCut() {
        #expect("abalone-lr0.001".shortened(to: 15) == "abalone-lr0.001")
        #expect("abalone-lr0.001".shortened(to: 11) == "abalo…0.001")
        #expect("abalone-lr0.01".shortened(to: 10) == "abalo…0.01")
        // Wide characters are never cut in half.
        #expect("実験実験実験".shortened(to: 8) == "実験…験")
        #expect(TextWidth.of("実験abc実験".shortened(to: 7)) <= 7)
    }

    @Test("drawing the same state twice gives the same frame, and over any older frame")
    func repeatable() {
        let state = SampleStudio.busy(100, 30)
        var dirty = CellBuffer(size: state.size, fill: Cell("#", Style(.bad, on: .bad)))
        draw(state, into: &dirty)
        #expect(dirty == Frame(state).buffer)
    }

    @Test("a recording replays into the same frame")
    func replay() {
        #expect(Frame(SampleStudio.busy(120, 40)).golden == Frame(SampleStudio.busy(120, 40)).golden)
    }

    @Test("the cursor stands in the text being edited, and nowhere else")
    func cursor() {
        var state = SampleStudio.busy(100, 30)
        #expect(state.cursorPosition() == nil)
        state.press(":")
        state.type("abc")
        let place = state.cursorPosition()
        #expect(place != nil)
        if let place { #expect(Frame(state).buffer[place.x - 1, place.y].scalar == "c") }
        state.press("esc", "2", "/")
        state.type("ad")
        if let place = state.cursorPosition() { #expect(Frame(state).buffer[place.x - 1, place.y].scalar == "d") }
    }

    @Test("wide and combining characters in names keep the frame straight")
    func wideNames() {
        var state = SampleStudio.busy(100, 30)
        var record = SampleStudio.runs[0].record
        record.id = RunID("wide0000")
        record.name = "実験その一e\u{301}\u{7}👩‍🔬"
        let event = StudioEvent(sequence: 9, wallTime: SampleStudio.start, run: record.id, kind: .run(.registered(record)))
        _ = reduce(into: &state, .events([event], []))
        let lines = Frame(state).text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { TextWidth.of($0) == 100 })
    }

    @Test("ten thousand random keys and events crash nothing", arguments: [1, 2] as [UInt64])
    func storm(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        var state = SampleStudio.busy(100, 30)
        let recording = SampleStudio.recording
        for step in 0..<5000 {
            _ = reduce(into: &state, Self.randomAction(&random, recording))
            if step.isMultiple(of: 97) { _ = Frame(state) }
            #expect(state.experiments.rows.isEmpty || state.experiments.rows.indices.contains(state.experiments.cursor.index))
            #expect(state.popups.count < 40)
            #expect(state.log.count <= 500)
        }
    }

    private static func randomAction(_ random: inout SplitMix, _ recording: [Action]) -> Action {
        let codes: [Key.Code] = [
            .enter, .escape, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp,
            .pageDown,
        ]
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return recording.randomElement(using: &random) ?? .tick(now: 0)
        case 1:
            let size = Size(width: Int.random(in: 1...160, using: &random), height: Int.random(in: 1...50, using: &random))
            return .input(.resized(size))
        case 2:
            let kinds: [MouseEvent.Kind] = [.press, .drag, .wheelUp, .wheelDown]
            return .input(
                .mouse(
                    MouseEvent(
                        kind: kinds.randomElement(using: &random) ?? .press, button: .left,
                        x: Int.random(in: -1...161, using: &random), y: Int.random(in: -1...51, using: &random))))
        case 3: return .input(.paste("日本\n\u{1B}[A" + String(repeating: "x", count: Int.random(in: 0..<50, using: &random))))
        case 4...9: return .input(.key(Key(codes.randomElement(using: &random) ?? .enter)))
        case 10:
            let letter = Character(Unicode.Scalar(UInt8.random(in: 97...122, using: &random)))
            return .input(.key(Key(letter, .control)))
        default: return .input(.key(Key(Character(Unicode.Scalar(UInt8.random(in: 32...126, using: &random))))))
        }
    }
}

@Suite("Nothing that matters is cut")
struct RoomTests {
    @Test("the rows under the chart tell validation from training", arguments: [(80, 24), (120, 40), (200, 60)])
    func legend(_ width: Int, _ height: Int) {
        let rows = Frame(SampleStudio.busy(width, height)).buffer.textPlane.filter { $0.contains("━ val") }
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.contains("┈ train ") })
    }

    @Test("a difference that reads as none is neither good nor bad")
    func noDifference() throws {
        var state = SampleStudio.busy(120, 40)
        state.press("2", "G", "b")
        let twin = SampleStudio.runs[0].record
        var record = twin
        record.id = RunID("twin")
        for kind in [
            StudioEvent.Kind.run(.registered(record)),
            .sample(
                .metricsRecorded(
                    MetricsRecorded(step: 1, epoch: 0, values: [MetricName("validation:log_loss"): 0.383 + 1e-9]))),
        ] {
            let event = StudioEvent(sequence: 1, wallTime: SampleStudio.start + 300, run: record.id, kind: kind)
            _ = reduce(into: &state, .events([event], []))
        }
        let buffer = Frame(state).buffer
        let y = try #require(buffer.textPlane.firstIndex { $0.contains("±") })
        let x = try #require((0..<buffer.size.width).first { buffer[$0, y].scalar == "±" })
        #expect(buffer[x, y].style.foreground == .muted)
    }

    @Test("a sentence that is cut in the list of keys is whole under it")
    func wholeHelp() {
        var state = SampleStudio.busy(80, 24)
        state.press("2", "?")
        #expect(Frame(state).text.contains("Show the run's settings, alerts, checkpoints, files, lineage and log."))
    }

    @Test("a summary that its line has no room for is whole under it", arguments: [(80, 24), (120, 40)])
    func wholeSummary(_ width: Int, _ height: Int) {
        var state = SampleStudio.busy(width, height)
        state.press("4", "G")
        let words = Frame(state).text.split(whereSeparator: { " │\n".contains($0) }).joined(separator: " ")
        #expect(words.contains("rows arrive sorted by churned (z = 133 > 4)"))
    }
}

/// A small random generator with a seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
