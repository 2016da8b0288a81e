import Glibc
import JSON
import TemporaryFolders
import Testing

/// `descent tune --engine spark`: trials as tasks of a stand-in for the cluster, each the real program in a process of its own.
@Suite(.serialized, .enabled(if: access("/usr/bin/python3", X_OK) == 0, "there is no python3"))
struct TuneOnClusterTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws {
        scratch = try TemporaryFolder()
        let engine = "data/descent/engines/spark"
        for folder in ["data", "data/descent", "data/descent/engines", engine, engine + "/bin", "java", "java/bin"] {
            mkdir(scratch.path + "/" + folder, 0o755)
        }
        let driver = try scratch.write(ClusterStandIn.driver, as: "driver.py")
        try write("#!/bin/sh\nexec /usr/bin/python3 \(driver) \(Program.root)/python\n", as: engine + "/bin/python")
        try write("#!/bin/sh\necho 'openjdk version \"17.0.1\" 2021-10-19' >&2\n", as: "java/bin/java")
        _ = try scratch.write(#"{"packages": {"pyspark": "4.3.0"}}"#, as: engine + "/descent-engine.json")
    }

    private func write(_ text: String, as name: String) throws { chmod(try scratch.write(text, as: name), 0o755) }

    private func start(_ words: [String], variables: [String] = []) throws -> Running {
        try Running(
            words + ["--workspace", workspace],
            variables: ["XDG_DATA_HOME=\(scratch.path)/data", "JAVA_HOME=\(scratch.path)/java"] + variables)
    }

    private func tune(
        _ name: String, epochs: Int = 30, _ more: [String], variables: [String] = []
    ) throws -> Running {
        let words = [
            "tune", Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--objective",
            "validation:rmse", "--range", "learning_rate=log:1e-3:0.1", "--strategy", "random", "--max-jobs", "4", "--confirm",
            "0",
            "--set", "epochs=\(epochs)", "--set", "early_stopping_patience=off", "--name", name, "--json",
        ]
        return try start(words + more, variables: variables)
    }

    /// What each trial tried and how good it was, by its number.
    private func trials(_ name: String) throws -> [Int: String] {
        let shown = try Program.run("tune", "show", name, "--json", "--workspace", workspace).json()
        let pairs = shown.compactMap { line -> (Int, String)? in
            guard let number = line["trial"]?.integer, let status = line["status"]?.string else { return nil }
            return (number, "\(status) \(line["hyperparameters"]?.text ?? "") \(line["value"]?.text ?? "")")
        }
        return Dictionary(pairs) { first, second in "\(first), and again \(second)" }
    }

    /// Processes of this test's tasks.
    private func tasks() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name), text("/proc/\(name)/cmdline").contains("--trial-task"),
                text("/proc/\(name)/environ").contains("JAVA_HOME=\(scratch.path)/java")
            else { continue }
            found.append(process)
        }
        return found
    }

    private func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count).map { $0 == 0 ? 0x0A : $0 }, as: UTF8.self)
    }

    /// Waits until a trial has done so many steps.
    private func wait(for step: Int, of running: Running) throws {
        for _ in 0..<3000 {
            if running.output.contains("\"kind\":\"metricsRecorded\"") {
                let steps = running.output.split(separator: "\n").compactMap { line -> Int? in
                    guard line.contains("\"kind\":\"metricsRecorded\""), let json = try? JSONValue(parsing: String(line)) else {
                        return nil
                    }
                    return json["step"]?.integer
                }
                if steps.contains(where: { $0 >= step }) { return }
            }
            usleep(20_000)
        }
        Issue.record("no trial came to step \(step): \(running.errors)")
    }

    private func waitUntilNoTaskIsLeft() {
        for _ in 0..<500 where !tasks().isEmpty { usleep(20_000) }
        #expect(tasks().isEmpty)
    }

    @Test func `trials on a cluster are the ones of this machine, told live and kept here`() throws {
        let here = try tune("here", []).finish()
        try #require(here.code == 0, "\(here.errors)")
        let away = try tune("away", ["--engine", "spark", "--master", "local[2]"]).finish()
        try #require(away.code == 0, "\(away.errors)")
        #expect(try trials("away") == trials("here"))
        #expect(try trials("away").count == 4)
        let events = try away.json()
        let curves = events.filter { $0["kind"]?.string == "metricsRecorded" && $0["metrics"]?["validation:rmse"] != nil }
        #expect(Set(curves.compactMap { $0["run"]?.string }).count == 4)
        #expect(curves.count >= 4 * 30)
        // The best is a model like any other.
        let best = try Program.run("tune", "best", "away", "--json", "--workspace", workspace)
        let run = try #require(try best.json().first?["run"]?.string)
        let predicted = try Program.run("predict", run, Program.sample("insurance"), "--workspace", workspace)
        #expect(predicted.code == 0 && predicted.lines.count > 1000, "\(predicted.errors)")
        waitUntilNoTaskIsLeft()
    }

    @Test func `a trial whose task is lost is tried again, and says nothing twice`() throws {
        let here = try tune("here", epochs: 400, []).finish()
        try #require(here.code == 0, "\(here.errors)")
        let away = try tune("lost", epochs: 400, ["--engine", "spark", "--master", "local[2]"])
        try wait(for: 5, of: away)
        for process in tasks() { kill(process, SIGKILL) }
        let ended = away.finish()
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.output.contains("its task was lost at step"))
        #expect(try trials("lost") == trials("here"))
        var last: [String: Int] = [:]
        for line in try ended.json() where line["kind"]?.string == "metricsRecorded" && line["metrics"]?["train:loss"] != nil {
            let run = line["run"]?.string ?? "", step = line["step"]?.integer ?? -1
            #expect(step > last[run] ?? -1)
            last[run] = step
        }
    }

    @Test func `a search that was killed takes its tasks with it, and goes on without a trial lost or run twice`() throws {
        let here = try tune("here", epochs: 400, []).finish()
        try #require(here.code == 0, "\(here.errors)")
        let away = try tune("gone", epochs: 400, ["--engine", "spark", "--master", "local[2]"])
        try wait(for: 5, of: away)
        kill(away.process, SIGKILL)
        _ = away.finish()
        waitUntilNoTaskIsLeft()
        let resumed = try start(["tune", "resume", "gone", "--json"]).finish()
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try trials("gone") == trials("here"))
        let runs = try Program.run("runs", "search", "tuning = gone", "--json", "--workspace", workspace).json()
        #expect(runs.count == 4)
        waitUntilNoTaskIsLeft()
    }

    @Test func `a search that is interrupted stops its tasks after a checkpoint`() throws {
        let away = try tune("stopped", epochs: 100000, ["--engine", "spark", "--master", "local[2]"])
        try wait(for: 5, of: away)
        kill(away.process, SIGINT)
        let ended = away.finish()
        #expect(ended.code == 130, "\(ended.errors)")
        waitUntilNoTaskIsLeft()
        let runs = try Program.run("runs", "search", "tuning = stopped", "--json", "--workspace", workspace).json()
        #expect(
            runs.contains { $0["status"]?.string == "Stopped" && $0["step"]?.integer ?? 0 > 0 }, "\(ended.output.suffix(500))")
    }

    @Test func `executors that have no program are told plainly`() throws {
        let refused = try tune("none", ["--engine", "spark", "--master", "local[2]"], variables: ["DESCENT_TEST_NO_PROGRAM=1"])
            .finish()
        #expect(refused.code == 1)
        #expect(
            refused.errors.contains("has no /nowhere/descent: trials run where this program and its workspace are"),
            "\(refused.errors)")
    }
}
