import Clocks
import Databases
import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Experiments
@testable import Learners

/// Runs of every algorithm with drawn settings, killed at a drawn moment, resumed, perhaps killed again: whatever the moment,
/// the workspace is whole and the run ends where an undisturbed one ends. A few here, a hundred by `make torture`.
@Suite struct TortureTests {
    private static let isLong = getenv("DESCENT_KILLS") != nil
    private static let count = getenv("DESCENT_KILLS").flatMap { Int(String(cString: $0)) } ?? 5
    /// XGBoost's library, where it is installed: the programs here have no home to look in.
    private static let library = XGBoostLibrary.candidates().first { access($0, R_OK) == 0 }
    private static let algorithms = ["linear-learner", "neural-network", "kmeans"] + (library == nil ? [] : ["xgboost"])
    private static let variables = library.map { ["DESCENT_XGBOOST=\($0)"] } ?? []

    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    @Test(arguments: 0..<count)
    func aRunKilledAtAnyMomentEndsWhereAnUndisturbedOneEnds(number: Int) throws {
        var random = Draw(number)
        let algorithm = Self.algorithms[number % Self.algorithms.count]
        let settings = Self.settings(algorithm, &random)
        let arguments = try trainArguments(algorithm, settings, &random)
        let memory = "DESCENT_MEMORY=\(random.pick(["1M", "3M", "200M"]))"
        let whole = try Running(arguments + ["--name", "whole"], variables: Self.variables + [memory]).finish()
        try #require(whole.code == 0, "\(settings): \(whole.errors)")
        let steps = try curve("whole", "train:loss").count
        // Slowed down to two or three seconds, so that there are checkpoints on the way.
        let killed = arguments + ["--name", "killed", "--pace", String(max(1, Double(steps) / random.number(2...3)))]
        var deaths = 0, places: [Int] = [], faults: [String] = []
        let edits = ConcurrentEdits(workspace: workspace)
        var command = killed
        while true {
            // Whoever goes on with it finds other memory.
            let hasBegun = places.last.map { $0 > 0 } ?? false
            let found = hasBegun ? "DESCENT_MEMORY=\(random.pick(["1M", "3M", "200M"]))" : memory
            // Once the disk may be full, as far as the program can see.
            let isLimited = hasBegun && !faults.contains("full disk") && random.pick([true, false, false, false])
            if isLimited { faults.append("full disk") }
            let limit = isLimited ? "-f \(try largestFile() / 512 + Int(random.number(20...400)))" : ""
            let running = try Running(command, variables: Self.variables + [found], limits: limit)
            // Others say something about both runs all the while.
            try edits.start(["whole", "killed"])
            if deaths < 3 { running.kill(after: random.number(0...(deaths == 0 ? 3.5 : 0.6))) }
            let ended = running.finish()
            let context: Comment = "\(number): \(algorithm) \(settings), death \(deaths), \(ended.errors)"
            try checkIntegrity(context)
            if ended.code == 0 { break }
            // Nothing begins anew without a word: whoever wants that says so.
            if ended.errors.contains("no earlier checkpoint is whole: delete them") {
                try removeCheckpoints(of: try run("killed"))
                continue
            }
            try #require(ended.code == -SIGKILL || isLimited && ended.code == 1, context)
            deaths += 1
            places.append(try curve("killed", "train:loss").count)
            let isThere = try RunStore(Workspace(path: workspace)).runs().contains { $0.record.name == "killed" }
            #expect(isThere || !ended.output.contains("\"runRegistered\""), context)
            command = killed
            if isThere {
                // What was told as finished is finished.
                let run = try run("killed")
                #expect(run.status.isFinal, context)
                if run.status == .completed { break }
                #expect(isLimited || !ended.output.contains("jobFinished"), context)
                if random.pick([true, false, false]), try damageNewestCheckpoint(of: run, &random) { faults.append("damage") }
                command = ["runs", "resume", "killed", "--json", "--workspace", workspace]
            }
        }
        for (name, tags) in edits.finish() {
            #expect(tags.subtracting(try run(name).tags).isEmpty, "\(number): tags of \(name) that were acknowledged are gone")
        }
        try compare("\(number): \(algorithm) \(settings), killed at \(places), \(faults)")
        if Self.isLong {
            print(
                "\(number): \(algorithm), \(steps) steps, killed at \(places), \(faults), \(arguments.dropFirst(8).joined(separator: " "))"
            )
        }
    }

