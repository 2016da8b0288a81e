import Events
import Glibc
import TemporaryFolders
import Testing

/// Where results go, and what the exit code says of those that did not get there.
@Suite struct OutputTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    /// Runs a shell script in which `$1` is the program and `$2` a workspace.
    private func shell(_ script: String) throws -> (code: Int32, errors: String) {
        let errors = scratch.path + "/errors"
        let words: [String] = [
            "/bin/bash", "-c", "set -o pipefail; " + script, "bash", Program.path, workspace, Program.root + "/sample-data",
        ]
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let settings: [String] = ["PATH=/usr/bin:/bin", "HOME=/dev/null"]
        var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { (pointers + environment).forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        var process = pid_t()
        try #require(posix_spawn(&process, words[0], &actions, nil, &pointers, &environment) == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return (status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F), try scratch.read("errors"))
    }

    private func train(_ name: String = "run") throws {
        let trained = try Program.run(
            "train", Program.sample("insurance"), "--target", "charges", "--set", "epochs=2", "--quiet", "--name", name,
            "--workspace", workspace)
        try #require(trained.code == 0, "\(trained.errors)")
    }

    @Test(arguments: [
        "runs list", "runs list --json", "runs show run", "runs show run --json", "runs curves run --metric loss",
        "runs curves run --metric loss --csv -", "predict run $3/insurance.csv", "predict run $3/insurance.csv --json",
        "evaluate run $3/insurance.csv", "data profile $3/insurance.csv", "doctor", "--help", "--version",
        "runs export run --format csv --out -", "runs export run --format csv --out /dev/full", "report run --out /dev/full",
        "runs curves run --metric loss --svg /dev/full", "predict run $3/insurance.csv --out /dev/full",
    ])
    func `a result that finds no room is no success`(command: String) throws {
        try train()
        let ended = try shell("\"$1\" \(command) --workspace \"$2\" > /dev/full".replacing("--help --workspace \"$2\"", "--help"))
        #expect(ended.code == 1, "\(ended.errors)")
        #expect(ended.errors.contains("cannot be written: No space left on device: free some space"), "\(ended.errors)")
    }

    @Test func `events that find no room do not stop a run, and the run is no success`() throws {
        let ended = try shell(
            "\"$1\" train $3/insurance.csv --target charges --set epochs=2 --json --name run --workspace \"$2\" > /dev/full")
        #expect(ended.code == 1)
        #expect(ended.errors.contains("standard output cannot be written"))
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.first?["status"]?.string == "Completed")
    }

    @Test func `a run whose reader goes away stops so that it can be resumed`() throws {
        let ended = try shell(
            "\"$1\" train $3/insurance.csv --target charges --set epochs=1000000 --set early_stopping_patience=off --json "
                + "--name run --workspace \"$2\" | head -n 3")
        #expect(ended.code == 1)
        let listed = try Program.run("runs", "list", "--json", "--workspace", workspace).json()
        #expect(listed.first?["status"]?.string == "Stopped")
        #expect(listed.first?["reason"]?.string == "StoppedByUser")
    }

    @Test func `a closed pipe is no success and no noise`() throws {
        try train()
        for command in [
            "predict run $3/insurance.csv --json --quiet", "predict run $3/insurance.csv --quiet", "runs show run --json",
        ] {
            // The reader is gone before anything is written.
            let ended = try shell("{ read -r; \"$1\" \(command) --workspace \"$2\"; } < <(sleep 0.2; echo) | true")
            #expect(ended.code == 1, "\(command)")
            #expect(ended.errors.isEmpty, "\(ended.errors)")
        }
    }

    @Test func `a closed standard output is no success, and nothing else gets what is printed`() throws {
        try train()
        let ended = try shell("\"$1\" runs list --workspace \"$2\" >&-")
        #expect(ended.code == 1)
        #expect(ended.errors.contains("standard output cannot be written: Bad file descriptor"))
        #expect(try Program.run("runs", "list", "--json", "--workspace", workspace).json().count == 1)
    }

    @Test func `what is written to a link or a pipe leaves them what they are`() throws {
        try train()
        let target = try scratch.write("old", as: "target.csv")
        chmod(target, 0o600)
        symlink("target.csv", scratch.path + "/link.csv")
        let ended = try shell("\"$1\" predict run $3/insurance.csv --out \(scratch.path)/link.csv --quiet --workspace \"$2\"")
        #expect(ended.code == 0, "\(ended.errors)")
        var status = stat()
        lstat(scratch.path + "/link.csv", &status)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        #expect(try scratch.read("target.csv").hasPrefix("age,"))
        lstat(target, &status)
        #expect(status.st_mode & 0o777 == 0o600)
        let piped = try shell(
            "mkfifo \(scratch.path)/pipe; wc -l < \(scratch.path)/pipe > \(scratch.path)/count & "
                + "\"$1\" runs curves run --metric loss --csv \(scratch.path)/pipe --quiet --workspace \"$2\"; wait")
        #expect(piped.code == 0, "\(piped.errors)")
        #expect((Int(try scratch.read("count").filter(\.isNumber)) ?? 0) > 2)
    }
}

extension String {
    fileprivate func replacing(_ part: String, _ other: String) -> String {
        guard let range = self.ranges(of: part).first else { return self }
        return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
