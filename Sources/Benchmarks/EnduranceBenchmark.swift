import Cells
import Numerics
import Studio

/// A hand that presses anything and drags the window about: what each key and each size takes to a painted frame, and what stays in
/// memory. Every frame has to fit its screen.
enum EnduranceBenchmark {
    static func run(keyCount: Int, sizeCount: Int) {
        var state = FrameBenchmark.makeState(pointCount: 100_000)
        _ = reduce(into: &state, .themesListed(["descent-dark", "descent-light"]))
        var random = RandomSource(seed: 7)
        var times: [Double] = [], torn = 0
        let before = Measurement.residentMegabytes()
        var settled = before
        let every = max(1, keyCount / max(1, sizeCount))
        for number in 0..<keyCount {
            times.append(step(.key(key(&random)), &state, &torn))
            if number.isMultiple(of: every) {
                let size = Size(width: 1 + random.integer(below: 220), height: 1 + random.integer(below: 70))
                times.append(step(.resized(size), &state, &torn))
            }
            if number == keyCount / 4 { settled = Measurement.residentMegabytes() }
        }
        Measurement.report(
            "endurance",
            [
                "keys": Double(keyCount), "sizes": Double(times.count - keyCount), "p50_ms": Measurement.quantile(times, 0.5),
                "p99_ms": Measurement.quantile(times, 0.99), "max_ms": times.max() ?? 0, "torn_frames": Double(torn),
                "first_quarter_mb": settled - before, "rest_mb": Measurement.residentMegabytes() - settled,
            ])
    }

    private static func step(_ input: InputEvent, _ state: inout AppState, _ torn: inout Int) -> Double {
        let start = Measurement.wallSeconds()
        _ = reduce(into: &state, .input(input))
        let frame = state.frame()
        state.didDraw()
        let spent = (Measurement.wallSeconds() - start) * 1000
        if !fits(frame, state.size) { torn += 1 }
        return spent
    }

    /// Whether a frame has the screen's size and no half of a wide character in it.
    private static func fits(_ frame: CellBuffer, _ size: Size) -> Bool {
        frame.size == size && frame.textPlane.allSatisfy { TextWidth.of($0) == size.width }
    }

    private static func key(_ random: inout RandomSource) -> Key {
        let codes: [Key.Code] = [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
        ]
        switch random.integer(below: 10) {
        case 0...3: return Key(codes[random.integer(below: codes.count)])
        case 4:
            // Not the ones that leave.
            let letters = Array("abdefghijklmnoprstuvwxy")
            return Key(letters[random.integer(below: letters.count)], .control)
        default: return Key(Character(Unicode.Scalar(UInt8(32 + random.integer(below: 95)))))
        }
    }
}
