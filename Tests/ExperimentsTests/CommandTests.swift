import Databases
import Events
import Experiments
import Glibc
import Testing

@Suite struct CommandTests {
    private let temporary: TemporaryWorkspace

    init() throws { temporary = try TemporaryWorkspace() }

    @Test func aCommandIsTakenOnceByTheOwnerOfItsRun() throws {
        let store = try RunStore(temporary.workspace), other = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        let commands: [StudioCommand] = [
            .changeHyperparameters(run, ["wd": "0.1", "l1": "0"]),
            .changeRules(
                run,
                RuleEdit(without: ["a"], lines: ["a: loss > 1"], set: ["Overfit": ["patience": "2"]], off: ["b"], on: ["c"])),
            .stopJob(run), .pauseJob(run), .resumeJob(run),
        ]
        for command in commands { _ = try other.send(command) }
        #expect(try store.takeCommands() == commands)
        #expect(try store.takeCommands().isEmpty)
    }

    @Test func aCommandIsTakenBackOnlyWhileItWaits() throws {
        let store = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        let sent = try store.send(.stopJob(run))
        #expect(try store.withdraw(sent))
        #expect(try store.takeCommands().isEmpty)
        let second = try store.send(.stopJob(run))
        #expect(try store.takeCommands().count == 1)
        #expect(try !store.withdraw(second))
    }

    @Test func claimingARunForgetsWhatWasAskedOfTheProcessThatIsGone() throws {
        let store = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        _ = try store.send(.stopJob(run))
        _ = try store.claim(run)
        #expect(try store.takeCommands().isEmpty)
    }

    @Test func whatOnlyTheOwnProcessCanDoIsNotSent() throws {
        let store = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        #expect(#expect(throws: StoreError.self) { try store.send(.deleteRun(run)) }?.code == .failed)
        #expect(try !store.isTrainedElsewhere(run))
    }

    @Test func aChangeIsKeptWithTheRunAndForgottenWhenTheRunGoesOnFromBefore() throws {
        let store = try RunStore(temporary.workspace)
        let run = try store.register(makeRecord("aaaa0001")).id
        let sent = try store.send(.changeHyperparameters(run, ["epochs": "7"]))
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        let changes = [HyperparameterChange(["epochs": "7"], step: 10, epoch: 1), HyperparameterChange(["wd": "1"], step: 20)]
        for change in changes { bus.post(.job(.hyperparametersChanged(change)), run: run) }
        bus.close()
        recorder.close()
        #expect(try store.events(since: sent).map(\.kind) == changes.map { .job(.hyperparametersChanged($0)) })
        #expect(try store.run(run)?.record.hyperparameters["epochs"] == "7")
        try store.truncate(run, afterStep: 10)
        let kept = try store.events(of: run, kinds: [.hyperparametersChanged]).map(\.kind)
        #expect(kept == [.job(.hyperparametersChanged(changes[0]))])
    }
}
