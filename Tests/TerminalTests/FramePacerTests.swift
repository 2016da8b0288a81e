import Testing

@testable import Terminal

@Suite struct FramePacerTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `a large frame makes the next one wait until the line has had time for it`() {
        var pacer = FramePacer(framesPerSecond: 8, bytesPerSecond: 10_000)
        #expect(pacer.isDue(atOnce: false, at: 1))
        pacer.didPaint(bytes: 5_000, at: Self.second)
        #expect(!pacer.isDue(atOnce: false, at: Self.second + Self.second / 4))
        #expect(pacer.millisecondsUntilDue(at: Self.second) == 501)
        #expect(pacer.isDue(atOnce: false, at: Self.second + Self.second / 2))
    }

    @Test func `small frames come as often as the eye has use for`() {
        var pacer = FramePacer(framesPerSecond: 8, bytesPerSecond: 10_000)
        pacer.didPaint(bytes: 100, at: Self.second)
        #expect(!pacer.isDue(atOnce: false, at: Self.second + 124_000_000))
        #expect(pacer.isDue(atOnce: false, at: Self.second + 125_000_000))
    }

    @Test func `a key never waits, and what keys cost is paid back, but not for ever`() {
        var pacer = FramePacer(isRemote: true)
        for _ in 0..<100 {
            #expect(pacer.isDue(atOnce: true, at: Self.second))
            pacer.didPaint(bytes: 8_000, at: Self.second)
        }
        #expect(!pacer.isDue(atOnce: false, at: 4 * Self.second))
        #expect(pacer.isDue(atOnce: false, at: 5 * Self.second))
    }
}
