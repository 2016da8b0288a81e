import Events
import Experiments
import Glibc
import Hosting
import TemporaryFolders
import Testing

/// A host that is killed at drawn moments with its queue full: nothing is lost, nothing is trained twice, and every run ends where an
/// undisturbed one ends. A few deaths here, two hundred by `make torture`.
@Suite struct HostTortureTests {
    private static let deaths = getenv("DESCENT_KILLS").flatMap { Int(String(cString: $0)) }.map { $0 * 2 } ?? 6

    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private struct Kind {
        var name: String
        var words: [String]
    }

    private static let kinds = [
        Kind(
            name: "linear",
            words: [
                Program.sample("insurance"), "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=12",
                "--set",
                "early_stopping_patience=off",
            ]),
        Kind(
            name: "network",
            words: [
                Program.sample("iris"), "--target", "species", "--algorithm", "neural-network", "--set", "epochs=40", "--set",
                "early_stopping_patience=off",
            ]),
    ]

    @Test func aHostKilledAtAnyMomentLosesNothingAndDoublesNothing() throws {
        let store = try RunStore(Workspace(path: workspace))
        for kind in Self.kinds {
            let ended = try Program.run(["train"] + kind.words + ["--name", kind.name, "--quiet", "--workspace", workspace])
            try #require(ended.code == 0, "\(ended.errors)")
        }
        var random = SystemRandomNumberGenerator()
        var deaths = 0, round = 0, names: [(name: String, kind: String)] = []
        while deaths < Self.deaths {
            // A few at a time, so that there is always something to lose.
            round += 1
            var first: String?
            for (number, kind) in (Self.kinds + Self.kinds).enumerated() {
                let name = "\(kind.name)-\(round)-\(number)", steps = try store.run(named: kind.name).step
                let after = number == 3 ? first.map { ["--after", $0] } ?? [] : []
                let given = try Program.run(
                    ["train"] + kind.words
                        + ["--name", name, "--detach", "--quiet", "--pace", "\(max(1, steps / 3))", "--workspace", workspace]
                        + after)
                try #require(given.code == 0, "\(given.errors)")
                first = first ?? name
                names.append((name, kind.name))
            }
            var host: Running?
            let killsHere = Int.random(in: 3...6, using: &random)
            for _ in 0..<killsHere where try !store.queue().isEmpty {
                usleep(UInt32.random(in: 0...900_000, using: &random))
                if let holder = HostLock.holder(workspace), holder.processID > 0 {
                    kill(holder.processID, SIGKILL)
                    deaths += 1
                }
                // One that was not the host yet when it was looked for.
                if let host { kill(host.process, SIGKILL) }
                _ = host?.finish()
                host = try Running(["serve", "--quiet", "--workspace", workspace])
            }
            for _ in 0..<6_000 where try !store.queue().isEmpty { usleep(10_000) }
            #expect(try store.queue().isEmpty, "round \(round)")
            _ = try Program.run("serve", "stop", "--workspace", workspace)
            _ = host?.finish()
        }
        for (name, kind) in names {
            let run = try store.run(named: name)
            #expect(run.status == .completed, "\(name): \(run.status) \(run.reason)")
            let ends = try store.events(of: run.record.id, kinds: [.jobFinished])
            #expect(ends.count == 1, "\(name)")
            let whole = try store.run(named: kind).record.id
            for metric in try store.metrics(of: whole) where !metric.isSystem {
                let here = try store.points(run: run.record.id, metric: metric)
                let there = try store.points(run: whole, metric: metric)
                #expect(here.map(\.step) == there.map(\.step), "\(name) \(metric)")
                #expect(here.map(\.value.bitPattern) == there.map(\.value.bitPattern), "\(name) \(metric)")
            }
        }
        #expect(try store.runs().count == names.count + Self.kinds.count)
        print("host killed \(deaths) times over \(names.count) jobs")
    }
}
