import Databases
import Events
import Experiments
import Glibc
import JSON
import TemporaryFolders
import Testing
import Threads

@testable import Remotes

/// The far end, at whose other end is anybody.
@Suite(.serialized) struct FarSessionTests {
    private let scratch: TemporaryFolder
    private let workspace: Workspace

    init() throws {
        scratch = try TemporaryFolder()
        workspace = try Workspace(path: scratch.path + "/workspace")
    }

    /// A session on a thread, and the ends of its pipes.
    private final class Far: @unchecked Sendable {
        let input: Int32, output: Int32
        private var thread: NamedThread?
        private var isFinished = false

        deinit { finish() }

        /// - Parameter room: bytes that the far end may send before anybody reads; nil = what a pipe holds.
        init(
            _ workspace: Workspace, room: Int32? = nil, carryOut: @escaping @Sendable (StudioCommand) throws -> Void = { _ in }
        ) throws {
            // Writing to a session that has ended is an error and no signal.
            signal(SIGPIPE, SIG_IGN)
            var to: [Int32] = [0, 0], from: [Int32] = [0, 0]
            pipe(&to)
            pipe(&from)
            (input, output) = (to[1], from[0])
            // Linux's F_SETPIPE_SZ, which Glibc's module does not name.
            if let room { #expect(fcntl(from[1], 1031, room) == room) }
            let session = FarSession(
                workspace, input: to[0], output: from[1],
                work: .init(
                    version: "0.1.0", hasHost: { false }, carryOut: carryOut, find: { _ in .null }, words: { "\($0)" },
                    files: { _ in [] },
                    giveUp: {}))
            let ends = (to[0], from[1])
            thread = try NamedThread(name: "far") {
                try? session.run()
                close(ends.0)
                close(ends.1)
            }
        }

        func send(_ line: String) {
            let bytes = Array((line + "\n").utf8)
            _ = write(input, bytes, bytes.count)
        }

        func finish() {
            if isFinished { return }
            isFinished = true
            close(input)
            close(output)
            thread?.join()
        }
    }

    private func record(_ id: String, _ name: String) -> RunRecord {
        RunRecord(
            id: RunID(id), name: name, experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "0.1.0", createdAt: 1e9, processID: 0)
    }

    private func messages(_ reader: LineReader, until isEnough: (FarMessage) -> Bool) throws -> [FarMessage] {
        var all: [FarMessage] = []
        while let lines = try reader.lines(within: 120) {
            for line in lines where Greeting(line: line) == nil {
                let message = try #require(FarMessage(json: try JSONValue(parsing: line)), "\(line)")
                all.append(message)
                if isEnough(message) { return all }
            }
        }
        return all
    }

    @Test func whatChangedIsToldAndNothingTwice() throws {
        let store = try RunStore(workspace)
        _ = try store.register(record("aaaa", "a"))
        let first = try Far(workspace)
        first.send(#"{"hello":\#(Greeting.protocolVersion),"version":"x","change":-1}"#)
        let told = try messages(LineReader(first.output)) { if case .news(.upTo) = $0 { true } else { false } }
        #expect(told.contains { if case .news(.run(let run)) = $0 { run.record.name == "a" } else { false } })
        first.finish()
        guard case .news(.upTo(let change))? = told.last else { return }
        // Who comes back hears of what happened since.
        _ = try store.register(record("bbbb", "b"))
        let second = try Far(workspace)
        second.send(#"{"hello":\#(Greeting.protocolVersion),"version":"x","change":\#(change)}"#)
        let more = try messages(LineReader(second.output)) { if case .news(.upTo) = $0 { true } else { false } }
        let names = more.compactMap { if case .news(.run(let run)) = $0 { run.record.name } else { nil } }
        #expect(names == ["b"])
        #expect(more.contains(.news(.ids([RunID("aaaa"), RunID("bbbb")], isLast: false))))
        second.finish()
    }

    @Test func anotherVersionIsRefusedWithBothNamed() throws {
        let far = try Far(workspace)
        far.send(#"{"hello":7,"version":"8.8.8","change":-1}"#)
        let told = try messages(LineReader(far.output)) { _ in true }
        guard case .refused(let why)? = told.first else {
            Issue.record("\(told)")
            return
        }
        #expect(why.contains("8.8.8") && why.contains("0.1.0"))
        far.finish()
    }

    @Test func aCommandIsAnsweredAndItsRefusalIsTold() throws {
        struct Refusal: Error, CustomStringConvertible { var description = "not today" }
        let far = try Far(workspace) { if case .deleteRun = $0 { throw Refusal() } }
        far.send(#"{"hello":\#(Greeting.protocolVersion),"version":"x","change":-1}"#)
        far.send(NearMessage.command(id: 1, .stopJob(RunID("a"))).json.text)
        far.send(NearMessage.command(id: 2, .deleteRun(RunID("a"))).json.text)
        let told = try messages(LineReader(far.output)) { if case .answer(2, _) = $0 { true } else { false } }
        #expect(told.contains(.answer(id: 1, refusal: nil)) && told.contains(.answer(id: 2, refusal: "not today")))
        far.finish()
    }

    @Test(arguments: ["garbage", "{", "[]", #"{"hello":"x"}"#, #"{"command":"stopJob","run":"a"}"#, "\u{0}\u{1B}[2J", "1e999"])
    func whatIsNoMessageEndsTheSession(line: String) throws {
        let far = try Far(workspace)
        far.send(line)
        let reader = LineReader(far.output)
        // The end, and no trap.
        while try reader.lines(within: 120) != nil {}
        far.finish()
    }

    @Test func aLineWithoutEndDoesNotFillTheMemory() throws {
        let far = try Far(workspace)
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 16)
        var sent = 0
        while sent < 64 << 20 {
            let count = write(far.input, piece, piece.count)
            if count <= 0 { break }
            sent += count
        }
        // It hung up long before all of it was there.
        #expect(sent < 16 << 20)
        far.finish()
    }

    @Test func whoDoesNotReadHearsOfTheNewestLaterAndNothingPilesUp() throws {
        let store = try RunStore(workspace)
        for index in 0..<50 { _ = try store.register(record("r\(index)", "run-\(index)")) }
        let far = try Far(workspace, room: 4096)
        far.send(#"{"hello":\#(Greeting.protocolVersion),"version":"x","change":-1}"#)
        // Nobody reads while one run changes a thousand times.
        for number in 0..<1000 { try store.apply(.run(.edited(RunEdit(note: "\(number)"))), to: RunID("r0")) }
        var notes: [String] = [], lines = 0
        let reader = LineReader(far.output)
        reading: while let read = try reader.lines(within: 120) {
            for line in read where Greeting(line: line) == nil {
                lines += 1
                if case .news(.run(let run))? = FarMessage(json: try JSONValue(parsing: line)), run.record.id == RunID("r0") {
                    notes.append(run.note)
                    if run.note == "999" { break reading }
                }
            }
        }
        #expect(notes.last == "999" && notes.count < 20 && lines < 500, "\(notes.count) of \(lines)")
        far.finish()
    }
}
