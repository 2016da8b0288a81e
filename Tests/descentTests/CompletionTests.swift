import Glibc
import TemporaryFolders
import Testing

@Suite struct CompletionTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func words(_ words: String...) throws -> [String] {
        let program = try Program.run(["completion", "words", "--"] + words, folder: scratch.path)
        #expect(program.code == 0 && program.errors.isEmpty, "\(program.errors)")
        return program.lines
    }

    @Test func commandsAndOptionsComeFromTheCommandTable() throws {
        #expect(try words("tra") == ["train", "transform"])
        #expect(try words("runs", "re") == ["resume", "restore", "rename", "reproduce"])
        #expect(Set(try words("train", "data.csv", "--val")) == ["--validation", "--validation-split", "--validation-order"])
        // Given once is enough, but for those that may be repeated.
        #expect(!(try words("train", "data.csv", "--seed", "1", "--s")).contains("--seed"))
        #expect(try words("train", "data.csv", "--set", "epochs=2", "--se").contains("--set"))
        #expect(try words("completion", "").sorted() == ["bash", "fish", "zsh"])
    }

    @Test func valuesComeFromTheAlgorithmTheDataAndTheWorkspace() throws {
        #expect(try words("train", Program.sample("insurance"), "--target", "ch") == ["children", "charges"])
        #expect(try words("train", "x.csv", "--algorithm", "x") == ["xgboost"])
        #expect(try words("train", "x.csv", "--algorithm", "xgboost", "--set", "max_dep") == ["max_depth="])
        #expect(try words("train", "x.csv", "--set", "shuffle=f") == ["shuffle=false"])
        #expect(try words("train", "x.csv", "--objective", "validation:ro") == ["validation:roc_auc"])
        // Asking makes no workspace, and paths are the shell's.
        #expect(try words("runs", "show", "") == ["@latest", "@best"])
        #expect(access(scratch.path + "/.descent", F_OK) != 0)
        #expect(try words("train", "").isEmpty)
        #expect(try words("train", "data.csv", "--validation", "").isEmpty)
        #expect(try words("data", "profile", "/nothing/here.csv", "--target", "").isEmpty)
        let trained = try Program.run(
            "train", Program.sample("iris"), "--target", "species", "--name", "flowers", "--quiet", "--workspace", "w",
            folder: scratch.path)
        #expect(trained.code == 0, "\(trained.errors)")
        #expect(try words("runs", "compare", "--workspace", "w", "fl") == ["flowers"])
        #expect(try words("runs", "steer", "--workspace", "w", "flowers", "learn") == ["learning_rate="])
    }

    @Test(arguments: [
        ("descent runs sh", ["show"]), ("descent train data.csv --objective validation:accu", ["accuracy"]),
        ("descent train data.csv --set shuffle=", ["true", "false"]), ("descent da", ["data"]), ("descent train ", []),
    ])
    func bashCompletesAndCutsWhatItBreaksOff(line: String, replies: [String]) throws {
        let script = """
            eval "$("$1" completion bash)"
            COMP_LINE="$1${2#descent}"; COMP_POINT=${#COMP_LINE}
            _descent
            for reply in "${COMPREPLY[@]}"; do echo "$reply"; done
            """
        let shell = try Shell.run("bash", ["-c", script, "bash", Program.path, line])
        #expect(shell == replies, "\(line)")
    }
}

/// Another program, for its lines of output.
private enum Shell {
    static func run(_ name: String, _ arguments: [String]) throws -> [String] {
        let words = [name] + arguments
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        var process = pid_t()
        let code = posix_spawnp(&process, name, &actions, nil, &pointers, environ)
        close(ends[1])
        try #require(code == 0)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        close(ends[0])
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
