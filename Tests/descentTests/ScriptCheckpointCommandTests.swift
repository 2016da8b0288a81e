import Events
import Files
import Glibc
import TemporaryFolders
import Testing

/// Runs of scripts that go on from what they announced, after what may have become of it.
@Suite struct ScriptCheckpointCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// Ends with status 9 after two checkpoints, unless it goes on: then it says from what.
    private func train() throws {
        let script = try scratch.write(
            """
            say() { echo "$1" >> $DESCENT_MESSAGES/0-1.jsonl; }
            test -z "$DESCENT_CHECKPOINT" || { echo "from $(cat $DESCENT_CHECKPOINT) at $DESCENT_STEP"; echo step 30 loss 0.1; exit 0; }
            for i in 10 20; do
                say "{\\"kind\\":\\"metrics\\",\\"step\\":$i,\\"values\\":{\\"loss\\":0.$i}}"
                echo "weights $i" > $SM_CHECKPOINT_DIR/ck$i
                say "{\\"kind\\":\\"checkpoint\\",\\"step\\":$i,\\"path\\":\\"$SM_CHECKPOINT_DIR/ck$i\\"}"
            done
            exit 9
            """, as: "train.sh")
        let ended = try Program.run(
            "train", "--algorithm", "script", "--script", script, "--name", "run", "--quiet", "--workspace", workspace)
        try #require(ended.code == 1, "\(ended.errors)")
    }

    private func resume(_ workspace: String) throws -> Program {
        try Program.run("runs", "resume", "run", "--workspace", workspace)
    }

    private func folder(_ workspace: String) throws -> String {
        let shown = try Program.run("runs", "show", "run", "--json", "--workspace", workspace).json()
        return workspace + "/artifacts/" + (try #require(shown.first?["run"]?.string))
    }

    @Test func aCopyGoesOnFromItsOwnCheckpoint() throws {
        try train()
        let copy = scratch.path + "/copy"
        let own = try folder(workspace)
        #expect(system("cp -r \(workspace) \(copy)") == 0)
        #expect(system("echo changed > \(own)/ml/checkpoints/ck20") == 0)
        let resumed = try resume(copy)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(FileContents.text(try folder(copy) + "/output.log") == "from weights 20 at 20\nstep 30 loss 0.1\n")
    }

    @Test func whatIsGoneIsSaid() throws {
        try train()
        let folder = try folder(workspace)
        unlink(folder + "/ml/checkpoints/ck10")
        unlink(folder + "/ml/checkpoints/ck20")
        let refused = try resume(workspace)
        #expect(
            refused.code == 1 && refused.errors.contains("nothing is left that run could go on from: ck20 is gone, ck10 is gone"),
            "\(refused.errors)")
        try AtomicFile.write(Array("weights 10\n".utf8), to: folder + "/ml/checkpoints/ck10")
        let resumed = try resume(workspace)
        #expect(resumed.code == 0 && resumed.errors.contains("ck20 is gone: going on from step 10"), "\(resumed.errors)")
        Folder.remove(folder)
        let gone = try resume(workspace)
        #expect(gone.code == 1 && gone.errors.contains("its folder \(folder) is gone"), "\(gone.errors)")
    }

    @Test func aCheckpointThatWasChangedIsNotUsed() throws {
        try train()
        let newest = try folder(workspace) + "/ml/checkpoints/ck20"
        try AtomicFile.write(Array("garbage".utf8), to: newest)
        // Long after the script's last sign.
        let time = timeval(tv_sec: Glibc.time(nil) + 60, tv_usec: 0)
        utimes(newest, [time, time])
        let resumed = try resume(workspace)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(
            resumed.errors.contains("ck20 has 7 bytes and had 11 when it was announced: going on from step 10"),
            "\(resumed.errors)")
        #expect(FileContents.text(try folder(workspace) + "/output.log")?.contains("from weights 10 at 10") == true)
    }
}
