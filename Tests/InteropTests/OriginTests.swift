import Clocks
import Databases
import Events
import Experiments
import JSON
import RunSearching
import Testing

@testable import Interop

/// Where runs come from, what they are judged by, and what they are called in their logs.
@Suite struct OriginTests {
    @Test func aWatchedRunSaysSoAlsoWhenDescentWroteItsLog() throws {
        let watched = try Watched()
        let log = try watched.run(of: #"{"v":1,"seq":1,"time":"2026-01-02T03:04:05.000Z","kind":"#)
        watched.append("epoch,loss\n0,0.5\n", to: "a.csv")
        try watched.readOnce()
        let own = try watched.run("own").record
        #expect(own.algorithm == "linear-learner" && own.origin == .watched && own.log == log)
        #expect(own.refusal == "own was written by a Descent elsewhere and is only watched: go on with it where it was trained")
        #expect(try watched.run("a").record.refusal?.hasPrefix("a was written by csv and is only watched") == true)
        // Nothing of it is changed, whoever asks.
        for change in [{ _ = try watched.store.claim(own.id) }, { try watched.store.truncate(own.id, afterStep: -1) }] {
            do {
                try change()
                Issue.record("a watched run was changed")
            } catch let error as StoreError { #expect(error.code == .notOurs && error.message == own.refusal) }
        }
        #expect(try watched.values("own", "train:loss") == [1])
    }

    @Test func theUserSaysWhatRunsAreJudgedByAndWhichWayItIsBetter() throws {
        let watched = try Watched()
        watched.write(Array("step,foo,val_bar,Train Baz\n1,10,1,5\n2,30,2,6\n3,20,3,7\n".utf8), as: "a.csv", age: 3600)
        try watched.readOnce()
        #expect(try watched.run("a").record.objective.direction == .unknown && watched.run("a").bestObjective == nil)
        for (text, metric, best, step) in [
            ("max:foo", "foo", 30.0, 2), ("min:foo", "foo", 10.0, 1), ("max:val_bar", "validation:bar", 3.0, 3),
            ("min:bar", "validation:bar", 1.0, 1), ("max:Train Baz", "train:baz", 7.0, 3),
            ("max:validation:bar", "validation:bar", 3.0, 3),
        ] {
            let choice = ObjectiveChoice(parsing: text)
            try watched.readOnce(objective: choice)
            let run = try watched.run("a")
            #expect(run.record.objective.metric.text == metric && run.bestObjective == best && run.bestStep == step, "\(text)")
        }
        // What was said once holds, and a name that is not there is said.
        watched.append("4,5,0,8\n", to: "a.csv")
        let events = try watched.readOnce(objective: ObjectiveChoice(name: "nothing"))
        let run = try watched.run("a")
        #expect(
            run.record.objective == Objective(metric: MetricName("validation:bar"), minimises: false) && run.bestObjective == 3)
        #expect(
            events.contains { event in
                guard case .job(.dataWarned(let warning)) = event.kind else { return false }
                return warning.message.hasSuffix("a.csv: it measures no nothing: judged by validation:bar")
            })
        #expect(ObjectiveChoice(parsing: "max:") == nil)
    }

    @Test func metricsAreFoundByTheNamesOfTheirLogsAndConfigurationsByTheirs() throws {
        let watched = try Watched()
        watched.append(
            """
            {"config": {"lr": 0.1, "seed": 3, "dataset": "cifar10", "name": "inner", "status": "x", "learning": 1}}
            {"step": 1, "val_acc": 0.75, "val/recall@5": 0.5, "loss": 1}

            """, to: "a.jsonl")
        try watched.readOnce()
        let run = try watched.run("a")
        let clock = SearchClock(now: WallClock.now())
        for text in [
            "val_acc = 0.75", "validation:accuracy = 0.75", "accuracy = 0.75", "best:val_acc = 0.75", "val/recall@5 = 0.5",
            "validation:recall_at_5 = 0.5", "max:val/recall@5 = 0.5", "has:val_acc", "lr = 0.1", "learning_rate = 0.1",
            "seed = 3",
            "dataset = cifar10", "dataset ~ a.json*", "config:name = inner", "config:status = x", "origin = watched", "name = a",
            "config:lr < 1", "not origin = trained",
        ] {
            let search = try RunSearch(parsing: text)
            #expect(search.accepts(run, clock: clock), "\(text)")
            #expect(search.unknownName(among: [run], clock: clock) == nil, "\(text)")
        }
        for text in ["seed = 0", "not val_acc = 0.75", "config:name = a", "seed = 4"] {
            #expect(try !RunSearch(parsing: text).accepts(run, clock: clock), "\(text)")
        }
        #expect(run.record.loggedNames["val_acc"] == MetricName("validation:accuracy"))
        let json = JSONValue.object((run.record.json.members ?? []) + [.init("run", .string("a"))])
        #expect(RunRecord(json: json)?.loggedNames == run.record.loggedNames)
    }

    @Test func anObjectiveIsChosenByWhatNamesSay() {
        func objective(_ names: String...) -> Objective? { MetricSpelling.objective(among: names.map { MetricName($0) }) }
        #expect(objective("episode_reward", "lr") == Objective(metric: MetricName("episode_reward"), minimises: false))
        #expect(objective("train:loss", "validation:dice") == Objective(metric: MetricName("validation:dice"), minimises: false))
        #expect(objective("train:loss", "validation:dice", "validation:loss")?.metric == .validationLoss)
        #expect(objective("rollout/ep_rew_mean", "rollout/ep_len_mean")?.minimises == false)
        #expect(objective("foo", "lr")?.metric == MetricName("foo"))
        #expect(objective("foo", "lr")?.direction == .unknown)
        #expect(objective("lr", "train:grad_norm") == nil)
        #expect(objective("train:loss", "train:loss@replaced-1")?.metric == .trainLoss)
    }
}
