import Cells
import Glibc
import Testing
import Threads

@testable import Terminal

@Suite(.serialized) struct EventLoopTests {
    /// A loop over a pipe, and its writing end.
    private func make() throws -> (loop: EventLoop, wake: WakePipe, writeEnd: Int32, readEnd: Int32) {
        let wake = try WakePipe()
        let (readEnd, writeEnd) = try openPipe()
        return (EventLoop(input: readEnd, wakePipe: wake, signals: nil), wake, writeEnd, readEnd)
    }

    private func type(_ text: String, _ descriptor: Int32) { _ = write(descriptor, text, text.utf8.count) }

    @Test func `keys are delivered as they come`() throws {
        let (loop, _, end, _) = try make()
        type("ab\u{1B}[A", end)
        #expect(loop.wait(milliseconds: 1000) == [.input(.key(Key("a"))), .input(.key(Key("b"))), .input(.key(Key(.up)))])
    }

    @Test func `time up is an empty list`() throws {
        let (loop, _, _, _) = try make()
        #expect(loop.wait(milliseconds: 5) == [])
        #expect(loop.wait(milliseconds: 0) == [])
    }

    @Test func `an Esc is delivered after its time, however short the waits are`() throws {
        let (loop, _, end, _) = try make()
        type("\u{1B}", end)
        var events: [EventLoop.Event] = []
        for _ in 0..<1000 where events.isEmpty { events = loop.wait(milliseconds: 1) }
        #expect(events == [.input(.key(Key(.escape)))])
    }

    @Test func `wakes from other threads count once and are never lost`() throws {
        let (loop, wake, _, _) = try make()
        wake.wake()
        wake.wake()
        #expect(loop.wait(milliseconds: 1000) == [.woken])
        #expect(loop.wait(milliseconds: 0) == [])
        for _ in 0..<200 {
            // A thread of its own: other tests may keep the pool's busy for long.
            let thread = try NamedThread(name: "waker") { wake.wake() }
            #expect(loop.wait(milliseconds: 60_000) == [.woken])
            thread.join()
        }
    }

    private func clicks(_ events: [EventLoop.Event]) -> [Int] {
        events.compactMap { if case .input(.mouse(let mouse)) = $0, mouse.kind == .press { mouse.clicks } else { nil } }
    }

    @Test func `a second press at once at the same cell is a double click, a third one is not`() throws {
        let (loop, _, end, _) = try make()
        let press = "\u{1B}[<0;5;5M", release = "\u{1B}[<0;5;5m"
        type(press + release + press + release + press + release, end)
        #expect(clicks(loop.wait(milliseconds: 1000)) == [1, 2, 1])
        type("\u{1B}[<0;6;5M", end)
        #expect(clicks(loop.wait(milliseconds: 1000)) == [1])
        type("\u{1B}[<0;6;5m" + "j" + "\u{1B}[<0;6;5M", end)
        #expect(clicks(loop.wait(milliseconds: 1000)) == [1])
    }

    @Test func `a press after a while is a click of its own`() {
        var counter = ClickCounter()
        let press = InputEvent.mouse(MouseEvent(kind: .press, button: .left, x: 3, y: 3))
        let second = InputEvent.mouse(MouseEvent(kind: .press, button: .left, x: 3, y: 3, clicks: 2))
        #expect(counter.count(press, at: 1000) == press)
        #expect(counter.count(press, at: 1000 + ClickCounter.patience + 1) == press)
        #expect(counter.count(press, at: 1000 + ClickCounter.patience + 2) == second)
        // A drag between is no click.
        _ = counter.count(press, at: 5000)
        _ = counter.count(.mouse(MouseEvent(kind: .drag, button: .left, x: 4, y: 3)), at: 5010)
        #expect(counter.count(press, at: 5020) == press)
    }

    @Test func `the end of the input is told once`() throws {
        let (loop, wake, end, _) = try make()
        close(end)
        #expect(loop.wait(milliseconds: 1000) == [.terminalLost])
        #expect(loop.wait(milliseconds: 5) == [])
        wake.wake()
        #expect(loop.wait(milliseconds: 1000) == [.woken])
    }

    @Test func `signals arrive as events`() throws {
        let wake = try WakePipe()
        let (readEnd, _) = try openPipe()
        let signals = try TerminalSignals()
        let loop = EventLoop(input: readEnd, wakePipe: wake, signals: signals)
        // To the process: the pool's threads block signals.
        for number in [SIGWINCH, SIGWINCH, SIGTERM] { kill(getpid(), number) }
        var events: [EventLoop.Event] = []
        for _ in 0..<100 where events.count < 2 { events += loop.wait(milliseconds: 100).filter { !events.contains($0) } }
        #expect(Set(events) == [.signal(.resized), .signal(.terminate)])
    }

    @Test func `keys typed before the start come first`() throws {
        let (readEnd, _) = try openPipe()
        let loop = EventLoop(input: readEnd, wakePipe: try WakePipe(), signals: nil, typedAhead: Array("x".utf8))
        #expect(loop.wait(milliseconds: nil) == [.input(.key(Key("x")))])
    }
}