    /// Bytes of the workspace's database or its log, whichever is larger.
    private func largestFile() throws -> Int {
        ["", "-wal"].map { end in
            var status = stat()
            return stat(workspace + "/descent.sqlite" + end, &status) == 0 ? Int(status.st_size) : 0
        }.max() ?? 0
    }

    private func removeCheckpoints(of run: RunSummary) throws {
        let folder = workspace + "/artifacts/" + run.record.id.text
        let shown = try Program.run("runs", "show", run.record.id.text, "--workspace", workspace)
        #expect(shown.output.contains("is damaged"), "\(shown.output)")
        for step in 0..<2_000 { unlink(folder + "/checkpoint-\(step)") }
    }

    /// Flips a bit of a run's newest checkpoint, or cuts it off: whoever goes on must see that and take the one before.
    private func damageNewestCheckpoint(of run: RunSummary, _ random: inout Draw) throws -> Bool {
        let folder = "workspace/artifacts/\(run.record.id.text)/"
        let steps = try #require(
            try Program.run("runs", "show", run.record.id.text, "--json", "--workspace", workspace).json().first)["checkpoints"]
        guard let step = steps?.array?.compactMap(\.integer).max() else { return false }
        let path = scratch.path + "/" + folder + "checkpoint-\(step)"
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > 0 else { return false }
        let place = Int(random.number(0...Double(status.st_size - 1)))
        if random.pick([true, false]) { return truncate(path, off_t(place)) == 0 }
        let file = open(path, O_RDWR)
        defer { close(file) }
        var byte: UInt8 = 0
        guard pread(file, &byte, 1, off_t(place)) == 1 else { return false }
        byte ^= 1 << UInt8(random.number(0...7))
        return pwrite(file, &byte, 1, off_t(place)) == 1
    }

    private func checkIntegrity(_ context: Comment) throws {
        guard access(workspace + "/descent.sqlite", F_OK) == 0 else { return }
        // Opening it is also what the next command does after the crash.
        _ = try RunStore(Workspace(path: workspace))
        let database = try Database(path: workspace + "/descent.sqlite")
        #expect(try database.rows("PRAGMA integrity_check") { $0.text(0) } == ["ok"], context)
        #expect(try database.rows("PRAGMA foreign_key_check") { $0.text(0) }.isEmpty, context)
        let steps = try curve("killed", "train:loss").map(\.step)
        #expect(steps == Array(1..<(steps.count + 1)), context)
    }

    private func compare(_ context: Comment) throws {
        let database = try Database(path: workspace + "/descent.sqlite")
        let (whole, killed) = (try run("whole"), try run("killed"))
        let names = try [whole, killed].map { run in
            // What it cost is another matter every time.
            Set(try database.rows("SELECT name FROM metrics WHERE run = ?", [.text(run.record.id.text)]) { $0.text(0) })
                .filter { !MetricName($0).isSystem }
        }
        #expect(names[0] == names[1], context)
        for name in names[0] {
            let (expected, found) = (try curve("whole", name), try curve("killed", name))
            #expect(found.map(\.step) == expected.map(\.step), "\(name), \(context)")
            #expect(found.map(\.value.bitPattern) == expected.map(\.value.bitPattern), "\(name), \(context)")
        }
        #expect(killed.status == .completed, context)
        #expect(killed.reason == whole.reason, context)
        #expect(killed.bestStep == whole.bestStep, context)
        #expect(killed.lastMetrics == whole.lastMetrics, context)
        #expect(killed.record.hyperparameters == whole.record.hyperparameters, context)
        let models = try [whole, killed].map { try scratch.read("workspace/artifacts/\($0.record.id.text)/model.json") }
        #expect(!models[0].isEmpty)
        #expect(models[0] == models[1], context)
    }

    private func run(_ name: String) throws -> RunSummary { try RunStore(Workspace(path: workspace)).run(named: name) }

    private func curve(_ name: String, _ metric: String) throws -> [MetricPoint] {
        let store = try RunStore(Workspace(path: workspace))
        guard let run = try store.runs().first(where: { $0.record.name == name }) else { return [] }
        return try store.points(run: run.record.id, metric: MetricName(metric))
    }

    private func trainArguments(_ algorithm: String, _ settings: [String: String], _ random: inout Draw) throws -> [String] {
        var text = "a,b,c,colour,weight,label\n"
        let classes = random.pick([2, 3])
        for _ in 0..<400 {
            let (a, b, c) = (random.number(0...1), random.number(0...1), random.number(0...1))
            let colour = random.pick(["red", "green", "blue", ""])
            let label = min(classes - 1, Int((a + b * 0.5 + c * c) * 0.8 * Double(classes)))
            text += "\(a),\(b),\(c),\(colour),\(1 + a),class\(label)\n"
        }
        let path = try scratch.write(text, as: "data.csv")
        var extras = algorithm == "kmeans" ? [] : ["--target", "label"]
        if settings["streaming"] != "true" {
            if algorithm != "kmeans", random.pick([true, false]) { extras += ["--weight", "weight"] }
            if random.pick([true, false, false]) { extras += ["--prepare", random.pick(["pca=2", "kmeans=4,pca=3"])] }
        }
        return [
            "train", path, "--algorithm", algorithm, "--json", "--workspace", workspace, "--seed", String(random.pick([0, 7])),
        ]
            + extras + settings.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
    }

    private static func settings(_ algorithm: String, _ random: inout Draw) -> [String: String] {
        var settings: [String: String] =
            switch algorithm {
            case "linear-learner":
                [
                    "optimizer": random.pick(["adam", "sgd", "rmsprop", "lbfgs"]), "epochs": random.pick(["20", "60"]),
                    "mini_batch_size": random.pick(["8", "64"]), "wd": random.pick(["auto", "0.01"]),
                    "num_models": random.pick(["1", "3"]), "shuffle": random.pick(["true", "false"]),
                ]
            case "neural-network":
                [
                    "hidden_layers": random.pick(["4", "8,4"]), "epochs": random.pick(["15", "30"]),
                    "mini_batch_size": random.pick(["16", "64"]), "dropout": random.pick(["0", "0.2"]),
                    "optimizer": random.pick(["adam", "sgd"]),
                ]
            case "xgboost":
                [
                    "num_round": random.pick(["20", "80"]), "max_depth": random.pick(["2", "4"]),
                    "subsample": random.pick(["1", "0.5"]), "booster": random.pick(["gbtree", "dart"]),
                    "rate_drop": random.pick(["0", "0.3"]),
                ]
            default: ["k": random.pick(["2", "5"]), "epochs": random.pick(["10", "40"]), "mini_batch_size": "40"]
            }
        if settings["optimizer"] == "lbfgs" { settings["num_models"] = "1" }
        if algorithm == "linear-learner", settings["optimizer"] != "lbfgs", random.pick([true, false]) {
            settings["streaming"] = "true"
            settings["shuffle_buffer_rows"] = random.pick(["40", "1000", "auto"])
        }
        if algorithm != "kmeans" {
            settings["objective_metric"] = random.pick(["auto", "accuracy", "train:f1"])
            settings["early_stopping_patience"] = random.pick(["off", "5"])
        }
        return settings
    }
}

