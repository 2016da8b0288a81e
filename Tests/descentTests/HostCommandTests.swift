import Events
import Experiments
import Files
import Glibc
import Hosting
import JSON
import PseudoTerminals
import TemporaryFolders
import Testing

@testable import descent

/// `descent serve` and what is given to it: jobs that outlive the terminal that they were started in.
@Suite struct HostCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    private var store: RunStore { get throws { try RunStore(Workspace(path: workspace)) } }

    init() throws { scratch = try TemporaryFolder() }

    @discardableResult
    private func run(_ words: String...) throws -> Program { try Program.run(words + ["--workspace", workspace]) }

    private func train(_ name: String, epochs: Int = 3, _ more: String...) throws -> Program {
        try Program.run(
            [
                "train", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--name", name,
                "--set",
                "epochs=\(epochs)", "--set", "early_stopping_patience=off", "--workspace", workspace,
            ] + more)
    }

    private func wait(_ seconds: Double = 30, until isSo: () throws -> Bool) throws {
        for _ in 0..<Int(seconds * 100) {
            if try isSo() { return }
            usleep(10_000)
        }
        Issue.record("it did not come: \(try run("queue", "list").output) \(try run("runs", "list").output)")
    }

    private func stopHost() throws {
        _ = try run("serve", "stop")
        #expect(HostLock.holder(workspace) == nil)
    }

    @Test func whatCannotBeTrainedIsRefusedBeforeItIsHandedOver() throws {
        let target = try run("train", Program.sample("insurance"), "--target", "prize", "--detach")
        #expect(target.code == 3 && target.errors.contains("prize"), "\(target.code) \(target.errors)")
        #expect(try run("queue", "list").output.isEmpty)
        #expect(HostLock.holder(workspace) == nil)
    }

    @Test func aUnitFileNamesWhatIsToBeServed() throws {
        let unit = try Program.run("serve", "--unit", "--at-once", "3", "--workspace", "not/there yet")
        #expect(unit.code == 0 && unit.output.contains("serve --workspace \"/"), "\(unit.output) \(unit.errors)")
        #expect(unit.output.contains("/not/there yet\" --at-once 3\n"))
        let hostile = try Program.run("serve", "--unit", "--workspace", "/tmp/a\nExecStartPre=/bin/false")
        #expect(hostile.code == 1 && hostile.output.isEmpty && hostile.errors.contains("a unit file cannot name"))
        #expect(try Program.run("serve", "--unit", "--workspace", "").code == 2)
    }

    @Test func whatWaitsIsNotAskedToWaitOtherwise() throws {
        _ = try train("a", "--hold")
        try stopHost()
        let again = try run("runs", "resume", "a", "--after", "a")
        #expect(again.code == 1 && again.errors.contains("waits in the queue already"), "\(again.errors)")
        // Released by hand, and with a host to train it.
        let released = try run("runs", "resume", "a", "--detach")
        #expect(released.code == 0, "\(released.errors)")
        try wait { try store.run(named: "a").status == .completed }
        try stopHost()
    }

    @Test func aDetachedScriptHasTheVariablesOfWhoeverDetachedIt() throws {
        let script = try scratch.write("echo \"{\\\"step\\\": 1, \\\"mine\\\": $MINE}\"\n", as: "s.sh")
        func detach(_ number: Int) throws {
            let line =
                "MINE=\(number) '\(Program.path)' train --algorithm script --command 'sh \(script)' --name s\(number) --detach --quiet "
                + "--workspace '\(workspace)'"
            let ended = try ShellLine.run(line)
            #expect(ended.isEmpty, "\(ended)")
        }
        for number in 1...8 { try detach(number) }
        try wait { try store.queue().isEmpty }
        for number in 1...8 {
            let run = try store.run(named: "s\(number)")
            #expect(run.lastMetrics.first { $0.key.text.contains("mine") }?.value == Double(number), "\(run.lastMetrics)")
        }
        try stopHost()
    }

    @Test func aDetachedJobIsTrainedByAHostThatOutlivesTheCommand() throws {
        let started = try train("a", "--detach")
        #expect(started.code == 0 && started.output.contains("a is the host's"), "\(started.errors)")
        let second = try train("b", "--after", "a", "--if-completed", "--json")
        #expect(try second.json().last?["kind"]?.string == "jobQueued")
        try wait { try store.run(named: "b").status == .completed }
        #expect(try store.run(named: "a").status == .completed && store.queue().isEmpty)
        // One is enough.
        let other = try run("serve")
        #expect(other.code == 1 && other.errors.contains("has a host already"))
        let status = try run("serve", "status", "--json")
        #expect(try status.json().first?["running"]?.integer == 0)
        try stopHost()
        #expect(try run("serve", "status").code == 1 && run("serve", "stop").code == 1)
    }

    @Test func theQueueIsListedMovedHeldReleasedAndCancelled() throws {
        for name in ["a", "b", "c"] { #expect(try train(name, "--hold").code == 0) }
        #expect(try run("queue", "list").lines.map { $0.split(separator: " ")[1] } == ["a", "b", "c"])
        #expect(try run("queue", "move", "c", "first").code == 0)
        #expect(try run("queue", "list", "--json").json().map { $0["name"]?.string } == ["c", "a", "b"])
        #expect(try run("queue", "cancel", "a").code == 0)
        #expect(try store.run(named: "a").status == .stopped)
        // What waits is stopped, paused and released by the words for runs, too.
        #expect(try run("runs", "stop", "b").code == 0)
        #expect(try store.run(named: "b").status == .stopped)
        #expect(try run("runs", "steer", "c", "learning_rate=0.1").code == 1)
        #expect(try run("queue", "move", "c", "sideways").code == 2)
        #expect(try run("queue", "hold", "a").code == 1)
        #expect(try run("runs", "resume", "c").code == 0)
        try wait { try store.run(named: "c").status == .completed }
        #expect(try train("d", "--at", "yesterday").code == 2)
        #expect(try train("d", "--priority", "3").code == 2)
        #expect(try train("d", "--after", "nobody").code == 2)
        #expect(try train("d", "--at", "+1s").code == 0)
        try wait { try store.run(named: "d").status == .completed }
        try stopHost()
    }

    @Test func aStoppedHostsJobsGoOnWithTheNextOneToTheBit() throws {
        #expect(try train("whole", epochs: 6).code == 0)
        let steps = try store.run(named: "whole").step
        #expect(try train("parted", epochs: 6, "--pace", "\(steps / 2)", "--detach").code == 0)
        try wait { try store.run(named: "parted").step > 3 }
        try stopHost()
        #expect(try store.run(named: "parted").status == .pending)
        let host = try Running(["serve", "--workspace", workspace])
        try wait { try store.run(named: "parted").status == .completed }
        try stopHost()
        #expect(host.finish().code == 0)
        #expect(try points("parted") == points("whole"))
    }

    private func points(_ name: String) throws -> [Int: UInt64] {
        let store = try store, run = try store.run(named: name).record.id
        let points = try store.points(run: run, metric: .trainLoss)
        #expect(Set(points.map(\.step)).count == points.count)
        return Dictionary(points.map { ($0.step, $0.value.bitPattern) }, uniquingKeysWith: { $1 })
    }

    @Test func aFinishedRunIsGivenMoreByTheHostAndForkedByIt() throws {
        #expect(try train("a").code == 0)
        let more = try run("runs", "resume", "a", "--set", "epochs=5", "--detach")
        #expect(more.code == 0, "\(more.errors)")
        try wait { try store.run(named: "a").epoch > 4.9 && store.run(named: "a").status == .completed }
        #expect(try run("runs", "fork", "a", "--set", "wd=0.1", "--name", "f", "--detach").code == 0)
        try wait { try store.run(named: "f").status == .completed }
        #expect(try store.run(named: "f").record.fork != nil)
        #expect(try run("runs", "resume", "a", "--detach").code != 0)
        try stopHost()
    }

    @Test func whatCannotBeginIsToldAndDoesNotHoldUpTheOthers() throws {
        let data = try scratch.write("x,y\n1,2\n2,3\n3,4\n4,5\n5,6\n6,7\n7,8\n8,9\n9,10\n10,11\n", as: "gone.csv")
        _ = try Program.run("train", data, "--target", "y", "--name", "gone", "--hold", "--workspace", workspace)
        unlink(data)
        #expect(try run("queue", "release", "gone").code == 0)
        #expect(try train("next", "--detach").code == 0)
        try wait { try store.run(named: "gone").status.isFinal && store.run(named: "next").status == .completed }
        #expect(try store.run(named: "gone").status == .failed && !store.run(named: "gone").reason.isEmpty)
        #expect(try store.queue().isEmpty)
        try stopHost()
    }

    @Test func aScriptHasTheEnvironmentOfWhoeverGaveItToTheHost() throws {
        let script = try scratch.write("echo \"loss: $MY_NUMBER\"\n", as: "s.sh")
        #expect(try train("first", "--detach").code == 0)
        let words = ["train", "--algorithm", "script", "--script", script, "--name", "s", "--detach", "--workspace", workspace]
        #expect(try Running(words, variables: ["MY_NUMBER=0.125"]).finish().code == 0)
        try wait { try store.run(named: "s").status.isFinal }
        #expect(try store.run(named: "s").lastMetrics[.trainLoss] == 0.125)
        // Its variables go when it has ended.
        try wait { Folder.names(in: workspace + "/queue").isEmpty }
        try stopHost()
    }

    @Test func theHostEndsWhenItsWorkspaceIsGone() throws {
        #expect(try train("a", "--detach").code == 0)
        let host = try #require(HostLock.holder(workspace)?.processID)
        try wait { try store.run(named: "a").status == .completed }
        Folder.remove(workspace)
        try wait { kill(host, 0) != 0 }
    }

    private func tune(_ name: String, _ count: Int, _ more: String...) throws -> Program {
        try Program.run(
            [
                "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--name", name,
                "--set",
                "epochs=2", "--range", "learning_rate=log:1e-4:1", "--strategy", "random", "--confirm", "0", "--max-jobs",
                "\(count)", "--workspace", workspace,
            ] + more)
    }

    @Test func searchesStandInTheQueueAndOthersStartWhenTheyHaveEnded() throws {
        #expect(try tune("search", 2000, "--detach").code == 0)
        _ = try train("behind", "--after", "search")
        try wait { try run("queue", "list").output.contains("after search") }
        let listed = try run("queue", "list", "--json").json()
        #expect(listed.first?["kind"]?.string == "tuningQueued" && listed.first?["name"]?.string == "search")
        #expect(try run("queue", "list").output.contains("of 2000 trials"))
        let cancelled = try run("queue", "cancel", "search")
        #expect(cancelled.code == 2 && cancelled.errors.contains("`descent tune stop search` ends it"), "\(cancelled.errors)")
        // One that waits for a run, and only if that completes.
        _ = try train("held", "--hold")
        let waits = try tune("second", 2, "--after", "held")
        #expect(waits.code == 0 && waits.output.contains("after held"), "\(waits.errors)")
        #expect(try tune("never", 2, "--after", "search", "--if-completed").code == 0)
        #expect(try store.run(named: "behind").status == .pending)
        #expect(try run("tune", "stop", "search").code == 0)
        try wait(120) { try store.run(named: "behind").status == .completed }
        try wait(120) { try store.tunings.tuning(named: "never").status == .stopped }
        #expect(try store.tunings.tuning(named: "second").status == .pending)
        #expect(try run("queue", "release", "held").code == 0)
        try wait(120) { try store.tunings.tuning(named: "second").status == .completed }
        #expect(try run("queue", "list").output.isEmpty)
        try stopHost()
    }
}
