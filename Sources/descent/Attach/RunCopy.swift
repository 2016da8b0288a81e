import Databases
import Events
import Experiments
import Remotes

/// Copies all of a run from one workspace to another through a connection, one way or the other.
struct RunCopy {
    /// Told how many bytes of the run's files are over, of how many.
    var progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }

    /// - Units: seconds without a word after which a place is taken for lost.
    private static let patience = 30.0
    private static let id = 1

    /// Connects for copying alone.
    static func connect(_ place: PlaceLink.Options, isAttended: Bool) throws -> FarConnection {
        let words = place.address.command(descent: place.descent, own: place.own, asks: isAttended)
        do throws(RemoteError) {
            let connection = try FarConnection(words, version: Engine.version, isAttended: isAttended)
            try connection.send(.hello(protocolVersion: Greeting.protocolVersion, version: Engine.version, change: nil))
            return connection
        } catch { throw CommandError.failed("\(place.name): \(error.description)") }
    }

    /// Copies a run of this workspace to a place.
    func send(_ run: RunSummary, of store: RunStore, to connection: FarConnection) throws {
        let files = ArtifactFiles.list(store.workspace.artifactFolder(of: run.record.id.text)).map { ($0.name, $0.byteCount) }
        let outgoing = RunOutgoing(store, run, files: files, portion: RunTransfer.mostBytes)
        var done = 0
        while let piece = try outgoing.next() {
            if case .file(_, _, let bytes) = piece { done += bytes.count }
            try connection.send(.transfer(RunTransfer(id: Self.id, piece)))
            progress(done, outgoing.byteCount)
            if try answer(from: connection, within: 0) { return }
        }
        try connection.send(.transfer(.end(id: Self.id, bytes: outgoing.byteCount)))
        while try !answer(from: connection, within: Self.patience) {}
    }

    /// - Returns: whether the place has the run.
    /// - Throws: where it says no, or nothing.
    private func answer(from connection: FarConnection, within seconds: Double) throws -> Bool {
        let messages: [FarMessage]?
        do throws(RemoteError) { messages = try connection.messages(within: seconds) } catch {
            if error.code == .unreachable, seconds == 0 { return false }
            throw CommandError.failed(error.description)
        }
        guard let messages else { throw CommandError.failed("the connection was lost: nothing was copied") }
        for message in messages {
            if case .answer(Self.id, let refusal) = message {
                if let refusal { throw CommandError.failed(refusal) }
                return true
            }
            if case .refused(let why) = message { throw CommandError.failed(why) }
        }
        return false
    }

    /// Copies a run of a place to this workspace.
    /// - Returns: the run as it is here.
    func fetch(_ name: String, from connection: FarConnection, to workspace: Workspace) throws -> RunSummary {
        let intake = try RunIntake(workspace, number: Self.id)
        try connection.send(.fetch(id: Self.id, name))
        var all = 0
        while true {
            let messages: [FarMessage]?
            do throws(RemoteError) { messages = try connection.messages(within: Self.patience) } catch {
                throw CommandError.failed(error.description)
            }
            guard let messages else { throw CommandError.failed("the connection was lost: nothing was copied") }
            for message in messages {
                switch message {
                case .transfer(.news(_, let news)): try intake.take(news)
                case .transfer(.file(_, let file, let offset, let bytes)):
                    try intake.take(file: file, offset: offset, bytes)
                    all = max(all, intake.byteCount)
                    progress(intake.byteCount, all)
                case .transfer(.end): return try intake.finish()
                case .answer(_, let refusal): throw CommandError.failed(refusal ?? "the run did not come")
                case .refused(let why): throw CommandError.failed(why)
                case .news, .fact, .found, .alive: break
                }
            }
        }
    }
}