/// Processes that tag runs while these train, die and are resumed: a tag that was acknowledged stays.
private final class ConcurrentEdits {
    private let workspace: String
    private var running: [(name: String, tag: String, program: Running)] = []

    init(workspace: String) { self.workspace = workspace }

    func start(_ names: [String]) throws {
        for name in names {
            for _ in 0..<2 {
                let tag = "t\(running.count)"
                running.append((name, tag, try Running(["runs", "tag", name, tag, "--workspace", workspace])))
            }
        }
    }

    /// Waits for all; returns the tags that were acknowledged, by run.
    func finish() -> [String: Set<String>] {
        var kept: [String: Set<String>] = [:]
        // A run that is not registered yet cannot be tagged, which is said.
        for (name, tag, program) in running where program.finish().code == 0 { kept[name, default: []].insert(tag) }
        return kept
    }
}

extension Running {
    /// Kills the program at a moment that nobody chose; waiting for that moment is the point here.
    func kill(after seconds: Double) {
        let deadline = SteadyClock.nanoseconds() + UInt64(seconds * 1e9)
        while SteadyClock.nanoseconds() < deadline { usleep(500) }
        _ = Glibc.kill(process, SIGKILL)
    }
}

/// Seeded draws.
struct Draw {
    private var state: UInt64

    init(_ seed: Int) { state = 0x9E37_79B9_7F4A_7C15 &* UInt64(seed + 1) }

    mutating func number(_ range: ClosedRange<Double>) -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return range.lowerBound + (range.upperBound - range.lowerBound) * Double(state >> 11) / Double(1 << 53)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[min(elements.count - 1, Int(number(0...1) * Double(elements.count)))]
    }
}
