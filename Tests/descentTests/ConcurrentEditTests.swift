import Events
import Experiments
import Glibc
import TemporaryFolders
import Testing

/// Many processes that change one run at once, each told that it succeeded: all of it is there.
@Suite struct ConcurrentEditTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func train(_ name: String) throws {
        let ended = try Program.run(
            "train", Program.sample("diabetes"), "--target", "progression", "--name", name, "--quiet", "--workspace", workspace,
            "--set", "epochs=2")
        try #require(ended.code == 0, "\(ended.errors)")
    }

    @Test func twentyProcessesThatTagARunAtOnceAllLeaveTheirTag() throws {
        try train("shared")
        let all = try (0..<20).map { try Running(["runs", "tag", "shared", "t\($0)", "--workspace", workspace]) }
        for running in all {
            let ended = running.finish()
            #expect(ended.code == 0, "\(ended.errors)")
        }
        let tags = try RunStore(Workspace(path: workspace)).run(named: "shared").tags
        #expect(Set(tags) == Set((0..<20).map { "t\($0)" }))
    }

    @Test func tagsAddedAndTakenAwayBesideNotesAndTheArchiveAllCount() throws {
        try train("shared")
        #expect(try Program.run("runs", "tag", "shared", "a", "b", "c", "d", "--workspace", workspace).code == 0)
        let edits: [[String]] =
            ["a", "b", "c", "d"].map { ["tag", "shared", $0, "--remove"] } + ["e", "f"].map { ["tag", "shared", $0] }
            + [["note", "shared", "kept"], ["archive", "shared"]]
        let all = try edits.map { try Running(["runs"] + $0 + ["--workspace", workspace]) }
        for running in all { #expect(running.finish().code == 0) }
        let run = try RunStore(Workspace(path: workspace)).run(named: "shared")
        #expect(Set(run.tags) == ["e", "f"])
        #expect(run.note == "kept")
        #expect(run.isArchived)
    }
}
