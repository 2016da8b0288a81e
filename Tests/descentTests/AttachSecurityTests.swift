import Events
import Experiments
import Glibc
import PseudoTerminals
import TemporaryFolders
import Testing

/// Attaching through a real sshd, and who must not be able to.
@Suite(.serialized) struct AttachSecurityTests {
    private let scratch: TemporaryFolder
    private var far: String { scratch.path + "/far" }
    private var farStore: RunStore { get throws { try RunStore(Workspace(path: far)) } }

    init() throws {
        scratch = try TemporaryFolder()
        let data = try scratch.writeLine()
        try Program.train(data, "base", in: scratch.path + "/far")
    }

    static let hasSSHD = access("/usr/sbin/sshd", X_OK) == 0 && getuid() == 0
    static let isRoot = getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0

    private func shell(_ script: String) throws -> (code: Int32, output: String) {
        let out = scratch.path + "/shell.out"
        let words: [String] = ["/bin/sh", "-c", "{ \(script)\n} >\(out) 2>&1 </dev/null"]
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0, status: Int32 = 0
        try #require(posix_spawn(&process, "/bin/sh", nil, nil, &pointers, environ) == 0)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ((status >> 8) & 0xFF, try scratch.read("shell.out"))
    }

    /// A daemon of the test's own, with keys of its own, for this user alone.
    private func startSSHD() throws -> (port: Int, stop: () -> Void) {
        let folder = scratch.path
        let port = 20_000 + Int(getpid()) % 20_000
        let setUp = try shell(
            """
            cd \(folder) && mkdir -p bin && chmod 700 . &&
            ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user && cp user.pub authorized &&
            printf 'Port \(port)\\nListenAddress 127.0.0.1\\nHostKey \(folder)/host\\nPidFile \(folder)/sshd.pid\\n' > sshd.conf &&
            printf 'AuthorizedKeysFile \(folder)/authorized\\nStrictModes no\\nUsePAM no\\nPasswordAuthentication no\\n' >> sshd.conf &&
            printf 'Host gpu1\\n HostName 127.0.0.1\\n Port \(port)\\n IdentityFile \(folder)/user\\n IdentitiesOnly yes\\n' > ssh.conf &&
            printf ' StrictHostKeyChecking no\\n UserKnownHostsFile \(folder)/known\\n LogLevel ERROR\\n' >> ssh.conf &&
            printf '#!/bin/sh\\nexec /usr/bin/ssh -F \(folder)/ssh.conf "$@"\\n' > bin/ssh && chmod 755 bin/ssh &&
            mkdir -p /run/sshd && /usr/sbin/sshd -f \(folder)/sshd.conf -E \(folder)/sshd.log
            """)
        try #require(setUp.code == 0, "\(setUp.output)")
        return (port, { [self] in _ = try? shell("kill $(cat \(folder)/sshd.pid)") })
    }

    @Test(.enabled(if: hasSSHD, "no sshd that this user may start"))
    func aWorkspaceIsReachedThroughSSH() throws {
        let (_, stop) = try startSSHD()
        defer { stop() }
        let screen = try PseudoTerminal(
            Program.path, ["attach", "ssh://gpu1\(far)", "--descent", Program.path], width: 120, height: 40,
            environment: [
                "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path, "PATH": "\(scratch.path)/bin:/usr/bin:/bin",
            ], directory: scratch.path)
        try screen.wait(forText: "base")
        try screen.press("2N", shows: "Note")
        screen.send("through ssh\r")
        for _ in 0..<2000 where try farStore.run(named: "base").note != "through ssh" { screen.pump(milliseconds: 10) }
        #expect(try farStore.run(named: "base").note == "through ssh")
        // The connection is killed: it comes back by itself.
        _ = try shell("kill $(pgrep -P $(cat \(scratch.path)/sshd.pid))")
        try screen.wait(forText: "no connection")
        try screen.wait(forText: "gpu1 is back")
        screen.send("q")
        #expect(try screen.waitForExit() == .exited(0))
        // A copy goes the same way.
        let copy = try Running(
            [
                "runs", "copy", "base", "--from", "ssh://gpu1\(far)", "--descent", Program.path, "--workspace",
                scratch.path + "/here",
            ],
            variables: ["PATH=\(scratch.path)/bin:/usr/bin:/bin"]
        ).finish()
        #expect(copy.code == 0, "\(copy.errors)")
        // A machine without descent says what to do.
        let without = try Running(
            [
                "runs", "copy", "base", "--from", "ssh://gpu1\(far)", "--descent", "/nowhere/descent", "--workspace",
                scratch.path + "/n",
            ],
            variables: ["PATH=\(scratch.path)/bin:/usr/bin:/bin"]
        ).finish()
        #expect(without.code == 1 && without.errors.contains("install it there"), "\(without.errors)")
    }

    @Test(.enabled(if: isRoot, "only root can try as somebody else"))
    func anotherUserNeitherReadsNorSteersNorAttaches() throws {
        // The folder above may be looked into: what protects is the workspace itself.
        chmod(scratch.path, 0o755)
        let host = try Program.run("serve", "status", "--workspace", far)
        #expect(host.code == 1)
        let screen = try PseudoTerminal(
            Program.path, ["attach", far], width: 120, height: 40,
            environment: ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": scratch.path, "PATH": "/usr/bin:/bin"],
            directory: scratch.path)
        try screen.wait(forText: "base")
        let descent = try shell("cp \(Program.path) /tmp/descent-other-\(getpid()) && chmod 755 /tmp/descent-other-\(getpid())")
        defer { unlink("/tmp/descent-other-\(getpid())") }
        #expect(descent.code == 0)
        let other = "setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent"
        let program = "/tmp/descent-other-\(getpid())"
        for words in [
            "cat \(far)/descent.sqlite", "ls \(far)", "ls \(scratch.path)/.cache/descent/attached/*/",
            "cat \(scratch.path)/.cache/descent/attached/*/descent.sqlite",
            "timeout 10 \(program) attach --stdio --workspace \(far)", "timeout 10 \(program) runs list --workspace \(far)",
            "timeout 10 \(program) runs copy base --from \(far) --workspace /tmp/descent-stolen-\(getpid())",
            "timeout 10 \(program) runs stop base --workspace \(far)", "timeout 10 \(program) serve --workspace \(far)",
        ] {
            let tried = try shell("\(other) \(words)")
            // What may not be looked into has no runs.
            let isRefused = tried.code != 0 && tried.code != 124 || tried.output.hasPrefix("no runs yet")
            #expect(isRefused, "\(words): \(tried.output)")
            #expect(!tried.output.contains("insurance") && !tried.output.contains("linear-learner"), "\(words): \(tried.output)")
        }
        screen.send("q")
        #expect(try screen.waitForExit() == .exited(0))
        // What was made for this user alone stays so.
        for folder in [far]
            + Program.names(in: scratch.path + "/.cache/descent/attached").map({
                scratch.path + "/.cache/descent/attached/" + $0
            })
        {
            var status = stat()
            #expect(stat(folder, &status) == 0 && status.st_mode & 0o077 == 0, "\(folder)")
        }
    }
}
