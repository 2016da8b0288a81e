import Experiments
import Glibc
import TemporaryFolders
import Testing

/// Standard input, pipes, folders and patterns as data.
@Suite struct StandardInputTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }
    private let iris = Program.sample("iris")

    init() throws { scratch = try TemporaryFolder() }

    /// What a shell makes of a command line in which `$D` is the program.
    @discardableResult
    private func shell(_ line: String) throws -> Outcome {
        let text = try ShellLine.run(
            "D='\(Program.path)'; W='\(workspace)'; cd '\(scratch.path)'; (\(line)); echo \"code $?\"")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let code = lines.last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
        return Outcome(code: code ?? -1, output: lines.dropLast().map { $0 + "\n" }.joined())
    }

    private struct Outcome {
        var code: Int
        var output: String

        func expectDone() { #expect(code == 0, "\(output)") }
    }

    @Test func `what comes through a pipe is profiled as a file is`() throws {
        let piped = try shell("cat '\(iris)' | $D data profile -")
        let file = try Program.run("data", "profile", iris)
        #expect(piped.code == 0 && piped.output.hasPrefix("standard input  3.7 kB  csv, 150 rows × 5 columns"))
        #expect(piped.output.split(separator: "\n").dropFirst() == file.output.split(separator: "\n").dropFirst())
        let packed = try shell("gzip -c '\(iris)' | $D data profile /dev/stdin")
        #expect(packed.output.hasPrefix("standard input  ") && packed.output.contains("csv, 150 rows × 5 columns"))
    }

    @Test func `faults call it standard input`() throws {
        let ragged = try shell("printf 'a,b\\n1,2\\n3\\n' | $D train - --target b --quiet --workspace \"$W\" 2>&1")
        #expect(ragged.code == 3 && ragged.output.hasPrefix("descent: standard input:3:1: expected 2 fields"), "\(ragged.output)")
        #expect(try shell("ls \"$W/inputs\"").output.isEmpty)
        let empty = try shell("$D data profile - 2>&1 </dev/null")
        #expect(empty.output == "descent: standard input is empty: give it a header or at least one record\n")
    }

    @Test func `what does not fit on the disk is said, with where it was to go`() throws {
        let full = try shell("unset TMPDIR; ulimit -f 64; yes 1,2 | head -c 1000000 | $D data profile - 2>&1")
        #expect(full.code == 1 && full.output.hasPrefix("descent: standard input does not fit into /tmp: "), "\(full.output)")
    }

    @Test func `a run on standard input can be done again, and the same input twice is one file`() throws {
        let train = "cat '\(iris)' | $D train - --target species --set epochs=2 --quiet --workspace \"$W\""
        #expect(try shell(train + " --name one").code == 0)
        #expect(try shell(train + " --name two --validation '\(iris)'").code == 0)
        let kept = try shell("cd \"$W\" && find inputs -type f").output.split(separator: "\n")
        #expect(kept.count == 1 && kept[0].hasSuffix("/standard-input.csv"))
        #expect(try Program.run("runs", "reproduce", "one", "--workspace", workspace).output.contains("the same to the bit"))
        let listed = try Program.run("data", "list", "--json", "--workspace", workspace).json()
        #expect(listed.compactMap { $0["name"]?.string }.sorted() == ["iris.csv"] || listed.count == 1)
    }

    @Test func `rows from standard input are predicted for and written as they stand`() throws {
        try shell("$D train '\(iris)' --target species --set epochs=2 --quiet --name iris --workspace \"$W\"").expectDone()
        let piped = try shell("cat '\(iris)' | $D predict iris - --workspace \"$W\"")
        #expect(try piped.code == 0 && piped.output == Program.run("predict", "iris", iris, "--workspace", workspace).output)
        let measured = try shell("cat '\(iris)' | $D evaluate iris - --workspace \"$W\"")
        #expect(measured.output.hasPrefix("iris on standard input, 150 rows\n"))
        try shell("cat '\(iris)' | $D data split - --out parts --quiet").expectDone()
        #expect(
            try shell("cat parts/standard-input-train.csv parts/standard-input-test.csv | sort -u | wc -l").output.contains("150")
        )
    }

    @Test(.timeLimit(.minutes(1)), arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal ends the wait for a pipe at once, and nothing is left`(signal: Int32) throws {
        let pipe = scratch.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        for begins in [false, true] {
            // Both ends, so that whoever reads waits for what never comes.
            let writer = begins ? open(pipe, O_RDWR) : -1
            defer { if begins { close(writer) } }
            if begins { _ = write(writer, "a,b\n1,", 6) }
            let running = try Running(["train", pipe, "--target", "b", "--workspace", workspace])
            if begins {
                var left: Int32 = 1
                while left > 0 { try #require(ioctl(writer, UInt(FIONREAD), &left) == 0) }
            } else {
                // The shell that starts the program becomes it.
                try waitForProgram(running.process)
            }
            kill(running.process, signal)
            #expect(running.finish().code == -signal)
            #expect(access(workspace, F_OK) != 0)
        }
    }

    private func waitForProgram(_ process: pid_t) throws {
        while true {
            let name = try shell("cat /proc/\(process)/comm").output
            if name == "descent\n" { return }
        }
    }

    @Test func `a named pipe is read once and used as a file`() throws {
        let line = "mkfifo pipe; cat '\(iris)' > pipe & $D train pipe --target species --set epochs=2 --quiet --workspace \"$W\""
        #expect(try shell(line).code == 0)
        #expect(try shell("cd \"$W\" && find inputs -name 'pipe.csv'").output.hasPrefix("inputs/"))
    }

    @Test func `a folder is trained on, predicted for, split and known by its name`() throws {
        try shell("mkdir parts; head -76 '\(iris)' > parts/1.csv; (head -1 '\(iris)'; tail -n +77 '\(iris)') > parts/2.csv")
            .expectDone()
        try shell("$D train parts --target species --set epochs=2 --quiet --name parts --workspace \"$W\"").expectDone()
        try shell("$D train '\(iris)' --target species --set epochs=2 --quiet --name whole --workspace \"$W\"").expectDone()
        let parts = try shell("$D predict parts 'parts/?.csv' --workspace \"$W\"")
        #expect(try parts.code == 0 && parts.output == Program.run("predict", "whole", iris, "--workspace", workspace).output)
        let listed = try Program.run("data", "list", "--json", "--workspace", workspace).json()
        #expect(Set(listed.compactMap { $0["name"]?.string }) == ["parts", "iris.csv"])
        #expect(try Program.run("runs", "reproduce", "parts", "--workspace", workspace).output.contains("the same to the bit"))
        try shell("$D data split parts --out out --quiet").expectDone()
        #expect(try shell("cat out/parts-train.csv out/parts-test.csv | sort | uniq | wc -l").output.contains("150"))
        try shell(
            "cd parts && mv 1.csv 1 && $D data split . --out ../here --quiet && test -f ../here/parts-test.csv && mv 1 1.csv"
        ).expectDone()
        try shell("mv parts/2.csv parts/3.csv; echo 1,2,3,4,setosa >> parts/3.csv").expectDone()
        let changed = try Program.run("runs", "reproduce", "parts", "--workspace", workspace)
        #expect((changed.output + changed.errors).contains("has changed since"))
    }
}
