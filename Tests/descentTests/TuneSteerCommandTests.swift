import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent tune set|add|pause|resume` on a search that runs in another process, the real program.
@Suite(.serialized) struct TuneSteerCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func begin(_ more: String...) throws -> Running {
        try Running(
            [
                "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
                "--objective", "validation:rmse", "--range", "learning_rate=log:1e-4:1", "--max-jobs", "2000", "--name", "long",
                "--strategy", "random", "--quiet", "--workspace", workspace,
            ] + more)
    }

    private func tune(_ words: String...) throws -> Program { try Program.run(["tune"] + words + ["--workspace", workspace]) }

    private func job() throws -> JSONValue { try #require(try tune("show", "long", "--json").json().last) }

    private func trials() throws -> [JSONValue] { try tune("show", "long", "--json").json().filter { $0["trial"] != nil } }

    private func wait(for count: Int) throws {
        while try tune("show", "long").code != 0 || trials().count(where: { $0["value"]?.double != nil }) < count {
            usleep(20_000)
        }
    }

    @Test func aSearchIsPausedGivenATrialAndOtherLimitsAndGoesOn() throws {
        let child = try begin()
        try wait(for: 3)
        let paused = try tune("pause", "long")
        #expect(paused.code == 0 && paused.output.contains("paused"), "\(paused.errors)")
        // What ran when it was paused ends; nothing new begins.
        while try trials().contains(where: { $0["status"]?.string == "InProgress" }) { usleep(20_000) }
        let count = try trials().count
        usleep(700_000)
        #expect(try trials().count == count)
        for (words, message) in [
            (["add", "long", "--set", "learning_rate=5"], "learning_rate=5 is not in its range: 0.0001 to 1.0"),
            (["add", "long", "--set", "epochs=5"], "epochs is not searched: give values for learning_rate"),
            (["add", "long"], "learning_rate is missing"),
            (["set", "long", "--range", "learning_rate=log:0:1"], "a logarithmic range begins above 0"),
            (["set", "long", "--max-jobs", "0"], "--max-jobs '0': give a whole number from 1 to 10000"),
            (["set", "long", "--objective", "validation:nope"], "does not measure 'nope'"),
            (["set", "long"], "say what is to be different"),
        ] {
            let refused = try Program.run(["tune"] + words + ["--workspace", workspace])
            #expect(refused.code == 2 && refused.errors.contains(message), "\(words): \(refused.errors)")
        }
        #expect(try tune("add", "long", "--set", "learning_rate=0.25").code == 0)
        #expect(try tune("set", "long", "--max-jobs", "\(count + 3)").code == 0)
        #expect(try tune("resume", "long").code == 0)
        #expect(child.finish().code == 0)
        let all = try trials()
        #expect(all.count == count + 3 && all.allSatisfy { $0["status"]?.string == "Completed" })
        let own = all.filter { $0["why"]?.string == "added by hand" }
        #expect(own.count == 1 && own.first?["hyperparameters"]?["learning_rate"]?.string == "0.25")
    }

    @Test func otherRangesAndAnotherObjectiveHoldFromThenOnAlsoAfterAKill() throws {
        let child = try begin()
        try wait(for: 6)
        #expect(try tune("set", "long", "--range", "learning_rate=log:0.01:0.1").code == 0)
        #expect(try tune("set", "long", "--objective", "validation:mae").code == 0)
        let before = try trials().count
        try wait(for: before + 2)
        kill(child.process, SIGKILL)
        _ = child.finish()
        // Asked of a job that nobody carries out: done when it goes on.
        let count = try trials().count
        let asked = try tune("set", "long", "--max-jobs", "\(count + 2)")
        #expect(asked.code == 0 && asked.output.contains("waits for `descent tune resume long`"), "\(asked.output)")
        let resumed = try tune("resume", "long", "--quiet")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let all = try trials(), job = try job()
        #expect(all.count == count + 2 && job["request"]?["ranges"]?.array?.first?.string == "learning_rate=log:0.01:0.1")
        for trial in all.dropFirst(before + 2) {
            let rate = try #require(trial["hyperparameters"]?["learning_rate"]?.string.flatMap { Double($0) })
            #expect(rate >= 0.01 && rate <= 0.1)
        }
        // Trials before are compared by what their runs measured of the new objective.
        #expect(job["best"]?["objective"]?.string == "validation:mae")
        let runs = try Program.run("runs", "search", "tuning = long", "--json", "--workspace", workspace).json()
        for trial in all {
            let run = try #require(runs.first { $0["run"]?.string == trial["run"]?.string })
            // A learner measures it where it is the objective: what came before is left out, and says so.
            // The kill may have come between the end of a trial and the last line of its run.
            guard run["status"]?.string == "Completed" else { continue }
            let measured = run["metrics"]?["validation:mae"]?.double, reason = trial["reason"]?.string ?? ""
            #expect(measured == trial["value"]?.double, "\(reason)")
            #expect(measured != nil || reason.hasPrefix("validation:mae was n"), "\(reason)")
        }
        #expect(all.last?["value"]?.double != nil)
    }

    @Test func theHostCarriesASearchOutAndTheNextOneGoesOnWithIt() throws {
        let words = [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
            "--range", "learning_rate=log:1e-4:1", "--max-jobs", "2000", "--name", "long", "--strategy", "random", "--workspace",
            workspace,
        ]
        let detached = try Program.run(words + ["--detach"])
        #expect(detached.code == 0 && detached.output.contains("is the host's"), "\(detached.errors)")
        try wait(for: 3)
        // One that is killed leaves it to the next as well.
        let host = try #require(
            try Program.run("serve", "status", "--json", "--workspace", workspace).json().last?["pid"]?.integer)
        kill(pid_t(host), SIGKILL)
        while kill(pid_t(host), 0) == 0 { usleep(10_000) }
        #expect(try job()["status"]?.string == "Pending")
        #expect(try Program.run("queue", "list", "--workspace", workspace).output.contains("long"))
        let before = try trials().count
        #expect(try Program.run("serve", "--detach", "--workspace", workspace).code == 0)
        try wait(for: before + 3)
        #expect(try Program.run("serve", "stop", "--workspace", workspace).code == 0)
        #expect(try job()["status"]?.string == "Pending")
        let count = try trials().count
        #expect(try tune("set", "long", "--max-jobs", "\(count + 3)").code == 0)
        #expect(try Program.run("serve", "--detach", "--workspace", workspace).code == 0)
        while try job()["status"]?.string != "Completed" { usleep(20_000) }
        let all = try trials()
        #expect(all.count == count + 3 && Set(all.compactMap { $0["run"]?.string }).count == all.count)
        #expect(all.allSatisfy { $0["status"]?.string == "Completed" })
        _ = try Program.run("serve", "stop", "--workspace", workspace)
    }

    @Test func aTrialThatTheUserStopsEndsAloneAndTheSearchGoesOn() throws {
        let child = try Running([
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=100000",
            "--set", "early_stopping_patience=off", "--range", "learning_rate=log:1e-4:1", "--max-jobs", "2", "--name", "long",
            "--strategy", "random", "--quiet", "--workspace", workspace,
        ])
        for number in 1...2 {
            let name = "long-00\(number)"
            while true {
                let shown = try Program.run("runs", "show", name, "--json", "--workspace", workspace)
                if shown.code == 0, shown.output.contains("\"InProgress\"") { break }
                usleep(20_000)
            }
            #expect(try Program.run("runs", "stop", name, "--workspace", workspace).code == 0)
        }
        let ended = child.finish()
        let all = try trials()
        #expect(all.count == 2 && all.allSatisfy { $0["status"]?.string == "Stopped" }, "\(ended.errors)")
    }

    @Test func aTrialThatRanWhileTheObjectiveBecameAnotherDidNotFail() throws {
        let script = try scratch.write(
            """
            echo "loss: 0.5"
            [ -e '\(scratch.path)/go' ] && echo "accuracy: 0.9"
            while [ ! -e '\(scratch.path)/go' ]; do sleep 0.05; done
            """, as: "waits.sh")
        let child = try Running([
            "tune", "--algorithm", "script", "--command", "sh \(script)", "--metric", "train:loss=loss: ([0-9.]+)", "--metric",
            "train:accuracy=accuracy: ([0-9.]+)", "--range", "x=0:1", "--objective", "train:loss", "--max-jobs", "3",
            "--no-improvement", "3", "--strategy", "random", "--name", "long", "--quiet", "--workspace", workspace,
        ])
        while try tune("show", "long").code != 0 || trials().isEmpty { usleep(20_000) }
        let asked = try tune("set", "long", "--objective", "train:accuracy")
        #expect(asked.code == 0, "\(asked.errors)")
        _ = try scratch.write("", as: "go")
        let ended = child.finish()
        #expect(ended.code == 0, "\(ended.errors)")
        let all = try trials()
        #expect(all.count == 3 && all.allSatisfy { $0["status"]?.string == "Completed" }, "\(all)")
        #expect(all.first?["value"]?.double == nil && all.first?["reason"]?.string == "train:accuracy was not measured")
        #expect(all.dropFirst().allSatisfy { $0["value"]?.double == 0.9 })
        // Back at what it measured, it counts again.
        #expect(try tune("set", "long", "--objective", "train:loss", "--max-jobs", "4").code == 0)
        #expect(try tune("resume", "long", "--quiet").code == 0)
        let again = try trials()
        #expect(again.count == 4 && again.allSatisfy { $0["value"]?.double == 0.5 }, "\(again)")
    }

    @Test func whatWasHeldBeforeItWasSearchedIsPartOfWhatTrialsTried() throws {
        let words = [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3",
            "--set", "wd=0.01", "--range", "learning_rate=log:1e-4:1", "--max-jobs", "2", "--name", "long", "--strategy",
            "random",
            "--confirm", "0", "--quiet", "--workspace", workspace,
        ]
        #expect(try Program.run(words).code == 0)
        #expect(try tune("set", "long", "--range", "wd=log:1e-4:1", "--max-jobs", "3").code == 0)
        #expect(try tune("resume", "long", "--quiet").code == 0)
        let settings = try trials().map { $0["hyperparameters"]?.strings ?? [:] }
        #expect(settings.prefix(2).allSatisfy { $0["wd"] == "0.01" } && settings.last?["wd"] != nil, "\(settings)")
        #expect(try job()["best"]?["hyperparameters"]?["wd"] != nil)
    }
}
