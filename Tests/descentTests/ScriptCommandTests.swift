import Events
import Files
import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent train --algorithm script`: a program of the user's as a run like any other.
@Suite struct ScriptCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func words(_ script: String, _ more: [String], data: [String] = []) -> [String] {
        ["train"] + data + ["--algorithm", "script", "--script", script, "--json", "--workspace", workspace] + more
    }

    private func train(_ script: String, _ more: String..., data: [String] = []) throws -> Program {
        try Program.run(words(script, more, data: data))
    }

    private func result(_ ended: Program) throws -> JobResult {
        for event in try ended.events().reversed() { if case .job(.finished(let result)) = event.kind { return result } }
        throw NoResult(errors: ended.errors)
    }

    private struct NoResult: Error { var errors: String }

    private func artifacts(_ name: String) throws -> String {
        let shown = try Program.run("runs", "show", name, "--json", "--workspace", workspace).json()
        return workspace + "/artifacts/" + (try #require(shown.first?["run"]?.string))
    }

    /// Whether a process runs that was started with a word.
    private func runs(_ word: String) throws -> Bool {
        for name in Folder.names(in: "/proc") where name.allSatisfy(\.isNumber) {
            let words = String(decoding: FileContents.bytes("/proc/\(name)/cmdline") ?? [], as: UTF8.self)
            if words.contains(word), !words.contains("xctest") { return true }
        }
        return false
    }

    private func wait(_ seconds: Double = 20, until isSo: () throws -> Bool) throws {
        for _ in 0..<Int(seconds * 100) {
            if try isSo() { return }
            usleep(10_000)
        }
        Issue.record("it did not come")
    }

    @Test func whatItPrintsIsItsCurvesAndItsLog() throws {
        let script = try scratch.write(
            """
            echo "args: $@"; echo "model $SM_MODEL_DIR"; echo $SM_HPS
            for i in 1 2 3; do echo "Epoch $i/3 - loss: 0.$((9 - i)) - val_loss: 0.$((8 - i))"; done
            echo weights > $SM_MODEL_DIR/model.bin
            """, as: "train.sh")
        let ended = try train(script, "--set", "lr=0.1", "--set", "flag=true", "--name", "mine")
        #expect(ended.code == 0, "\(ended.errors)")
        let result = try result(ended)
        #expect(result.status == .completed && result.reason == .finished && result.bestStep == 3)
        #expect(result.metrics == [MetricName("train:loss"): 0.6, .validationLoss: 0.5])
        let folder = try artifacts("mine")
        let log = try #require(FileContents.text(folder + "/output.log"))
        #expect(log.hasPrefix("args: --flag True --lr 0.1\n") && log.contains(#"{"flag":true,"lr":0.1}"#))
        #expect(FileContents.text(folder + "/ml/model/model.bin") == "weights\n")
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.first?["hyperparameters"]?["lr"]?.string == "0.1" && listed.first?["algorithm"]?.string == "script")
    }

    @Test func itsDataIsItsChannels() throws {
        let data = try scratch.write("x,y\n" + (0..<20).map { "\($0),\($0 % 2)\n" }.joined(), as: "data.csv")
        let script = try scratch.write(
            "wc -l < $SM_CHANNEL_TRAIN/data.csv; test -z $SM_CHANNEL_VALIDATION || wc -l < $SM_CHANNEL_VALIDATION/data.csv; echo loss: 1",
            as: "count.sh")
        #expect(try train(script, "--name", "whole", data: [data]).code == 0)
        #expect(FileContents.text(try artifacts("whole") + "/output.log") == "20\nloss: 1\n".replacing("20", with: "21"))
        #expect(try train(script, "--name", "parts", "--validation-split", "0.25", data: [data]).code == 0)
        #expect(FileContents.text(try artifacts("parts") + "/output.log") == "16\n6\nloss: 1\n")
        // The data set knows the run.
        let sets = try Program.run("data", "list", "--json", "--workspace", workspace).json()
        #expect(sets.compactMap { $0["name"]?.string } == ["data.csv"])
    }

    @Test func aScriptThatFailsSaysWhereAndWhy() throws {
        let script = try scratch.write("print('loss: 0.5')\ndef f():\n    raise ValueError('bad shape')\nf()\n", as: "fail.py")
        let ended = try train(script)
        #expect(ended.code == 1)
        #expect(ended.errors == "descent: fail.py ended with status 1: ValueError: bad shape (fail.py:3)\n")
        let alerts = try ended.events().compactMap { event in
            if case .debugger(.alertRaised(let alert)) = event.kind { alert } else { nil }
        }
        #expect(alerts.map(\.rule) == ["ScriptFailed"] && alerts.first?.cause.contains("raise ValueError") == true)
        #expect(alerts.first?.summary == "ValueError: bad shape (fail.py:3): fail.py ended with status 1")
        // Everywhere one sees why, and the lines as they were written.
        let shown = try Program.run("runs", "show", "@latest", "--workspace", workspace).output
        #expect(shown.contains("\n      File \"") && shown.contains("\n    ValueError: bad shape\n") && !shown.contains("\\n"))
        let output = try Program.run("runs", "output", "@latest", "--workspace", workspace)
        #expect(output.output == FileContents.text(try artifacts("@latest") + "/output.log") && output.code == 0)
        #expect(shown.contains("descent runs output fail") && shown.contains("/output.log"))
        let last = try Program.run("runs", "output", "@latest", "--lines", "1", "--workspace", workspace)
        #expect(last.output == "ValueError: bad shape\n")
        for size in ["80x24", "120x40"] {
            let frame = try Program.run("frame", "home", "--size", size, "--workspace", workspace).output
            #expect(frame.contains("ValueError"), "\(frame)")
        }
        let page = try Program.run("frame", "run", "--keys", "right right", "--size", "120x40", "--workspace", workspace).output
        #expect(page.contains("    raise ValueError('bad shape')"), "\(page)")
        #expect(try result(ended).status == .failed)
        let own = try scratch.write("echo out of cheese > $SM_OUTPUT_DIR/failure; exit 3", as: "own.sh")
        #expect(try train(own).errors == "descent: own.sh ended with status 3: out of cheese\n\n")
    }

    @Test func aRankThatWasKilledIsTheReason() throws {
        let said = """
            [rank0]: Traceback (most recent call last):
            [rank0]:   File "/home/u/ddp.py", line 9, in <module>
            [rank0]: torch.distributed.DistBackendError: Connection closed by peer
            Traceback (most recent call last):
              File "/x/bin/torchrun", line 8, in <module>
            torch.distributed.elastic.multiprocessing.errors.ChildFailedError:\u{20}
            ============================================================
            ddp.py FAILED
            ------------------------------------------------------------
            Failures:
            [1]:
              time      : 2026-01-01_00:00:00
              rank      : 0 (local_rank: 0)
              exitcode  : 1 (pid: 12)
              traceback : To enable traceback see: https://pytorch.org/docs/stable/elastic/errors.html
            ------------------------------------------------------------
            Root Cause (first observed failure):
            [0]:
              time      : 2026-01-01_00:00:00
              host      : box
              rank      : 2 (local_rank: 2)
              exitcode  : -9 (pid: 14)
              error_file: <N/A>
              traceback : Signal 9 (SIGKILL) received by PID 14
            ============================================================

            """
        _ = try scratch.write(said, as: "said")
        let killed = try scratch.write("cat \(scratch.path)/said >&2; exit 1", as: "torchrun.sh")
        #expect(try train(killed).errors == "descent: torchrun.sh ended with status 1: rank 2 was killed by SIGKILL\n")
        let ended = said.replacing("-9 (pid: 14)", with: "3 (pid: 14)").replacing(
            "Signal 9 (SIGKILL) received by PID 14", with: "<N/A>")
        _ = try scratch.write(ended.split(separator: "\n").dropFirst(3).joined(separator: "\n") + "\n", as: "said")
        #expect(try train(killed).errors == "descent: torchrun.sh ended with status 1: rank 2 ended with status 3\n")
    }

    @Test func whatWasMeasuredIsNoReason() throws {
        let script = try scratch.write("echo 'no room' >&2; sleep 0.2; echo loss=1; echo ======; exit 1", as: "measured.sh")
        #expect(try train(script).errors == "descent: measured.sh ended with status 1: no room\n")
        let silent = try scratch.write("echo loss=1; exit 1", as: "silent.sh")
        #expect(try train(silent).errors == "descent: silent.sh ended with status 1\n")
    }

    @Test func aCommandIsHandedItsSettingsWhereItIsOneProgram() throws {
        let script = try scratch.write("echo \"got $@\"; echo loss: 1", as: "args.sh")
        for (command, output) in [
            ("sh \(script) first", "got first --lr 0.1\nloss: 1\n"), ("(sh \(script))", "got \nloss: 1\n"),
            ("if true; then sh \(script) \"$@\"; fi", "got --lr 0.1\nloss: 1\n"), ("sh \(script) | cat", "got \nloss: 1\n"),
        ] {
            let ended = try Program.run(
                "train", "--algorithm", "script", "--command", command, "--set", "lr=0.1", "--json", "--workspace", workspace)
            #expect(ended.code == 0, "\(command): \(ended.errors)")
            #expect(FileContents.text(try artifacts("@latest") + "/output.log") == output, "\(command)")
        }
        let empty = try Program.run("train", "--algorithm", "script", "--command", " ", "--workspace", workspace)
        #expect(empty.code == 2 && empty.errors.contains("the command is empty"))
    }

    @Test func whatIsPrintedAndToldIsOneMetric() throws {
        let script = try scratch.write(
            #"""
            for i in 1 2 3; do
                echo "epoch $i loss 9 validation_loss 9"; sleep 0.2
                echo "{\"kind\":\"metrics\",\"step\":$i,\"values\":{\"loss\":0.$i,\"validation:loss\":0.5}}" >> $DESCENT_MESSAGES/0-1.jsonl
            done
            """#, as: "both.sh")
        let ended = try train(script)
        #expect(try result(ended).metrics == [MetricName("train:loss"): 0.3, .validationLoss: 0.5])
        let recorded = try ended.events().compactMap { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.values[MetricName("train:loss")] } else { nil }
        }
        #expect(recorded == [0.1, 0.2, 0.3])
    }

    @Test func aMessageWhoseStepIsNoneIsCountedOnAndSaidOnce() throws {
        let steps = ["2", "3.7", "null", "\"12\"", "1e300", "\"NaN\"", "\"soon\"", "-4"]
        let script = try scratch.write(
            "cat > $DESCENT_MESSAGES/0-1.jsonl <<'END'\n"
                + steps.map { #"{"kind":"metrics","step":\#($0),"values":{"loss":0.5}}"# + "\n" }.joined()
                + #"{"kind":"metrics","values":{"loss":0.5}}"# + "\nEND\n", as: "steps.sh")
        let ended = try train(script)
        let recorded = try ended.events().compactMap { event in
            if case .sample(.metricsRecorded(let metrics)) = event.kind { metrics.step } else { nil }
        }
        #expect(recorded == [2, 4, 5, 12, 13, 14, 15, -4, -3])
        let said = try ended.events().compactMap { event in
            if case .notice(.messageLogged(let text)) = event.kind { text } else { nil }
        }
        #expect(said.filter { $0.contains("a step is a whole number: 3.7 counts as 4") }.count == 1)
        #expect(said.filter { $0.contains("a message's step is null, which is none") }.count == 1)
    }

    @Test func thousandsOfMetricsAreRecordedInTheTimeThatOneTakes() throws {
        let script = try scratch.write(
            "import json\nfor s in range(3): print(json.dumps({'step': s, **{'loss_%d' % i: 1.0 / (i + s + 1) for i in range(4000)}}))\n",
            as: "many.py")
        let ended = try train(script, "--max-runtime", "30")
        #expect(try result(ended).reason == .finished && result(ended).metrics.count == 4000)
    }

    @Test func whatItToldAndCouldNotBeTakenIsSaidOnce() throws {
        let script = try scratch.write(
            """
            import os
            with open(os.environ['DESCENT_MESSAGES'] + '/0-1.jsonl', 'w') as told:
                told.write('{"kind":"parameters","values":{"a":"' + 'x' * (20 << 20) + '"}}\\n')
                told.write('{"kind":"parameters","values":{"b":"' + 'y' * 10000 + '"}}\\nno message\\n')
                told.write('{"kind":"metrics","step":1,"values":{"loss":0.5}}\\n')
            """, as: "long.py")
        let ended = try train(script)
        #expect(try result(ended).metrics == [MetricName("train:loss"): 0.5])
        let warnings = try ended.events().compactMap { event in
            if case .job(.dataWarned(let warning)) = event.kind { warning.message } else { nil }
        }
        #expect(
            warnings.count == 1
                && warnings[0].hasPrefix("of what it told, 2 messages passed over, first: a line of more than 1 MiB"))
        #expect(warnings.first?.hasSuffix("1 value cut at 4096 bytes, first: b") == true, "\(warnings)")
    }

    @Test func whatIsLostWithItsFolderIsSaid() throws {
        let script = try scratch.write(
            "echo loss: 1; rm -r $DESCENT_MESSAGES; echo x > $DESCENT_MESSAGES; test -z $SM_HP_ALL || rm -r $(cd $SM_OUTPUT_DIR/../..; pwd)",
            as: "rm.sh")
        let part = try Program.run("train", "--algorithm", "script", "--script", script, "--workspace", workspace)
        #expect(part.code == 0 && part.errors.contains("messages is no folder any more"), "\(part.errors)")
        let all = try Program.run(
            "train", "--algorithm", "script", "--script", script, "--set", "all=1", "--workspace", workspace)
        #expect(all.code == 0 && all.errors.contains("is gone, and the model with it"), "\(all.errors)")
        #expect(all.output.contains("model       none:"), "\(all.output)")
    }

    @Test func aResumeThatCannotStartLeavesTheRunAsItIs() throws {
        let script = try scratch.write("echo step 1 loss 0.5; echo x > $SM_CHECKPOINT_DIR/x", as: "gone.sh")
        #expect(try train(script, "--name", "gone").code == 0)
        unlink(script)
        let refused = try Program.run("runs", "resume", "gone", "--workspace", workspace)
        #expect(refused.code == 2 && refused.errors.contains("is not there"), "\(refused.errors)")
        let shown = try Program.run("runs", "show", "gone", "--json", "--workspace", workspace).json().first
        #expect(shown?["status"]?.string == "Completed")
    }

    @Test func theDoctorKnowsWhatBecameOfScripts() throws {
        let script = try scratch.write("echo step 1 loss 0.5", as: "gone.sh")
        #expect(try train(script, "--name", "gone").code == 0)
        let command = try Program.run(
            "train", "--algorithm", "script", "--command", "sh \(script)", "--name", "fine", "--json", "--workspace", workspace)
        #expect(command.code == 0, "\(command.errors)")
        func doctor() throws -> Program { try Program.run("doctor", "--workspace", workspace) }
        let whole = try doctor()
        #expect(whole.code == 0 && whole.output.contains(/scripts +2 runs\n/), "\(whole.output)")
        unlink(script)
        let without = try doctor()
        #expect(
            without.code == 0 && without.output.contains("could not run again: gone (\(script) is not there)"),
            "\(without.output)")
        unlink(try artifacts("gone") + "/output.log")
        let cut = try doctor()
        #expect(cut.code == 1 && cut.output.contains("not whole: gone (output.log is not there)"), "\(cut.output)")
        let shown = try Program.run("runs", "show", "fine", "--json", "--workspace", workspace).json()
        let run = try #require(shown.first?["run"]?.string)
        let left = try Running(["watch", scratch.path, "--workspace", workspace + "2"], variables: ["DESCENT_RUN=\(run)"])
        try wait { try doctor().output.contains("processes of runs that are over: fine (kill \(left.process))") }
        kill(left.process, SIGKILL)
        _ = left.finish()
        try wait { try !doctor().output.contains("left running") }
    }

    @Test func theMetricThatIsMeantIsFoundByItsWord() throws {
        let script = try scratch.write(
            "for i in 1 2 3; do echo \"Epoch $i loss: 0.$i val_loss: 0.$((5 - i)) foo=$i\"; done; echo '{\"step\":4,\"loss\":-Infinity,\"val_loss\":1}'",
            as: "word.sh")
        #expect(try result(try train(script, "--objective", "loss")).bestStep == 3)
        #expect(try result(try train(script, "--objective", "train:loss")).bestStep == 1)
    }

    @Test func whatCannotBeRunIsRefusedBeforeThereIsARun() throws {
        let plain = try scratch.write("data", as: "plain.bin")
        for (words, message) in [
            (["--script", "/nowhere/train.py"], "/nowhere/train.py is not there"), (["--script", plain], "cannot be executed"),
            ([], "no script"), (["--script", plain, "--command", "true"], "exclude each other"),
            (["--command", "true", "--metric", "a=("], "missing closing parenthesis"),
            (["--command", "true", "--folds", "3"], "a script reads its data itself"),
        ] {
            let ended = try Program.run(["train", "--algorithm", "script", "--workspace", workspace] + words)
            #expect(ended.code == 2 && ended.errors.contains(message), "\(ended.errors)")
        }
        let learner = try Program.run(
            "train", Program.sample("salary"), "--target", "salary", "--script", plain, "--workspace", workspace)
        #expect(learner.code == 2 && learner.errors.contains("--algorithm script"), "\(learner.errors)")
        #expect(try Program.run("runs", "list", "--json", "--workspace", workspace).output.isEmpty)
    }

    @Test func whatStandsInTheWayOfRunningItIsNamed() throws {
        for (first, message) in [
            ("#!/opt/python9/bin/python", "asks in its first line for /opt/python9/bin/python, which is not here"),
            ("#!/usr/bin/env -S python9 -u", "is run by python9, which is not on the PATH"),
            ("#!/bin/sh\r", "line ends of Windows"),
        ] {
            let script = try scratch.write(first + "\necho loss: 1\n", as: "tool")
            chmod(script, 0o755)
            let refused = try train(script)
            #expect(refused.code == 2 && refused.errors.contains(message), "\(refused.errors)")
        }
        let folder = scratch.path + "/folder"
        try Folder.make(folder)
        let script = try scratch.write("echo step 1 loss 1; echo x > $SM_CHECKPOINT_DIR/x", as: "here.sh")
        #expect(try Program.run(words(script, ["--name", "here"]), folder: folder).code == 0)
        Folder.remove(folder)
        let refused = try Program.run("runs", "resume", "here", "--workspace", workspace)
        #expect(
            refused.code == 2 && refused.errors.contains("\(folder), the folder the script runs in, is gone"), "\(refused.errors)"
        )
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func aForkOfWhatCannotBeWrittenSaysSo() throws {
        let script = try scratch.write("echo step 1 loss 1", as: "fork.sh")
        #expect(try train(script, "--name", "fork").code == 0)
        chmod(workspace, 0o555)
        defer { chmod(workspace, 0o755) }
        let refused = try Program.run("runs", "fork", "fork", "--workspace", workspace)
        #expect(refused.errors.contains("cannot be written"), "\(refused.errors)")
    }

    @Test func nothingIsLeftOverWhoeverIsKilled() throws {
        for (index, victim) in ["descent", "guard", "script"].enumerated() {
            let mark = "97\(getpid())\(index)"
            let script = try scratch.write(
                "setsid sleep \(mark) & sleep \(mark) & for i in $(seq 1 1000); do echo \"step $i loss 0.5\"; sleep 0.05; done",
                as: "left\(index).sh")
            let running = try Running(words(script, ["--name", victim]))
            try wait { running.output.contains("metricsRecorded") }
            let children = Folder.names(in: "/proc").filter { $0.allSatisfy(\.isNumber) }.compactMap { name -> (pid_t, String)? in
                let words = String(decoding: FileContents.bytes("/proc/\(name)/cmdline") ?? [], as: UTF8.self)
                return words.contains(script) ? pid_t(name).map { ($0, words) } : nil
            }
            let guardian = children.first { $0.1.contains("--process-guard") }?.0
            let program = children.first { $0.1.hasPrefix("/bin/sh\0/") }?.0
            kill(try #require(victim == "descent" ? running.process : victim == "guard" ? guardian : program), SIGKILL)
            let ended = running.finish()
            #expect(ended.code == (victim == "descent" ? -SIGKILL : 1), "\(victim) \(ended.errors)")
            try wait { try !runs("sleep\0\(mark)") && !runs("left\(index).sh") }
            let shown = try Program.run("runs", "show", victim, "--json", "--workspace", workspace).json().first
            #expect(shown?["status"]?.string == (victim == "descent" ? "Stopped" : "Failed"), "\(shown?.text ?? "")")
        }
    }

    @Test func whatIsLeftOfDescentAndGuardIsEndedByTheNextStart() throws {
        let mark = "96\(getpid())"
        let script = try scratch.write(
            "setsid sh -c 'trap \"\" TERM; while :; do sleep \(mark); done' & for i in $(seq 1 1000); do echo \"step $i loss 0.5\"; sleep 0.05; done",
            as: "both.sh")
        let running = try Running(words(script, ["--name", "both"]))
        try wait { try running.output.contains("metricsRecorded") && runs("sleep\0\(mark)") }
        let guardian = Folder.names(in: "/proc").compactMap { pid_t($0) }.first { process in
            let words = String(decoding: FileContents.bytes("/proc/\(process)/cmdline") ?? [], as: UTF8.self)
            return words.contains("--process-guard") && words.contains(script)
        }
        kill(running.process, SIGSTOP)
        kill(try #require(guardian), SIGKILL)
        kill(running.process, SIGKILL)
        _ = running.finish()
        #expect(try runs("sleep\0\(mark)"))
        let other = try scratch.write("echo loss: 1", as: "other.sh")
        let ended = try Program.run("train", "--algorithm", "script", "--script", other, "--workspace", workspace)
        #expect(
            ended.code == 0 && ended.errors.contains("processes that it had left behind were ended"), "\(ended.errors)")
        #expect(try !runs("sleep\0\(mark)"))
    }

    @Test func stoppingEndsItAndAllThatItStarted() throws {
        let mark = "98\(getpid())"
        let script = try scratch.write(
            "trap 'echo saving; exit 0' TERM; setsid sleep \(mark) & for i in $(seq 1 1000); do echo \"step $i loss 0.5\"; sleep 0.05; done",
            as: "stop.sh")
        let running = try Running(words(script, ["--name", "stop"]))
        try wait { running.output.contains("metricsRecorded") }
        #expect(try Program.run("runs", "stop", "stop", "--workspace", workspace).code == 0)
        let ended = running.finish()
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(try result(ended).status == .stopped)
        #expect(try FileContents.text(artifacts("stop") + "/output.log")?.contains("saving\n") == true)
        #expect(try !runs("sleep\0\(mark)"))
    }

    @Test func aScriptThatIgnoresTheSignalIsKilledByASecondWish() throws {
        let script = try scratch.write(
            "trap '' TERM; for i in $(seq 1 2000); do echo \"step $i loss 0.5\"; sleep 0.05; done", as: "ignore.sh")
        let running = try Running(words(script, ["--name", "ignore"]))
        try wait { running.output.contains("metricsRecorded") }
        let first = try Running(["runs", "stop", "ignore", "--workspace", workspace])
        try wait { running.output.contains("ignores SIGTERM: it is killed in 27 s") }
        // It looks at the workspace now and then.
        try wait { first.errors.contains("once more kills it now") }
        let second = try Program.run("runs", "stop", "ignore", "--workspace", workspace)
        #expect(second.code == 0 && second.output.hasPrefix("ignore Stopped"), "\(second.errors)")
        let told = first.finish()
        #expect(told.code == 0 && told.errors.contains("descent runs stop ignore once more kills it now"), "\(told.errors)")
        #expect(try result(running.finish()).status == .stopped)
    }

    @Test func itGoesOnFromItsCheckpointFolder() throws {
        let script = try scratch.write(
            """
            start=$(cat $SM_CHECKPOINT_DIR/step 2>/dev/null || echo 0)
            for i in $(seq $((start + 1)) $((start + 3))); do echo "step $i loss 0.$((9 - i))"; echo $i > $SM_CHECKPOINT_DIR/step; done
            test $start -gt 0 || exit 9
            """, as: "again.sh")
        #expect(try train(script, "--name", "again").code == 1)
        let resumed = try Program.run("runs", "resume", "again", "--json", "--workspace", workspace)
        #expect(resumed.code == 0, "\(resumed.errors)")
        let curve = try Program.run("runs", "curves", "again", "--json", "--workspace", workspace)
        #expect(try result(resumed).metrics[MetricName("train:loss")] == 0.3, "\(curve.output)")
        let none = try scratch.write("echo step 1 loss 0.5; exit 1", as: "none.sh")
        #expect(try train(none, "--name", "none").code == 1)
        let refused = try Program.run("runs", "resume", "none", "--workspace", workspace)
        #expect(refused.code == 1 && refused.errors.contains("announced nothing that it could go on from"), "\(refused.errors)")
    }

    @Test func messagesSayMoreThanOutput() throws {
        let script = try scratch.write(
            #"""
            say() { echo "$1" >> $DESCENT_MESSAGES/0-1.jsonl; }
            say '{"kind":"hello","rank":0,"pid":1}'
            say '{"kind":"plan","steps":4}'
            say '{"kind":"parameters","values":{"optimizer":"Adam"}}'
            echo "loss: 99"
            say '{"kind":"metrics","step":1,"time":1700000000,"values":{"loss":0.5,"val_loss":"NaN"}}'
            echo '{"kind":"metrics","step":1,"values":{"loss":7,"val":8}}' >> $DESCENT_MESSAGES/1-2.jsonl
            echo saved > $SM_CHECKPOINT_DIR/one
            say "{\"kind\":\"checkpoint\",\"step\":1,\"path\":\"$SM_CHECKPOINT_DIR/one\"}"
            until test -s $DESCENT_COMMANDS; do sleep 0.02; done
            say '{"kind":"steered","seq":1,"step":2,"values":{"lr":"0.5"}}'
            say '{"kind":"metrics","step":3,"values":{"loss":0.25}}'
            until grep -q stop $DESCENT_COMMANDS; do sleep 0.02; done
            """#, as: "say.sh")
        let running = try Running(words(script, ["--name", "say"]))
        try wait { running.output.contains("checkpointSaved") }
        let steered = try Program.run("runs", "steer", "say", "lr=0.5", "--workspace", workspace)
        #expect(steered.code == 0, "\(steered.errors)")
        try wait { running.output.contains("\"train:loss\":0.25") }
        #expect(try Program.run("runs", "stop", "say", "--workspace", workspace).code == 0)
        let ended = running.finish()
        let result = try result(ended)
        #expect(
            result.status == .stopped && result.metrics[MetricName("train:loss")] == 0.25
                && result.metrics[MetricName("rank1/loss")] == 7 && result.metrics[MetricName("rank1/val")] == 8)
        let changes = try ended.events().compactMap { event in
            if case .job(.hyperparametersChanged(let change)) = event.kind { change } else { nil }
        }
        #expect(changes == [HyperparameterChange(["lr": "0.5"], step: 2, epoch: 0)])
        let shown = try Program.run("runs", "show", "say", "--json", "--workspace", workspace).json().first
        #expect(shown?["hyperparameters"]?["optimizer"]?.string == "Adam" && shown?["hyperparameters"]?["lr"]?.string == "0.5")
        // A fork begins with what was announced.
        let forked = try Running(["runs", "fork", "say", "--name", "child", "--json", "--workspace", workspace])
        try wait { forked.output.contains("metricsRecorded") }
        #expect(try Program.run("runs", "steer", "child", "lr=0.1", "--workspace", workspace).code == 0)
        #expect(try Program.run("runs", "stop", "child", "--workspace", workspace).code == 0)
        let fork = try forked.finish().events().compactMap { event -> RunFork? in
            if case .run(.registered(let record)) = event.kind { record.fork } else { nil }
        }.first
        #expect(fork?.step == 1)
    }

    @Test func whatAForkOrAResumeIsGivenReachesTheScript() throws {
        let script = try scratch.write(
            #"""
            say() { echo "$1" >> $DESCENT_MESSAGES/0-1.jsonl; }
            echo "args $* set $DESCENT_SET before $DESCENT_STEERED"
            say '{"kind":"hello","rank":0,"pid":1}'
            say '{"kind":"steerable","values":{"rate":0.5,"lr":0.1}}'
            say '{"kind":"metrics","step":1,"values":{"loss":0.5}}'
            echo saved > $SM_CHECKPOINT_DIR/one
            say "{\"kind\":\"checkpoint\",\"step\":1,\"path\":\"$SM_CHECKPOINT_DIR/one\"}"
            test -z "$DESCENT_STEP" || exit 0
            until test -s $DESCENT_COMMANDS; do sleep 0.02; done
            say '{"kind":"steered","seq":1,"step":5,"values":{"rate":"0.25"}}'
            say '{"kind":"metrics","step":6,"values":{"loss":0.25}}'
            exit 1
            """#, as: "on.sh")
        let running = try Running(words(script, ["--name", "base", "--set", "lr=0.1"]))
        try wait { running.output.contains("checkpointSaved") }
        #expect(try Program.run("runs", "steer", "base", "rate=0.25", "--workspace", workspace).code == 0)
        #expect(running.finish().code == 1)
        func args(_ run: String) throws -> String? {
            FileContents.text(try artifacts(run) + "/output.log")?.split(separator: "\n").last.map(String.init)
        }
        // What was set after the checkpoint holds again, beside what is given now.
        let resumed = try Program.run("runs", "resume", "base", "--set", "depth=2", "--json", "--workspace", workspace)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try args("base") == #"args --depth 2 --lr 0.1 set {"depth":"2","rate":"0.25"} before "#)
        let changes = try resumed.events().compactMap { event in
            if case .job(.hyperparametersChanged(let change)) = event.kind { change } else { nil }
        }
        #expect(changes == [HyperparameterChange(["depth": "2", "rate": "0.25"], step: 1)])
        // What the script was never given as an argument it may not know as one.
        for (words, parent, expected) in [
            (
                ["--set", "rate=0.125", "--set", "lr=0.01", "--name", "child"], "base",
                #"args --depth 2 --lr 0.01 set {"lr":"0.01","rate":"0.125"} before {"depth":"2","rate":"0.25"}"#
            ),
            (
                ["--name", "grandchild"], "child",
                #"args --depth 2 --lr 0.01 set  before {"lr":"0.01","rate":"0.125"}"#
            ),
        ] {
            let forked = try Program.run(["runs", "fork", parent, "--quiet", "--workspace", workspace] + words)
            #expect(forked.code == 0, "\(forked.errors)")
            #expect(try args(words.last ?? "") == expected)
        }
        let again = try Program.run("runs", "reproduce", "child", "--workspace", workspace)
        #expect(again.code == 0, "\(again.errors) \(again.output)")
        #expect(try args("child-again") == args("child"))
    }

    @Test func itsOutputIsFollowedToItsEnd() throws {
        let script = try scratch.write("for i in 1 2 3 4 5; do echo loss: 0.$i; sleep 0.1; done", as: "slow.sh")
        let running = try Running(words(script, ["--name", "slow"]))
        try wait { running.output.contains("metricsRecorded") }
        let followed = try Program.run("runs", "output", "slow", "--follow", "--workspace", workspace)
        #expect(followed.code == 0 && followed.output.hasSuffix("loss: 0.4\nloss: 0.5\n"), "\(followed.output)")
        #expect(running.finish().code == 0)
    }

    @Test func aRunThatIsDoneAgainIsAskedForTheSame() throws {
        let data = try scratch.write("x,y,g\n" + (0..<40).map { "\($0),\($0 % 2),\($0 / 4)\n" }.joined(), as: "data.csv")
        let script = try scratch.write(
            #"""
            wc -l < $SM_CHANNEL_TRAIN/data.csv > $SM_MODEL_DIR/weights; mkdir -p $SM_MODEL_DIR/more; echo "a: 1, step $1"
            echo fixed > $SM_MODEL_DIR/more/text
            echo '{"kind":"hello","rank":0,"pid":1}' >> $DESCENT_MESSAGES/0-1.jsonl
            for step in $(seq 1 20); do
                echo "{\"kind\":\"checkpoint\",\"step\":$step,\"path\":\"$SM_MODEL_DIR/weights\"}" >> $DESCENT_MESSAGES/0-1.jsonl
            done
            """#, as: "again.sh")
        let trained = try train(
            script, "--name", "first", "--validation-split", "0.25", "--group", "g", "--metric", "a=a: ([0-9]+)", "--seed", "3",
            "--set", "max_runtime_in_seconds=60", "--set", "note=two words", data: [data])
        #expect(trained.code == 0, "\(trained.errors)")
        let again = try Program.run("runs", "reproduce", "first", "--workspace", workspace)
        #expect(again.code == 0 && again.output.contains("and the model"), "\(again.output) \(again.errors)")
        #expect(try Program.run("runs", "fork", "first", "--quiet", "--workspace", workspace).code == 0)
        func request(_ run: String) throws -> JobRequest {
            let text = FileContents.text(try artifacts(run) + "/run.json") ?? ""
            let json = try #require(try JSONValue(parsing: text)["record"]?["request"])
            var request = try #require(JobRequest(json: json))
            request.name = nil
            return request
        }
        #expect(try request("first").validationSplit == 0.25 && request("first").hyperparameters["note"] == "two words")
        #expect(try request("first-again") == request("first") && request("first-fork") == request("first"))
        // A model that differs is one, and what lies below the run's folder is listed.
        try AtomicFile.write(Array(("echo 'a: 1, step'; echo other > $SM_MODEL_DIR/weights").utf8), to: script)
        let other = try Program.run("runs", "reproduce", "first", "--anyway", "--workspace", workspace)
        #expect(other.code == 1 && other.output.contains("the model's bytes differ"), "\(other.output) \(other.errors)")
        let files = try Program.run(
            "frame", "run", "--run", "first", "--keys", "right right right right", "--workspace", workspace
        ).output
        #expect(files.contains("ml/model/more/text") && files.contains("ml/code/again.sh"), "\(files)")
        let shown = try Program.run("runs", "show", "first", "--workspace", workspace).output
        #expect(shown.contains("steps 1  2  3  …  18  19  20  (20)"), "\(shown)")
        let json = try Program.run("runs", "show", "first", "--json", "--workspace", workspace).json().first
        #expect(json?["checkpoints"]?.array?.count == 20)
    }

    @Test func whyScriptsModelsAreNotComparedIsSaidOnce() throws {
        let script = try scratch.write("echo loss: 1", as: "one.sh")
        for name in ["a", "b", "c"] { #expect(try train(script, "--name", name).code == 0) }
        let compared = try Program.run("runs", "compare", "a", "b", "c", "--workspace", workspace)
        let said = compared.output + compared.errors
        #expect(said.ranges(of: "only the script").count == 1, "\(said)")
    }
}
