import Databases
import Events
import Experiments
import Glibc
import Hosting
import PseudoTerminals
import TemporaryFolders
import Testing

/// The studio on workspaces of other machines: the real binary at both ends of a pipe, with a poor line in between.
@Suite(.serialized) struct AttachTests {
    let scratch: TemporaryFolder
    var far: String { scratch.path + "/far" }
    var farStore: RunStore { get throws { try RunStore(Workspace(path: far)) } }

    init() throws { scratch = try TemporaryFolder() }

    static let long = [
        "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=100000", "--set", "early_stopping_patience=off",
    ]

    /// A line that is slow, carries little while there is a file `thin`, can be held up, and breaks: `hold` and `cut` are files that
    /// somebody makes.
    private static let relay = """
        import os, subprocess, sys, threading, time
        folder, delay, command = sys.argv[1], float(sys.argv[2]), sys.argv[3]
        if os.path.exists(folder + "/down"): sys.exit("no route to host")
        far = subprocess.Popen(["/bin/sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        def carry(source, sink):
            while True:
                thin = os.path.exists(folder + "/thin")
                piece = os.read(source, 1000 if thin else 65536)
                if not piece: break
                time.sleep(0.05 if thin else delay)
                while os.path.exists(folder + "/hold"): time.sleep(0.02)
                try:
                    while piece: piece = piece[os.write(sink, piece):]
                except OSError: break
            os._exit(0)
        threading.Thread(target=carry, args=(0, far.stdin.fileno()), daemon=True).start()
        threading.Thread(target=carry, args=(far.stdout.fileno(), 1), daemon=True).start()
        while not os.path.exists(folder + "/cut"): time.sleep(0.02)
        far.kill()
        os._exit(1)
        """

    /// The words of a place behind such a line.
    private func place(_ workspace: String, delay: Double = 0) throws -> String {
        let file = try scratch.write(Self.relay, as: "relay.py")
        return "exec:python3 \(file) \(scratch.path) \(delay) '\(Program.path) attach --stdio --workspace \(workspace)'"
    }

    private func touch(_ name: String) throws { try scratch.write("", as: name) }
    private func remove(_ name: String) { unlink(scratch.path + "/" + name) }

    private func studio(_ words: [String], width: Int = 120, height: Int = 40) throws -> PseudoTerminal {
        try PseudoTerminal(
            Program.path, ["attach"] + words, width: width, height: height,
            environment: [
                "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path, "PATH": "/usr/local/bin:/usr/bin:/bin",
            ], directory: scratch.path)
    }

    private func wait(_ screen: PseudoTerminal? = nil, _ what: String = "", until isSo: () throws -> Bool) throws {
        for _ in 0..<3_000 {
            if try isSo() { return }
            if let screen { screen.pump(milliseconds: 10) } else { usleep(10_000) }
        }
        Issue.record("it did not come: \(what)\n\(screen.map { $0.shown } ?? "")")
    }

    /// The mirror that a studio made.
    private func mirror() throws -> RunStore {
        let folder = scratch.path + "/.cache/descent/attached"
        let name = try #require(Program.names(in: folder).first)
        return try RunStore(Workspace(path: folder + "/" + name))
    }

    private func leave(_ screen: PseudoTerminal) throws {
        // Pages are left first; a key that comes while a long curve is drawn may be taken together with an Esc before it.
        var ending: PseudoTerminal.Ending?
        for turn in 0..<20 where ending == nil {
            screen.send(turn % 2 == 0 ? "\u{1B}" : "q")
            do { ending = try screen.waitForExit(milliseconds: 700) } catch {}
        }
        #expect(ending == .exited(0), "\(screen.shown)")
    }

    private func stopHost() throws {
        if HostLock.holder(far) != nil { _ = try Program.run("serve", "stop", "--workspace", far) }
    }

    private func trainLong(_ name: String) throws -> Running {
        try Running(["train", Program.sample("insurance"), "--name", name, "--pace", "100", "--workspace", far] + Self.long)
    }

    private func steps(_ store: RunStore, _ name: String) throws -> [Int] {
        guard let run = try store.runs().first(where: { $0.record.name == name }) else { return [] }
        return try store.points(run: run.record.id, metric: .trainLoss).map(\.step)
    }

