import Events
import Files
import Glibc
import TemporaryFolders
import Testing

/// Scripts whose processes are killed at any moment: Descent, the guard or the script itself, each with workers in sessions of their own.
@Suite(.serialized) struct ScriptTortureTests {
    private static let kills = getenv("DESCENT_KILLS").flatMap { Int(String(cString: $0)) } ?? 3

    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func processes(with word: String) -> [(id: pid_t, line: String)] {
        Folder.names(in: "/proc").compactMap { name in
            guard let id = pid_t(name), let bytes = FileContents.bytes("/proc/\(name)/cmdline") else { return nil }
            let line = String(decoding: bytes, as: UTF8.self)
            return line.contains(word) ? (id, line) : nil
        }
    }

    @Test func nothingAcknowledgedIsLostAndNothingIsLeftOver() throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<Self.kills {
            let mark = "\(getpid())7\(round)"
            let script = try scratch.write(
                """
                setsid sleep \(mark) & (setsid sh -c 'sleep \(mark) & sleep \(mark)' &) ; sleep \(mark) &
                for i in $(seq 1 100000); do echo "step $i loss 0.$i"; sleep 0.005; done
                """, as: "s\(mark).sh")
            let victim = ["descent", "guard", "script"][round % 3]
            let running = try Running([
                "train", "--algorithm", "script", "--script", script, "--name", "r\(round)", "--json", "--workspace", workspace,
            ])
            usleep(UInt32.random(in: 0...600_000, using: &random))
            let id: pid_t? =
                switch victim {
                case "descent": running.process
                case "guard": processes(with: script).first { $0.line.contains("--process-guard") }?.id
                default: processes(with: script).first { $0.line.hasPrefix("/bin/sh\0/") }?.id
                }
            kill(id ?? running.process, SIGKILL)
            _ = running.finish()
            for _ in 0..<1_500 where !processes(with: mark).isEmpty { usleep(10_000) }
            #expect(processes(with: mark).map(\.line).isEmpty, "\(victim) in round \(round)")
            for left in processes(with: mark) { kill(left.id, SIGKILL) }
        }
        let ended = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(ended.allSatisfy { ["Stopped", "Failed"].contains($0["status"]?.string) }, "\(ended.map(\.text))")
        let doctor = try Program.run("doctor", "--workspace", workspace)
        #expect(doctor.code == 0, "\(doctor.output)\(doctor.errors)")
    }
}
