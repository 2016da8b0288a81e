import Events
import Glibc
import TemporaryFolders
import Testing

@Suite struct SteeringCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func start(_ name: String, epochs: Int = 1_000_000) throws -> Running {
        let running = try Running([
            "train", Program.sample("brokerage"), "--target", "churned", "--name", name, "--json", "--workspace", workspace,
            "--set", "epochs=\(epochs)", "--set", "early_stopping_patience=1000000",
        ])
        while !running.output.contains("\"metricsRecorded\"") { usleep(2_000) }
        return running
    }

    @Test func aRunOfAnotherProcessIsStoppedAndCanBeResumed() throws {
        let running = try start("far")
        let stopped = try Program.run("runs", "stop", "far", "--workspace", workspace)
        let ended = running.finish()
        #expect(stopped.code == 0, "\(stopped.errors)")
        #expect(stopped.output.hasPrefix("far Stopped at step "))
        #expect(stopped.output.hasSuffix(": descent runs resume far\n"))
        guard case .job(.finished(let result))? = try ended.events().last?.kind else {
            Issue.record("\(ended.output.suffix(300))")
            return
        }
        #expect(result.status == .stopped)
        #expect(ended.code == 0)
        let again = try Program.run("runs", "stop", "far", "--workspace", workspace)
        #expect(again.code == 1)
        #expect(again.errors.contains("far is not being trained: it is Stopped (StoppedByUser)"))
    }

    @Test func aForkRepeatsItsParentAndKnowsWhereItCameFrom() throws {
        // Long enough that what goes on keeps a checkpoint on the way, however fast the machine.
        let parent = try start("parent", epochs: 200)
        _ = try Program.run("runs", "stop", "parent", "--quiet", "--workspace", workspace)
        _ = parent.finish()
        let resumed = try Program.run("runs", "resume", "parent", "--json", "--workspace", workspace)
        let early = try Program.run("runs", "fork", "parent", "--at", "0", "--workspace", workspace)
        #expect(early.code == 2)
        #expect(early.errors.contains("the run has no checkpoint there: fork at step"))
        // At its end there is nothing to repeat: there a fork trains on.
        let end = try resumed.events().compactMap { event in
            if case .job(.checkpointSaved(let saved)) = event.kind, !saved.isBest { saved.step } else { nil }
        }.max()
        let before = try String(#require(end) - 1)
        let forked = try Program.run(
            "runs", "fork", "parent", "--at", before, "--name", "child", "--json", "--workspace", workspace)
        #expect(forked.code == 0, "\(forked.errors)")
        let record = try forked.events().compactMap { event -> RunRecord? in
            if case .run(.registered(let record)) = event.kind { record } else { nil }
        }.first
        let fork = try #require(record?.fork)
        let shown = try Program.run("runs", "show", "child", "--json", "--workspace", workspace).json()
        let sources = try #require(shown.first?["lineage"]?["from"]?.array)
        #expect(sources.map { $0["link"]?.string } == ["forkedFrom", "trainedOn"])
        #expect(sources.map { $0["name"]?.string } == ["parent", "brokerage.csv"])
        #expect(sources.first?["step"]?.integer == fork.step)
        let text = try Program.run("runs", "show", "parent", "--workspace", workspace).output
        #expect(text.contains("forks         child\n"), "\(text)")
        func losses(_ events: [StudioEvent]) -> [Int: Double] {
            var losses: [Int: Double] = [:]
            for event in events {
                guard case .sample(.metricsRecorded(let metrics)) = event.kind, metrics.step > fork.step else { continue }
                losses[metrics.step] = metrics.values[.trainLoss] ?? losses[metrics.step]
            }
            return losses
        }
        let repeated = losses(try forked.events())
        #expect(!repeated.isEmpty)
        #expect(repeated == losses(try resumed.events()))
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.first?["name"]?.string == "child")
        #expect(listed.first?["parent"]?.string == listed.last?["run"]?.string)
        #expect(listed.first?["parentStep"]?.integer == fork.step)
        let show = try Program.run("runs", "show", "child", "--workspace", workspace)
        #expect(show.output.contains("parent at step"))
    }

    @Test func aFinishedRunIsGivenMoreAndAForkOfItTrainsOn() throws {
        let parent = try start("parent", epochs: 4).finish()
        let steps = try #require(
            try parent.events().compactMap { event -> Int? in
                if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step } else { nil }
            }.max())
        let plain = try Program.run("runs", "resume", "parent", "--workspace", workspace)
        #expect(plain.code == 2)
        #expect(
            plain.errors.contains("parent has done all that was planned: give it more with --set epochs=8"), "\(plain.errors)")
        let more = try Program.run("runs", "resume", "parent", "--set", "epochs=6", "--json", "--workspace", workspace)
        #expect(more.code == 0, "\(more.errors)")
        let shown = try #require(try Program.run("runs", "show", "parent", "--json", "--workspace", workspace).json().first)
        #expect(shown["hyperparameters"]?["epochs"]?.string == "6")
        #expect(shown["step"]?.integer == steps / 4 * 6)
        #expect(shown["status"]?.string == "Completed")
        let forked = try Program.run(
            "runs", "fork", "parent", "--set", "learning_rate=0.001", "--name", "child", "--workspace", workspace)
        #expect(forked.code == 0, "\(forked.errors)")
        #expect(forked.errors.contains("note: parent has done its 6 (epochs): the fork trains up to 12"), "\(forked.errors)")
        let child = try #require(try Program.run("runs", "show", "child", "--json", "--workspace", workspace).json().first)
        #expect(child["step"]?.integer == steps / 4 * 12)
        // What cannot be leaves nothing behind.
        let refused = try Program.run("runs", "fork", "parent", "--set", "epochs=2", "--workspace", workspace)
        #expect(refused.code == 2)
        #expect(refused.errors.contains("epochs = 2: parent has done 6 of them"), "\(refused.errors)")
        #expect(try Program.run("runs", "list", "--json", "--workspace", workspace).json().count == 2)
    }

    @Test func aRunOfAnotherProcessIsPausedAndGoesOn() throws {
        let running = try start("far")
        let paused = try Program.run("runs", "pause", "far", "--workspace", workspace)
        #expect(paused.output == "far Paused\n", "\(paused.errors)")
        let again = try Program.run("runs", "pause", "far", "--workspace", workspace)
        #expect(again.code == 1)
        #expect(again.errors.contains("far is paused already"))
        let resumed = try Program.run("runs", "resume", "far", "--workspace", workspace)
        #expect(resumed.output == "far InProgress\n", "\(resumed.errors)")
        _ = try Program.run("runs", "stop", "far", "--quiet", "--workspace", workspace)
        #expect(try running.finish().events().last.map { if case .job(.finished) = $0.kind { true } else { false } } == true)
    }

    @Test func aForkThatCannotBeLeavesNoRunBehind() throws {
        let parent = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--name", "parent", "--set", "optimizer=lbfgs",
            "--objective", "rmse", "--max-runtime", "100", "--quiet", "--workspace", workspace)
        #expect(parent.code == 0, "\(parent.errors)")
        for (setting, words) in [
            ("learning_rate=0.1", "learning_rate cannot be set while training: set wd"),
            ("mini_batch_size=3", "cannot change 'mini_batch_size' where a run goes on: set epochs, learning_rate, "),
        ] {
            let refused = try Program.run(
                "runs", "fork", "parent", "--at", "best", "--set", setting, "--workspace", workspace)
            #expect(refused.code == 2)
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.count == 1)
        #expect(listed.first?["hyperparameters"]?["objective_metric"]?.string == "validation:rmse")
        #expect(listed.first?["hyperparameters"]?["max_runtime_in_seconds"]?.string == "100")
    }

    @Test func aRunWhoseProcessWasKilledIsNeitherSteeredNorStopped() throws {
        let running = try start("gone")
        kill(running.process, SIGKILL)
        _ = running.finish()
        for words in [["stop", "gone"], ["steer", "gone", "wd=0.1"]] {
            let refused = try Running(["runs"] + words + ["--workspace", workspace]).finish()
            #expect(refused.code == 1)
            #expect(refused.errors.contains("gone is not being trained: it is Stopped (Interrupted)"))
        }
    }

    @Test func aRunOfAnotherProcessIsSteeredAndSaysFromWhere() throws {
        let running = try start("far")
        let steered = try Program.run("runs", "steer", "far", "wd=0.01", "--json", "--workspace", workspace)
        let refused = try Program.run("runs", "steer", "far", "epochs=3", "--workspace", workspace)
        let unknown = try Program.run("runs", "steer", "far", "wdd=3", "--workspace", workspace)
        kill(running.process, SIGINT)
        let ended = running.finish()
        #expect(steered.code == 0, "\(steered.errors)")
        guard case .job(.hyperparametersChanged(let change))? = try steered.events().last?.kind else {
            Issue.record("\(steered.output)")
            return
        }
        #expect(change.values == ["wd": "0.01"])
        #expect(try ended.events().map(\.kind).contains(.job(.hyperparametersChanged(change))))
        #expect(refused.code == 2)
        #expect(refused.errors.contains("linear-learner cannot change 'epochs' while it trains: set learning_rate, wd"))
        #expect(unknown.code == 2)
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json().first
        #expect(listed?["hyperparameters"]?["wd"]?.string == "0.01")
        let show = try Program.run("runs", "show", "far", "--workspace", workspace)
        #expect(show.output.contains("Changed while training"))
        let late = try Program.run("runs", "steer", "far", "wd=0.1", "--workspace", workspace)
        #expect(late.code == 1)
        #expect(late.errors.contains("far is not being trained: it is Stopped (StoppedByUser)"))
    }
}
