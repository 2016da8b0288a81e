import Glibc
import Numerics

/// `Fuzz`: damages what every reader reads, reads it, and judges. Each reader runs in a process of its own, since what is found
/// ends it.
enum FuzzCommand {
    private static let usage = """
        usage: Fuzz [--seconds N] [--inputs N] [--seed N] [READER …]
               Fuzz --replay READER FILE
        Damages files of every kind and reads them. A crash, an input that takes longer than 20 seconds and a wrong result are
        failures; the input is kept and can be replayed.
        --seconds N   for each reader (default 3)
        --inputs N    so many for each reader instead
        --seed N      other damage (default 1)
        """

    static func run(_ arguments: [String]) -> Int32 {
        var seconds = 3.0, inputs = Int.max, seed: UInt64 = 1
        var names: [String] = [], rest = arguments[...]
        var isChild = false, replayed: String?
        while let word = rest.popFirst() {
            switch word {
            case "--seconds": seconds = rest.popFirst().flatMap(Double.init) ?? seconds
            case "--inputs":
                inputs = rest.popFirst().flatMap(Int.init) ?? inputs
                seconds = .infinity
            case "--seed": seed = rest.popFirst().flatMap { UInt64($0) } ?? seed
            case "--child": isChild = true
            case "--replay":
                if let name = rest.popFirst() { names.append(name) }
                replayed = rest.popFirst()
            case "--help":
                say(usage)
                return 0
            default: names.append(word)
            }
        }
        let readers = FuzzedReader.all.filter { names.isEmpty || names.contains($0.name) }
        guard !readers.isEmpty, names.allSatisfy({ name in readers.contains { $0.name == name } }) else {
            say("no such reader: choose from \(FuzzedReader.all.map(\.name).joined(separator: ", "))")
            return 2
        }
        if isChild || replayed != nil, let reader = readers.first {
            let session = FuzzSession(reader, seed: seed, seconds: seconds, inputs: inputs)
            return replayed.map { session.replay($0) } ?? session.run()
        }
        return runAll(readers, arguments: arguments.filter { !names.contains($0) })
    }

    private static func runAll(_ readers: [FuzzedReader], arguments: [String]) -> Int32 {
        var failed = 0
        for reader in readers {
            let status = ChildProcess.run(["--child", reader.name] + arguments)
            if status == 0 { continue }
            failed += 1
            let how = status & 0x7F == 0 ? "ended with \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
            say(
                "\(reader.name): FAILED (\(how)); try again with: --replay \(reader.name) \(FuzzSession.inputPath(reader.name, process: getpid()))"
            )
        }
        say("\(readers.count - failed) passed, \(failed) failed")
        return failed == 0 ? 0 : 1
    }
}

/// This program once more.
enum ChildProcess {
    /// The status that `waitpid` gives.
    static func run(_ arguments: [String]) -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = (["/proc/self/exe"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/proc/self/exe", nil, nil, &words, environ)
        guard code == 0 else { return code << 8 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
