import Clocks
import Events
import Experiments
import Glibc
import Hosting

/// How commands and the studio have the workspace's host do something about endpoints, and wait for it.
struct EndpointClient {
    let workspace: Workspace
    let store: RunStore
    private let startHost: () throws(HostError) -> Void

    var endpoints: EndpointStore { store.endpoints }

    init(_ arguments: ParsedArguments) throws {
        workspace = try WorkspaceChoice.existing(arguments)
        store = try RunStore(workspace)
        let path = workspace.path
        startHost = { () throws(HostError) in try QueueArguments.startHost(path, arguments) }
    }

    /// - Parameter startHost: has a host there.
    init(_ workspace: Workspace, _ store: RunStore, startHost: @escaping () throws(HostError) -> Void) {
        (self.workspace, self.store, self.startHost) = (workspace, store, startHost)
    }

    /// Loading a large model takes its time.
    static let patience = 120.0

    /// Has a host there that has looked at the workspace.
    func wakeHost() throws {
        do throws(HostError) { try startHost() } catch {
            throw CommandError.failed("\(error): `descent serve` starts one")
        }
        HostLink(workspace.path).ring()
    }

    /// Waits until somebody has brought an endpoint into service, or could not.
    func waitUntilItStands(_ id: String, seconds: Double = Self.patience) throws -> EndpointRecord {
        try wait("the host has not brought the endpoint into service", seconds) {
            guard let record = try endpoints.endpoint(id: id) else {
                throw CommandError.failed("the endpoint was deleted meanwhile")
            }
            return record.status.isPassing ? nil : record
        }
    }

    /// Has a wish carried out.
    func ask(_ wish: EndpointWish, of record: EndpointRecord) throws {
        let number = try endpoints.wish(wish, of: record.id)
        do {
            try wakeHost()
            let refusal = try wait("the host has not answered") { try endpoints.takeAnswer(number) }
            guard refusal.isEmpty else { throw CommandError.failed(refusal) }
        } catch {
            // What was said to have failed is not done later.
            try endpoints.withdraw(number)
            throw error
        }
    }

    private func wait<Value>(
        _ failure: String, _ seconds: Double = Self.patience, until find: () throws -> Value?
    ) throws -> Value {
        let end = SteadyClock.seconds() + seconds
        var pause: UInt32 = 500
        while SteadyClock.seconds() < end {
            if let found = try find() { return found }
            usleep(pause)
            // Found a ninth later than it could have been, at most.
            pause = min(pause + pause / 8, 20_000)
        }
        throw CommandError.failed("\(failure): `descent serve status` says what it does, host.log in the workspace why")
    }
}