    @Test func aRunThereIsShownLiveSteeredAndStoppedFromHere() throws {
        let training = try trainLong("long")
        try wait { (try? farStore.run(named: "long").step) ?? 0 > 20 }
        let screen = try studio([far])
        try screen.wait(forText: "running")
        // Its curve comes as it grows.
        try wait(screen, "the curve") { try steps(mirror(), "long").count > 100 }
        let known = try steps(mirror(), "long")
        #expect(known == Array(1..<(known.count + 1)))
        // Notes are written there.
        try screen.press("2N", shows: "Note")
        try screen.press("from here\r", shows: "from here")
        try wait(screen, "the note") { try farStore.run(named: "long").note == "from here" }
        // It is paused, goes on, and is stopped.
        screen.send("p")
        try wait(screen, "paused") { try farStore.run(named: "long").status == .paused }
        try screen.wait(forText: "paused")
        screen.send("p")
        try wait(screen, "resumed") { try farStore.run(named: "long").status == .inProgress }
        try screen.press("s", shows: "top")
        screen.send("s")
        screen.send("\r")
        try wait(screen, "stopped") { try farStore.run(named: "long").status == .stopped }
        try screen.wait(forText: "stopped")
        try leave(screen)
        #expect(training.finish().code == 0)
        // All of it is here.
        #expect(try mirror().run(named: "long").reason == .stoppedByUser)
    }

    @Test func aRunStartedFromHereIsTheHostsThereAndOutlivesTheConnection() throws {
        try Program.train(
            try scratch.writeLine(), "base", in: far)
        let screen = try studio([far])
        try screen.wait(forText: "base")
        try screen.press("2E", shows: "epochs")
        screen.send("\u{15}epochs=1000000 early_stopping_patience=off\r")
        try screen.wait(forText: "running")
        try wait(screen, "trained") { try farStore.run(named: "base").step > 100 }
        #expect(HostLock.holder(far) != nil)
        try leave(screen)
        let before = try farStore.run(named: "base").step
        try wait { try farStore.run(named: "base").step > before + 50 }
        try stopHost()
    }

    @Test func aBrokenConnectionComesBackWhereItWas() throws {
        let training = try trainLong("long")
        try wait { (try? farStore.run(named: "long").step) ?? 0 > 20 }
        let screen = try studio([try place(far, delay: 0.2), "--name", "gpu1"])
        try screen.wait(forText: "running")
        try wait(screen, "the curve") { try steps(mirror(), "long").count > 20 }
        try touch("down")
        try touch("cut")
        try screen.wait(forText: "stale")
        try screen.wait(forText: "gpu1: no connection since")
        try screen.wait(forText: "next try in")
        // Nothing is queued silently.
        try screen.press("2p", shows: "cannot be reached")
        let seen = try steps(mirror(), "long").count
        try wait(screen, "it goes on there") { try farStore.run(named: "long").step > seen + 100 }
        remove("down")
        remove("cut")
        try screen.wait(forText: "running")
        try wait(screen, "the rest") { try steps(mirror(), "long").count > seen + 100 }
        // Cut now and then, it is whole in the end.
        for _ in 0..<2 {
            try touch("cut")
            try screen.wait(forText: "stale")
            remove("cut")
            try screen.wait(forText: "running")
        }
        #expect(try Program.run("runs", "stop", "long", "--workspace", far).code == 0)
        #expect(training.finish().code == 0)
        try wait(screen, "the end") { try steps(mirror(), "long") == steps(farStore, "long") }
        try leave(screen)
    }

    @Test func aLongCurveIsSeenBeforeItsPointsHaveCome() throws {
        try Program.train(
            try scratch.writeLine(), "long", in: far,
            epochs: 1000, more: ["--set", "mini_batch_size=1", "--set", "early_stopping_patience=off"])
        let whole = try steps(farStore, "long")
        #expect(whole.count > 20_000)
        try touch("thin")
        let screen = try studio([try place(far), "--name", "gpu1"])
        // Of some 20 kB a second.
        try screen.wait(forText: "merged: ")
        #expect(try steps(mirror(), "long").count < whole.count / 2)
        // The page says it too, and what comes meanwhile takes the outline's place.
        try screen.press("2\r", shows: "merged: ")
        remove("thin")
        try screen.wait(for: "all of it") { !$0.contains("merged: ") }
        try wait(screen, "all of it") { try steps(mirror(), "long") == whole }
        try leave(screen)
    }

