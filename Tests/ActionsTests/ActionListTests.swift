import Actions
import Events
import Testing
import TextScanning

@Suite struct ActionListTests {
    @Test func aFileSaysWhatIsDoneWhenAndHowSomebodyIsTold() throws {
        let list = try ActionList(
            """
            # where notices go
            channel ops: webhook https://chat.example/hook bearer=env:CHAT_TOKEN
                quiet=22:00-07:00 limit=6/hour timeout=5s
            channel boss: mail boss@example.org,me@example.org server=smtp://mail.example.org:587 from=descent@example.org
                user=descent password=file:~/.mailpass
            channel phone: sns +15551234567 region=eu-central-1
            channel log: file events.jsonl

            Overfit: stop, notify ops
            any issue: checkpoint, bell, desktop
            spike cleared: notify boss
            DeadRelu: steer learning_rate=0.001 l2=0.1, command "echo 'a, b' # no comment"
            any change: notify log
            """)
        #expect(
            list.statements.map(\.trigger) == [
                ActionTrigger(.named("Overfit")), ActionTrigger(.anything, severity: .issue),
                ActionTrigger(.named("spike"), change: .cleared), ActionTrigger(.named("DeadRelu")),
                ActionTrigger(.anything, change: .change),
            ])
        #expect(list.statements[0].actions == [.stop, .notify("ops")])
        #expect(list.statements[1].actions == [.checkpoint, .notify("bell"), .notify("desktop")])
        #expect(
            list.statements[3].actions == [
                .steer(["learning_rate": "0.001", "l2": "0.1"]), .command("echo 'a, b' # no comment"),
            ])
        let ops = try #require(list.channel(named: "ops"))
        #expect(ops.quiet == QuietTime("22:00-07:00") && ops.limit == RateLimit(count: 6, seconds: 3600) && ops.timeout == 5)
        #expect(ops.secrets == [.variable("CHAT_TOKEN")])
        guard case .mail(let box)? = list.channel(named: "boss")?.kind else { return #expect(Bool(false)) }
        #expect(box.recipients == ["boss@example.org", "me@example.org"] && box.password == .file("~/.mailpass"))
        #expect(list.channel(named: "bell")?.kind == .bell && list.channel(named: "nobody") == nil)
    }

    @Test func alarmsHaveStatementsOfTheirOwn() throws {
        let list = try ActionList(
            """
            alarm slow: bell
            alarm any off: notify bell
            alarm slow change: command "x"
            alarm: stop
            any: stop
            """)
        #expect(
            list.statements.map(\.trigger) == [
                ActionTrigger(.alarm("slow")), ActionTrigger(.anyAlarm, change: .cleared),
                ActionTrigger(.alarm("slow"), change: .change), ActionTrigger(.named("alarm")), ActionTrigger(.anything),
            ])
        func change(_ kind: StateChange.Kind, _ name: String, _ state: RuleState) -> StateChange {
            StateChange(kind: kind, name: name, state: state, run: RunID(""), runName: "churn", step: 0, time: 1.7e9, summary: "")
        }
        func matching(_ change: StateChange) -> [Int] {
            list.statements.indices.filter { list.statements[$0].trigger.matches(change) }
        }
        #expect(matching(change(.alarm, "slow", .issue)) == [0, 2] && matching(change(.alarm, "slow", .cleared)) == [1, 2])
        #expect(matching(change(.alarm, "other", .cleared)) == [1] && matching(change(.alarm, "other", .waitingForData)) == [])
        // A rule of an alarm's name is no alarm.
        #expect(matching(change(.rule, "slow", .issue)) == [4] && matching(change(.rule, "alarm", .issue)) == [3, 4])
        let on = change(.alarm, "slow", .issue)
        #expect(on.title == "alarm slow: ALARM on churn" && StateChange(json: on.json) == on)
        var later = on
        later.time += 1
        #expect(later.identity != on.identity)
    }

    @Test func everyActionIsWrittenAsItIsRead() throws {
        for text in ["stop", "pause", "checkpoint", "steer a=1 b=2", "notify ops", "bell", #"command "a \"b\" \\ c""#] {
            #expect(try ActionStatement("any: " + text).actions.map(\.text) == [text])
        }
    }

    @Test(arguments: [
        ("Overfit stop", 8, "expected a colon"), ("Overfit: halt", 9, "there is no action halt"),
        ("Overfit: stopp", 9, "did you mean stop?"), ("Overfit:", 8, "expected stop"),
        ("Overfit: stop pause", 14, "expected a comma"),
        ("Overfit: steer", 14, "expected NAME=VALUE"), ("Overfit: steer a=1 a=2", 19, "a is given twice"),
        ("any isue: stop", 4, "expected a colon"), ("alarm a: stop", 8, "nothing to stop"), ("alarm a of: bell", 8, "on, off"),
        ("alarm a: bell, pause", 8, "nothing to pause"), ("channel bell: bell", 8, "always"),
        ("channel a: pigeon home", 11, "expected webhook"), ("channel a: webhook ftp://x", 19, "https:// or http://"),
        ("channel a: webhook https://me:pw@x/", 19, "no user or password"),
        ("channel a: webhook https://x berer=env:A", 29, "bearer=…"),
        ("channel a: webhook https://x bearer=hunter2", 36, "env:NAME"),
        ("channel a: mail x server=smtp://y", 16, "me@example.org"),
        ("channel a: mail a@b.c", 16, "which server"), ("channel a: mail a@b.c server=smtp://y quiet=9-5", 44, "22:00-07:00"),
        ("channel a: mail a@b.c server=smtp://y limit=0/hour", 44, "6/hour"),
        ("channel a: mail a@b.c server=smtp://y tls=no password=env:P", 42, "not safe"),
        ("channel a: sns arn:aws:sqs:x:1:q", 15, "ARN"), ("channel a: sns +15551234567", 15, "region"),
        ("channel a: bell\nchannel a: bell", 24, "already"),
    ])
    func whatIsWrongHasAPlaceAndASaying(text: String, place: Int, saying: String) {
        let fault = #expect(throws: TextFault.self) { try ActionList(text) }
        #expect(fault?.range.lowerBound == place, "\(text): \(String(describing: fault))")
        #expect(fault?.message.contains(saying) == true, "\(text): \(String(describing: fault))")
        // A secret that was typed in by mistake is not said again.
        #expect(fault?.message.contains("hunter2") == false)
    }
}
