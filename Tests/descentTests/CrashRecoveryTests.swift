import Events
import Glibc
import TemporaryFolders
import Testing

@Suite struct CrashRecoveryTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// Rows whose classes overlap, so that training takes its time and never ends early by itself.
    private func data() throws -> String {
        var state: UInt64 = 88_172_645_463_325_252
        func uniform() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / Double(1 << 53)
        }
        var text = "a,b,c,label\n"
        for _ in 0..<3_000 {
            let (a, b, c) = (uniform(), uniform(), uniform())
            text += "\(a),\(b),\(c),\(a + b * 0.5 + uniform() > 1.25 ? "yes" : "no")\n"
        }
        return try scratch.write(text, as: "overlapping.csv")
    }

    private func arguments(_ data: String, name: String, epochs: Int = 60) -> [String] {
        [
            "train", data, "--target", "label", "--name", name, "--json", "--workspace", workspace, "--set", "epochs=\(epochs)",
            "--set", "early_stopping_patience=1000", "--set", "mini_batch_size=8",
        ]
    }

    @Test func aKilledRunIsResumedAndEndsWhereAnUndisturbedOneEnds() throws {
        let data = try data()
        let whole = try Running(arguments(data, name: "whole")).finish()
        guard case .job(.finished(let expected))? = try whole.events().last?.kind else {
            Issue.record("\(whole.errors)")
            return
        }
        // Slowed down, so that it lasts for checkpoints, which are written once a second, however fast the machine is.
        let running = try Running(arguments(data, name: "killed") + ["--pace", "3000"])
        // Killed as soon as two checkpoints are on disk (the newest may be ahead of the recorded curve), in the middle of
        // whatever it is doing.
        while running.output.split(separator: "\n").filter({ $0.contains("/checkpoint-") }).count < 2 { usleep(20_000) }
        kill(running.process, SIGKILL)
        let killed = running.finish()
        #expect(killed.code == -SIGKILL)
        #expect(!killed.output.contains("jobFinished"))
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json().first
        #expect(listed?["status"]?.string == "Stopped")
        #expect(listed?["reason"]?.string == "Interrupted")
        let resumed = try Program.run("runs", "resume", "killed", "--json", "--workspace", workspace)
        guard case .job(.finished(let result))? = try resumed.events().last?.kind else {
            Issue.record("\(resumed.errors)")
            return
        }
        #expect(result.metrics == expected.metrics)
        #expect(result.bestStep == expected.bestStep)
        let firstStep = try resumed.events().compactMap { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step } else { nil }
        }.first
        #expect(try #require(firstStep) > 1, "it began anew instead of going on")
    }

    @Test func interruptingStopsAfterACheckpointAndResumingFinishes() throws {
        let running = try Running(arguments(try data(), name: "stopped") + ["--pace", "3000"])
        while !running.output.contains("\"metricsRecorded\"") { usleep(1_000) }
        kill(running.process, SIGINT)
        let stopped = running.finish()
        #expect(stopped.code == 130)
        guard case .job(.finished(let result))? = try stopped.events().last?.kind else {
            Issue.record("\(stopped.output.suffix(300))")
            return
        }
        #expect(result.status == .stopped)
        #expect(try Program.run("runs", "resume", "stopped", "--quiet", "--workspace", workspace).code == 0)
        #expect(try Program.run("runs", "resume", "stopped", "--quiet", "--workspace", workspace).code == 2)
    }

    @Test func manyProcessesMakeOneWorkspaceAtTheSameTime() throws {
        for round in 0..<8 {
            let all = try (1...8).map { _ in
                try Running(["runs", "list", "--workspace", "\(workspace)-\(round)"])
            }
            for running in all {
                let ended = running.finish()
                #expect(ended.code == 0, "\(ended.errors)")
            }
        }
    }

    @Test func twoProcessesTrainInOneWorkspaceAtTheSameTime() throws {
        let data = try data()
        let both = try (1...2).map { _ in try Running(arguments(data, name: "twin")) }
        for running in both {
            let ended = running.finish()
            #expect(ended.code == 0, "\(ended.errors)")
        }
        let names = try Program.run("runs", "list", "--json", "--workspace", workspace).json().compactMap { $0["name"]?.string }
        #expect(Set(names) == ["twin", "twin-2"])
    }

    @Test func ofTwoWhoResumeARunAtOnceOneIsRefused() throws {
        let data = try data()
        let running = try Running(arguments(data, name: "wanted", epochs: 20) + ["--pace", "3000"])
        while !running.output.contains("\"metricsRecorded\"") { usleep(1_000) }
        kill(running.process, SIGINT)
        #expect(running.finish().code == 130)
        let both = try (1...2).map { _ in try Running(["runs", "resume", "wanted", "--quiet", "--workspace", workspace]) }
        let ended = both.map { $0.finish() }.sorted { $0.code < $1.code }
        #expect(ended[0].code == 0, "\(ended[0].errors)")
        #expect(ended[1].code != 0)
        let words = ["is being trained by process", "in the meantime", "has ended", "has trained all"]
        #expect(words.contains { ended[1].errors.contains($0) }, "\(ended[1].errors)")
    }

    @Test func aRunThatIsBeingTrainedElsewhereIsNotResumed() throws {
        let running = try Running(arguments(try data(), name: "busy", epochs: 1_000_000))
        while !running.output.contains("\"metricsRecorded\"") { usleep(1_000) }
        let second = try Program.run("runs", "resume", "busy", "--quiet", "--workspace", workspace)
        kill(running.process, SIGINT)
        _ = running.finish()
        #expect(second.code == 1)
        #expect(second.errors.contains("busy is being trained by process \(running.process)"))
    }
}
