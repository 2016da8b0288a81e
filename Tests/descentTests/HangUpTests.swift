import Events
import Experiments
import Glibc
import Hosting
import PseudoTerminals
import TemporaryFolders
import Testing

/// Runs that outlive their terminal: it is hung up, or the studio is left while they train.
@Suite(.serialized) struct HangUpTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    private var store: RunStore { get throws { try RunStore(Workspace(path: workspace)) } }

    init() throws { scratch = try TemporaryFolder() }

    private static let long = [
        "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=100000", "--set", "early_stopping_patience=off",
    ]

    private func terminal(_ words: [String]) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.path, words + ["--workspace", workspace], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path], directory: scratch.path)
    }

    private func wait(_ screen: PseudoTerminal? = nil, until isSo: () throws -> Bool) throws {
        for _ in 0..<3_000 {
            if try isSo() { return }
            // A studio whose screen nobody reads waits for its terminal.
            if let screen { screen.pump(milliseconds: 10) } else { usleep(10_000) }
        }
        Issue.record("it did not come")
    }

    /// Goes on, is steered and stopped from elsewhere, and nobody is left.
    private func checkGoesOn(_ name: String) throws {
        let before = try store.run(named: name).step
        try wait { try store.run(named: name).step > before + 100 }
        let steered = try Program.run("runs", "steer", name, "wd=0.25", "--workspace", workspace)
        #expect(steered.code == 0, "\(steered.errors)")
        #expect(try Program.run("runs", "stop", name, "--workspace", workspace).code == 0)
        let run = try store.run(named: name)
        #expect(run.status == .stopped && run.reason == .stoppedByUser)
        let steps = try store.points(run: run.record.id, metric: .trainLoss).map(\.step)
        #expect(steps == Array(1..<(steps.count + 1)))
    }

    /// A studio that goes on with a run called `base`.
    private func studioThatTrains() throws -> PseudoTerminal {
        try Program.train(try scratch.writeLine(), "base", in: workspace)
        let screen = try terminal([])
        try screen.wait(forText: "base")
        try screen.press("2E", shows: "epochs")
        try screen.press("\u{15}epochs=1000000 early_stopping_patience=off\r", shows: "running")
        try wait(screen) { try store.run(named: "base").step > 100 }
        return screen
    }

    @Test func aCommandsRunGoesOnWhenItsTerminalIsHungUp() throws {
        let screen = try terminal(["train", Program.sample("insurance"), "--name", "long"] + Self.long)
        try wait(screen) { (try? store.run(named: "long").step) ?? 0 > 50 }
        screen.hangUp()
        try checkGoesOn("long")
        #expect(try screen.waitForExit() == .exited(0))
    }

    @Test func aStudiosRunGoesOnWhenItsTerminalIsHungUp() throws {
        let screen = try studioThatTrains()
        screen.hangUp()
        // The process is its workspace's host until the run has ended.
        try wait { HostLock.holder(workspace)?.processID == screen.process }
        try checkGoesOn("base")
        #expect(try screen.waitForExit() == .exited(0))
        #expect(HostLock.holder(workspace) == nil)
    }

    @Test func aStudioThatIsLeftHandsItsRunOverToAHost() throws {
        let screen = try studioThatTrains()
        try screen.press("q", shows: "go on without me")
        screen.send("g")
        #expect(try screen.waitForExit() == .exited(0))
        try checkGoesOn("base")
        #expect(try Program.run("serve", "stop", "--workspace", workspace).code == 0)
    }
}
