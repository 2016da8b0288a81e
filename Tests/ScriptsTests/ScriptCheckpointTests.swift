import Events
import Files
import Glibc
import TemporaryFolders
import Testing

@testable import Scripts

/// What a script announced, after what may happen to a workspace.
struct ScriptCheckpointTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func makeRun(_ name: String = "ABC", in workspace: String = "w") throws -> String {
        let folder = "\(scratch.path)/\(workspace)/artifacts/\(name)"
        try Folder.make(folder + "/ml/checkpoints")
        return folder
    }

    private func place(_ step: Int, _ path: String, isBest: Bool = false) -> ScriptCheckpoints.Place {
        ScriptCheckpoints.Place(step: step, epoch: 0, path: path, isBest: isBest)
    }

    /// Announces files of these steps, `ckSTEP` each.
    private func announce(_ steps: [Int], in folder: String) throws {
        for step in steps {
            let path = "\(folder)/ml/checkpoints/ck\(step)"
            try AtomicFile.write(Array("weights \(step)".utf8), to: path)
            ScriptCheckpoints(folder: folder).announce(place(step, path))
        }
    }

    @Test func aWorkspaceThatWasMovedOrCopiedGoesOnWithItsOwnFiles() throws {
        let old = try makeRun(), new = "\(scratch.path)/moved/artifacts/ABC"
        try announce([10], in: old)
        let child = try makeRun("DEF")
        try ScriptCheckpoints(folder: child).begin(at: ScriptCheckpoints(folder: old).choose(.newest).place)
        // Outside of it nothing moves.
        let outside = try scratch.write("x", as: "outside")
        ScriptCheckpoints(folder: old).announce(place(20, outside))
        rename(scratch.path + "/w", scratch.path + "/moved")
        let moved = ScriptCheckpoints(folder: new)
        #expect(moved.all.map(\.path) == [new + "/ml/checkpoints/ck10", outside])
        let started = ScriptCheckpoints(folder: "\(scratch.path)/moved/artifacts/DEF").beginning(atStep: 10)
        #expect(started?.path == new + "/ml/checkpoints/ck10")
    }

    @Test func wholePathsOfOlderVersionsAreFoundWhereTheRunIsNow() throws {
        let folder = try makeRun(), parent = try makeRun("PAR")
        try announce([10], in: folder)
        let old = "/gone/w/artifacts/ABC/ml/checkpoints/ck10"
        try AtomicFile.write(
            Array("{\"step\":10,\"epoch\":1,\"path\":\"\(old)\",\"best\":true}\n".utf8), to: folder + "/checkpoints.jsonl")
        try AtomicFile.write(
            Array("{\"step\":5,\"path\":\"/gone/w/artifacts/PAR/ck5\"}".utf8), to: folder + "/checkpoints.jsonl.start")
        let checkpoints = ScriptCheckpoints(folder: folder)
        #expect(checkpoints.all.map(\.path) == [folder + "/ml/checkpoints/ck10"])
        #expect(checkpoints.beginning(atStep: 5)?.path == parent + "/ck5")
    }

    @Test func whatIsGoneIsSaidAndTheOneBeforeItDoes() throws {
        let folder = try makeRun()
        try announce([10, 20], in: folder)
        unlink(folder + "/ml/checkpoints/ck20")
        let checkpoints = ScriptCheckpoints(folder: folder)
        let choice = checkpoints.choose(.newest)
        #expect(choice.place?.step == 10 && choice.note == "ck20 is gone: going on from step 10")
        #expect(checkpoints.choose(.notAfter(15)).note == nil)
        unlink(folder + "/ml/checkpoints/ck10")
        let none = checkpoints.choose(.newest)
        #expect(none.place == nil && none.reasons == "ck20 is gone, ck10 is gone")
    }

    @Test func whatWasRecordedLessFarThanItIsGoneOnFromWhereNothingElseIsLeft() throws {
        let folder = try makeRun()
        try announce([10, 20], in: folder)
        let checkpoints = ScriptCheckpoints(folder: folder)
        #expect(checkpoints.choose(.notAfter(5)).place == nil)
        #expect(checkpoints.choose(.notAfter(5), orBeyond: true).place?.step == 10)
        #expect(checkpoints.choose(.notAfter(15), orBeyond: true).place?.step == 10)
    }

    /// Says of a file that it was written so many seconds from now.
    private func date(_ path: String, inSeconds seconds: Int) {
        let time = timeval(tv_sec: Glibc.time(nil) + seconds, tv_usec: 0)
        utimes(path, [time, time])
    }

    @Test func whatTheScriptWroteAgainBeforeItWasKilledIsItsNewest() throws {
        let folder = try makeRun()
        let checkpoints = ScriptCheckpoints(folder: folder), reader = CheckpointReader(checkpoints)
        let path = folder + "/ml/checkpoints/last"
        try AtomicFile.write(Array("step 10".utf8), to: path)
        date(path, inSeconds: -20)
        checkpoints.announce(place(10, path))
        reader.read(place(10, path))
        reader.close()
        // Killed before it could announce that.
        try AtomicFile.write(Array("step 20".utf8), to: path)
        #expect(checkpoints.choose(.newest).place?.step == 10 && checkpoints.choose(.newest).note == nil)
        // Long after its last sign it was somebody else.
        date(path, inSeconds: 60)
        #expect(checkpoints.choose(.newest).reasons == "last is not what was announced")
    }

    @Test func whatWasChangedIsRefusedWithTheReason() throws {
        let folder = try makeRun()
        let checkpoints = ScriptCheckpoints(folder: folder), reader = CheckpointReader(checkpoints)
        try announce([10, 20, 30], in: folder)
        let many = folder + "/ml/checkpoints/many"
        try Folder.make(many + "/part")
        try AtomicFile.write([1, 2, 3], to: many + "/part/a")
        checkpoints.announce(place(40, many))
        for place in checkpoints.announced { reader.read(place) }
        reader.close()
        #expect(checkpoints.announced.map(\.step) == [10, 20, 30, 40] && checkpoints.choose(.newest).place?.step == 40)
        try AtomicFile.write([1, 2, 4], to: many + "/part/a")
        try AtomicFile.write(Array("garbage".utf8), to: folder + "/ml/checkpoints/ck30")
        date(many + "/part/a", inSeconds: 60)
        date(folder + "/ml/checkpoints/ck30", inSeconds: 60)
        #expect(
            checkpoints.choose(.newest).note
                == "many is not what was announced, ck30 has 7 bytes and had 10 when it was announced: going on from step 20")
        // What a fork begins with is known by the same.
        let child = try makeRun("DEF")
        try ScriptCheckpoints(folder: child).begin(at: checkpoints.choose(.newest).place)
        try AtomicFile.write(Array("garbage".utf8), to: folder + "/ml/checkpoints/ck20")
        #expect(ScriptCheckpoints(folder: child).beginning(atStep: 20)?.problem != nil)
    }

    @Test func whatIsWrittenOverIsTheNewestOfItsName() throws {
        let folder = try makeRun()
        let checkpoints = ScriptCheckpoints(folder: folder), reader = CheckpointReader(checkpoints)
        let path = folder + "/ml/checkpoints/last"
        for step in [10, 20] {
            try AtomicFile.write(Array("step \(step)".utf8), to: path)
            checkpoints.announce(place(step, path))
            reader.read(place(step, path))
        }
        reader.close()
        #expect(checkpoints.choose(.newest).place?.step == 20)
        #expect(
            checkpoints.choose(.notAfter(10), orBeyond: true).note
                == "last was written over at step 20: going on from step 20")
    }

    @Test func whatNobodyReadAnyMoreIsTakenOver() throws {
        let folder = try makeRun()
        try announce([10], in: folder)
        try Folder.make(folder + "/messages")
        let told = [(10, "ck10"), (20, "ck20")].map { step, name in
            "{\"kind\":\"checkpoint\",\"step\":\(step),\"path\":\"\(folder)/ml/checkpoints/\(name)\"}\n"
        }
        try AtomicFile.write(Array(told.joined().utf8), to: folder + "/messages/0-7.jsonl")
        try AtomicFile.write([], to: folder + "/ml/checkpoints/ck20")
        ScriptCheckpoints(folder: folder).takeUnread(base: "/")
        #expect(ScriptCheckpoints(folder: folder).announced.map(\.step) == [10, 20])
    }
}