    @Test func keysAreAnsweredWhileTheLineIsHeldUp() throws {
        let training = try trainLong("long")
        try Program.train(
            try scratch.writeLine(), "base", in: far)
        let screen = try studio([try place(far, delay: 0.2), "--name", "gpu1"])
        try screen.wait(forText: "running")
        try screen.wait(forText: "base")
        try touch("hold")
        var slowest = 0.0
        for key in ["2j", "k", "j", "k", "\r", "\u{1B}", "3", "2", "?", "\u{1B}"] {
            let before = screen.shown
            let start = Self.now()
            screen.send(key)
            while screen.shown == before, Self.now() - start < 5 { screen.pump(milliseconds: 1) }
            slowest = max(slowest, Self.now() - start)
        }
        // A debug build on a busy machine; the line alone would take for ever.
        #expect(slowest < 4, "\(slowest) s")
        remove("hold")
        #expect(try Program.run("runs", "stop", "long", "--workspace", far).code == 0)
        try screen.wait(forText: "stopped")
        try leave(screen)
        #expect(training.finish().code == 0)
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    @Test func twoPlacesWithTheSameRunAreToldApart() throws {
        try Program.train(
            try scratch.writeLine(), "base", in: far)
        let other = scratch.path + "/other"
        #expect(try Program.run("runs", "copy", "base", "--to", other, "--workspace", far).code == 0)
        let screen = try studio([far, other, "--name", "gpu1", "--name", "gpu2"])
        try screen.wait(forText: "base@gpu")
        try screen.wait(forText: "where")
        // What is said of one is said there alone.
        try screen.press("2/", shows: "/")
        screen.send("where = gpu2\r")
        try screen.waitForIdle()
        try screen.press("N", shows: "Note")
        screen.send("only there\r")
        try wait(screen, "the note") { try RunStore(Workspace(path: other)).run(named: "base").note == "only there" }
        #expect(try farStore.run(named: "base").note.isEmpty)
        try leave(screen)
        let found = try Program.run("runs", "search", "where = gpu1", "--json", "--workspace", mirror().workspace.path)
        #expect(try found.json().count == 1, "\(found.output)\(found.errors)")
    }

    @Test func whatCannotBeReachedIsToldAtOnceAndBeforeTheScreen() throws {
        for (place, words) in [
            ("exec:exit 127", "install it there"), ("exec:echo hello; cat >/dev/null & sleep 0.1", "it ended"),
            ("exec:echo no such host >&2; exit 255", "no such host"),
            ("exec:echo 'descent-attach {\"protocol\":9,\"version\":\"9.9\",\"workspace\":\"\"}'; cat", "version 9"),
            ("exec:yes", "no `descent attach"), ("ssh://-oProxyCommand=x", "begins with a letter"),
        ] {
            let screen = try studio([place])
            let ending = try screen.waitForExit()
            #expect(ending == .exited(1) || ending == .exited(2), "\(place): \(ending)")
            #expect(screen.shown.replacing("\n", with: "").contains(words), "\(place): \(screen.shown)")
        }
        let asked = try Program.run("attach", far)
        #expect(asked.code == 1 && asked.errors.contains("needs a terminal"))
        #expect(try Program.run("attach").code == 2)
    }

    @Test func aPlaceThatIsAwayIsShownAsItWasLast() throws {
        try Program.train(
            try scratch.writeLine(), "base", in: far)
        let words = [try place(far), "--name", "gpu1"]
        let first = try studio(words)
        try first.wait(forText: "base")
        try leave(first)
        try touch("down")
        let second = try studio(words)
        try second.wait(forText: "base")
        try second.wait(forText: "gpu1: no connection")
        remove("down")
        try wait(second, "it is back") { !second.shown.contains("no connection") }
        try leave(second)
    }

    @Test func aRunIsForkedFromHereAndWhatItsFilesTellIsShown() throws {
        try Program.train(
            try scratch.writeLine(), "base", in: far)
        let script = try scratch.write("echo hello from there; echo 'loss: 0.5'\n", as: "s.sh")
        let ran = try Program.run(
            "train", "--algorithm", "script", "--script", script, "--name", "script", "--quiet", "--workspace", far)
        #expect(ran.code == 0, "\(ran.errors)")
        let screen = try studio([far])
        try screen.wait(forText: "script")
        try screen.press("2O", shows: "hello from there")
        screen.send("\u{1B}")
        try screen.waitForIdle()
        // The older one; its checkpoints are there.
        try screen.press("jF", shows: "newest")
        screen.send("\r")
        try wait(screen, "the fork") { try farStore.runs().contains { $0.record.fork != nil && $0.status == .completed } }
        try screen.wait(forText: "base-fork")
        try leave(screen)
        try stopHost()
    }

    @Test func aHostileMachinesTextIsHarmless() throws {
        // A far end that says what it likes: names that would act on a terminal, paths, numbers, and noise.
        let program = try scratch.write(
            #"""
            import json, sys, time
            def say(line): sys.stdout.write(line + "\n"); sys.stdout.flush()
            evil = "\x1b]0;owned\x07\x1b[2J\x9bevil\u202e"
            say(evil)
            say("descent-attach " + json.dumps({"protocol": 2, "version": evil, "workspace": "../" + evil}))
            def run(id, name, step):
                return json.dumps({"news": "run", "summary": {"run": id, "status": "InProgress", "step": step, "note": evil,
                    "tags": [evil], "record": {"name": name, "experiment": evil, "algorithm": evil, "hyperparameters": {evil: evil},
                    "request": {"datasetPath": "/" + evil, "algorithm": evil, "hyperparameters": {}, "validationSplit": 1e308,
                    "experiment": evil, "seed": "1"}, "objective": {"metric": evil, "minimises": True}, "seed": "1",
                    "dataFingerprint": evil, "version": evil, "createdAt": -1e300, "processID": 1}}})
            say(run("good", evil + "name", 5)); say(run("../../up", "up", 5)); say(run("big", "big", 9223372036854775807))
            say('{"news":"points","run":"good","metric":"train:loss","from":0,"data":"!!!"}')
            say(json.dumps({"fact": {"v": 1, "seq": 1, "time": "2026-01-01T00:00:00Z", "kind": "commandFailed", "message": evil}}))
            say('{"news":"upTo","change":3}')
            while True: say('{"alive":true}'); time.sleep(1)
            """#, as: "evil.py")
        let screen = try studio(["exec:python3 \(program)", "--name", "bad"])
        try screen.wait(forText: "evil")
        screen.send("2\r")
        try screen.wait(forText: "overview")
        #expect(!screen.shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        try leave(screen)
        #expect(try mirror().runs().map(\.record.id.text) == ["good"])
        #expect(Program.names(in: scratch.path + "/.cache/descent").sorted() == ["attached"])
    }

    // MARK: - Copies

    @Test func aRunIsCopiedThereAndBackAndCanBeUsed() throws {
        let data = try scratch.writeLine()
        try Program.train(data, "base", in: far)
        let other = scratch.path + "/other", third = scratch.path + "/third"
        let copied = try Program.run("runs", "copy", "base", "--to", other, "--workspace", far)
        #expect(copied.code == 0 && copied.output.contains("copied base"), "\(copied.errors)")
        // Nothing is overwritten.
        let again = try Program.run("runs", "copy", "base", "--to", other, "--workspace", far)
        #expect(again.code == 1 && again.errors.contains("there already"), "\(again.errors)")
        let fetched = try Program.run("runs", "copy", "base", "--from", other, "--workspace", third)
        #expect(fetched.code == 0, "\(fetched.errors)")
        let original = try farStore, copy = try RunStore(Workspace(path: third))
        let id = try original.run(named: "base").record.id
        for metric in try original.metrics(of: id) {
            #expect(try copy.points(run: id, metric: metric) == original.points(run: id, metric: metric))
        }
        #expect(try copy.events(of: id).map(\.kind) == original.events(of: id).map(\.kind))
        let files = { (workspace: String) in try Program.run("runs", "show", "base", "--json", "--workspace", workspace).code }
        #expect(try files(third) == 0)
        // It predicts, and goes on.
        #expect(try Program.run("predict", "base", data, "--workspace", third).code == 0)
        let resumed = try Program.run("runs", "resume", "base", "--set", "epochs=4", "--quiet", "--workspace", third)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try Program.run("runs", "copy", "nobody", "--from", other, "--workspace", third).code == 1)
        #expect(try Program.run("runs", "copy", "base", "--workspace", third).code == 2)
    }

    @Test func aCopyThatIsCutLeavesNothing() throws {
        let data = try scratch.writeLine()
        try Program.train(data, "base", in: far)
        let here = scratch.path + "/here"
        // The line is cut before anything has come through.
        let copying = try Running(["runs", "copy", "base", "--from", try place(far, delay: 0.5), "--workspace", here])
        usleep(1_200_000)
        try touch("cut")
        let ended = copying.finish()
        #expect(ended.code == 1 && !ended.errors.isEmpty)
        #expect(try RunStore(Workspace(path: here)).count() == 0)
        #expect(Program.names(in: here + "/artifacts").isEmpty)
        remove("cut")
        #expect(try Program.run("runs", "copy", "base", "--from", far, "--workspace", here).code == 0)
    }
}

extension Program {
    /// What lies in a folder.
    static func names(in folder: String) -> [String] {
        guard let open = opendir(folder) else { return [] }
        defer { closedir(open) }
        var names: [String] = []
        while let entry = readdir(open) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension PseudoTerminal {
    /// All that stands on the screen.
    var shown: String { screen.lines.joined(separator: "\n") }
}
