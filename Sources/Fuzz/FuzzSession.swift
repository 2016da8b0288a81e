import Glibc
import Numerics

/// One reader's turn.
final class FuzzSession {
    private let reader: FuzzedReader
    private let seed: UInt64, seconds: Double, inputs: Int
    private let watchdog = Watchdog(limitSeconds: 20)

    init(_ reader: FuzzedReader, seed: UInt64, seconds: Double, inputs: Int) {
        self.reader = reader
        self.seed = seed
        self.seconds = seconds
        self.inputs = inputs
    }

    /// Where the input that is being read lies, for whoever finds out why it ended everything.
    /// - Parameter process: the one that started the readers, so that two of them do not meet.
    static func inputPath(_ name: String, process: pid_t) -> String { "/tmp/descent-fuzz-\(process)-\(name)" }

    private var inputPath: String { Self.inputPath(reader.name, process: getppid()) }

    /// In memory where there is such a place: what is exported is flushed to the disk each time.
    private var scratch: String {
        access("/dev/shm", W_OK) == 0
            ? "/dev/shm/descent-fuzz-\(getpid())-\(reader.name)" : inputPath + ".files"
    }

    func run() -> Int32 {
        do {
            let subject = try prepare()
            var pool = subject.samples
            for sample in pool {
                keep(sample)
                let outcome = try read(sample, subject)
                guard case .accepted = outcome else { return fail("the whole sample \(sample.name) is not taken: \(outcome)") }
            }
            let end = Watchdog.now() + seconds
            var accepted = 0, refused = 0
            while accepted + refused < inputs, Watchdog.now() < end {
                var mutator = Mutator(random: RandomSource(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(accepted + refused)))
                var sample = mutator.damaged(pool[mutator.random.integer(below: pool.count)], others: pool)
                if let repair = subject.repair, mutator.random.integer(below: 3) > 0 { sample = repair(sample) }
                keep(sample)
                switch try read(sample, subject) {
                case .accepted:
                    accepted += 1
                    // What was taken is damaged further.
                    if pool.count < subject.samples.count + 100, mutator.random.integer(below: 8) == 0 { pool.append(sample) }
                case .refused(let words):
                    refused += 1
                    if words.isEmpty { return fail("an error without words") }
                case .wrong(let what): return fail(what)
                }
            }
            say("\(reader.name): \(accepted + refused) inputs, \(accepted) accepted, \(refused) refused")
            finish()
            return 0
        } catch {
            return fail("cannot be tested: \(error)")
        }
    }

    /// Reads a kept input again.
    func replay(_ path: String) -> Int32 {
        do {
            let subject = try prepare()
            let bytes = try FuzzFile.read(path)
            let end = bytes.firstIndex(of: 0x0A) ?? 0
            let sample = Sample(String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
            say("\(reader.name) \(sample.name): \(try read(sample, subject))")
            finish()
            return 0
        } catch {
            return fail("\(error)")
        }
    }

    private func prepare() throws -> Subject {
        FuzzFile.remove(scratch)
        try FuzzFile.makeFolder(scratch)
        // The project's folder, if this runs in it.
        return try reader.make(Places(root: ".", scratch: scratch))
    }

    private func read(_ sample: Sample, _ subject: Subject) throws -> Outcome {
        watchdog.start(reader.name)
        defer { watchdog.end() }
        return try subject.read(sample)
    }

    private func keep(_ sample: Sample) {
        FuzzFile.replace(inputPath, with: Array((sample.name + "\n").utf8) + sample.bytes)
    }

    private func finish() {
        FuzzFile.remove(scratch)
        unlink(inputPath)
    }

    private func fail(_ what: String) -> Int32 {
        say("\(reader.name): \(what)")
        return 1
    }
}
