import Clocks
import Databases
import Events
import Experiments
import Glibc
import JSON
import Remotes
import Studio
import Synchronization
import Threads

/// The workspaces elsewhere that a studio shows: each is mirrored in one workspace here, and commands go to the one whose run they are
/// about.
final class Attachments: Sendable {
    /// Where the others are mirrored.
    let workspace: Workspace
    private let links: [PlaceLink]
    private let hub: Hub
    /// Held as long as the mirror is written.
    private let lock: MirrorLock
    /// The user's own workspace, to copy runs into.
    let ownPath: String
    /// Files of runs that were looked at.
    private let files = Mutex<[RunID: FarFiles]>([:])
    /// What was asked to be read for a look.
    private let read = Mutex<Set<StudioCommand>>([])

    /// What links tell, once somebody listens.
    private final class Hub: Sendable {
        struct State {
            var standings: [String: PlaceStanding] = [:]
            var order: [String] = []
            var onStandings: (@Sendable ([PlaceStanding]) -> Void)?
            var onFact: (@Sendable (StudioEvent) -> Void)?
        }
        let state = Mutex(State())

        func take(_ standing: PlaceStanding) {
            let (all, tell) = state.withLock { state in
                state.standings[standing.name] = standing
                return (state.order.compactMap { state.standings[$0] }, state.onStandings)
            }
            tell?(all)
        }

        func take(_ fact: StudioEvent, from place: String) {
            var fact = fact
            switch fact.kind {
            case .dataset(.profiled(var profile)):
                profile.path = PlacePath.at(place, profile.path)
                profile.askedPath = profile.askedPath.map { PlacePath.at(place, $0) }
                fact.kind = .dataset(.profiled(profile))
            case .dataset(.failed(let path, let message)):
                fact.kind = .dataset(.failed(path: PlacePath.at(place, path), message: "\(place): \(message)"))
            case .notice(.commandFailed(let message)): fact.kind = .notice(.commandFailed(message: "\(place): \(message)"))
            case .notice(.messageLogged(let message)): fact.kind = .notice(.messageLogged("\(place): \(message)"))
            default: return
            }
            state.withLock { $0.onFact }?(fact)
        }
    }

    /// - Parameter own: the user's own workspace, to copy runs into.
    /// - Throws: where the mirror cannot be had.
    init(_ places: [PlaceLink.Options], mirror: MirrorFolder, own: String) throws {
        ownPath = own
        (workspace, lock) = try mirror.open()
        let hub = Hub()
        self.hub = hub
        let workspace = workspace
        links = try places.map { options in
            try PlaceLink(
                options, in: workspace, onStanding: { hub.take($0) }, onFact: { hub.take($0, from: options.name) })
        }
        let standings = links.map(\.standing)
        hub.state.withLock { state in
            state.order = standings.map(\.name)
            for standing in standings { state.standings[standing.name] = standing }
        }
    }

    var names: [String] { links.map(\.options.name) }

    /// The places, as kernels on them are reached.
    var reached: [AttachedPlace] {
        links.map { AttachedPlace(name: $0.options.name, address: $0.options.address, descent: $0.options.descent) }
    }

    /// Connects to each place for the first time.
    /// - Returns: why those cannot be reached that could not.
    func connect() -> [String] {
        links.compactMap { link in
            do throws(RemoteError) { try link.connect() } catch {
                return "\(link.options.name) (\(link.options.address.text)): \(error.description)"
            }
            return nil
        }
    }

    /// Whether there is something to show though no place can be reached.
    var isKnown: Bool { links.contains(where: \.isKnown) }

    /// - Parameters:
    ///   - onStandings: told how the places are reached, whenever that changes; on threads of the links'.
    ///   - onFact: told what belongs to no run.
    func start(
        onStandings: @escaping @Sendable ([PlaceStanding]) -> Void, onFact: @escaping @Sendable (StudioEvent) -> Void
    ) throws {
        let standings = hub.state.withLock { state in
            (state.onStandings, state.onFact) = (onStandings, onFact)
            return state.order.compactMap { state.standings[$0] }
        }
        onStandings(standings)
        for link in links { try link.start() }
    }

    func close() { for link in links { link.close() } }

    // MARK: - What is asked

    /// Hands a command to the place that it is about.
    /// - Parameters:
    ///   - store: the calling thread's own.
    ///   - whenRefused: told why it is not done; on any thread.
    func perform(_ command: StudioCommand, in store: RunStore, whenRefused: @escaping @Sendable (String) -> Void) throws {
        if case .startHost = command {
            for link in links where !link.standing.isStale {
                link.perform(command) { if let refusal = $0 { whenRefused("\(link.options.name): \(refusal)") } }
            }
            return
        }
        let (link, there) = try route(command, store)
        var failure: StoreError?
        let mapped = there.mapped { run in
            do throws(StoreError) { return try store.remote(run)?.run ?? run } catch {
                failure = error
                return run
            }
        }
        if let failure { throw failure }
        let name = link.options.name
        link.perform(mapped) { if let refusal = $0 { whenRefused(refusal.hasPrefix(name) ? refusal : "\(name): \(refusal)") } }
    }

    /// Has a curve followed that the studio looks at.
    func want(_ run: RunID, _ metric: MetricName, in store: RunStore) throws {
        guard let (place, remote) = try store.remote(run) else { return }
        links.first { $0.options.name == place }?.want(remote, metric)
    }

    /// Has a data file read where it lies, once: what is in it arrives as a profile.
    /// - Returns: what there is to say until then.
    func read(_ path: String, _ reading: [String: String], in store: RunStore) throws -> String {
        let link = try link(ofPaths: [path]), name = link.options.name
        let command = StudioCommand.profileDataset(path: path, reading: reading.isEmpty ? nil : reading)
        if link.standing.isStale { return "it lies on \(name), which cannot be reached just now" }
        if read.withLock({ $0.insert(command).inserted }) { try perform(command, in: store) { _ in } }
        return "\(name) reads it: its columns are here in a moment"
    }

    /// Asks a run's place what only that knows, and waits for the answer: for queries that are not on the way of others.
    func ask(_ question: FarQuestion, in store: RunStore) throws -> JSONValue {
        let found = Mutex<Result<JSONValue, RemoteError>?>(nil), isFound = ThreadSignal()
        try ask(question, in: store) { answer in
            found.withLock { $0 = answer }
            isFound.set()
        }
        _ = isFound.wait(untilNanoseconds: SteadyClock.nanoseconds() + Self.patience)
        switch found.withLock({ $0 }) {
        case .success(let json): return json
        case .failure(let error): throw CommandError.failed(error.description)
        case nil: throw CommandError.failed("the place does not answer just now: try again")
        }
    }

    /// - Units: nanoseconds.
    private static let patience: UInt64 = 10_000_000_000

    private func ask(
        _ question: FarQuestion, in store: RunStore, whenAnswered: @escaping @Sendable (Result<JSONValue, RemoteError>) -> Void
    ) throws {
        guard let (place, remote) = try store.remote(question.run), let link = link(place) else {
            throw CommandError.failed("the run is gone, or of a place that is not attached any more")
        }
        link.ask(question.about(remote), whenAnswered: whenAnswered)
    }

    /// The files that a run left there, as far as is known; what is known is renewed.
    func files(of run: RunID, in store: RunStore) throws -> [RunDetails.File] {
        let now = SteadyClock.seconds()
        let (known, askedAt) = files.withLock { files in
            let before = files[run]
            if now - (before?.askedAt ?? 0) > Self.pause { files[run, default: FarFiles()].askedAt = now }
            return (before?.files, before?.askedAt)
        }
        guard now - (askedAt ?? 0) > Self.pause else { return known ?? [] }
        try ask(.files(run), in: store) { [self] answer in
            guard case .success(let json) = answer else { return }
            files.withLock { $0[run, default: FarFiles()].files = FarAnswers.files(json) }
        }
        // The first time nearly at once, where the line is good.
        for _ in 0..<20 where askedAt == nil {
            if let found = files.withLock({ $0[run]?.files }) { return found }
            usleep(10_000)
        }
        return known ?? []
    }

    /// Seconds between two looks at a run's files.
    private static let pause = 2.0

    private struct FarFiles {
        var files: [RunDetails.File]?
        var askedAt = 0.0
    }

    /// Copies a run into the user's own workspace, through a connection of its own.
    /// - Returns: the folder of the copy.
    func copyHere(_ run: RunID, in store: RunStore) throws -> String {
        guard let (place, remote) = try store.remote(run), let link = link(place) else {
            throw CommandError.failed("the run is gone, or of a place that is not attached any more")
        }
        let connection = try RunCopy.connect(link.options, isAttended: false)
        defer { connection.close() }
        let own = try Workspace(path: ownPath)
        let copy = try RunCopy().fetch(remote.text, from: connection, to: own)
        return own.artifactFolder(of: copy.record.id.text)
    }

    /// The place a command goes to, and the command with the paths that its files have there.
    private func route(_ command: StudioCommand, _ store: RunStore) throws -> (PlaceLink, StudioCommand) {
        if let run = command.run {
            guard let (place, _) = try store.remote(run), let link = link(place) else {
                throw CommandError.failed("the run is gone, or of a place that is not attached any more")
            }
            return (link, command)
        }
        switch command {
        case .startJob(let request): return (try link(of: request), .startJob(Self.there(request)))
        case .startTuning(var request, let name):
            let link = try link(of: request.job)
            request.job = Self.there(request.job)
            return (link, .startTuning(request, name: name))
        case .resumeTuning(let tuning):
            let (link, there) = try link(ofTuning: tuning)
            return (link, .resumeTuning(there))
        case .controlTuning(let tuning, let control):
            let (link, there) = try link(ofTuning: tuning)
            return (link, .controlTuning(there, control))
        case .profileDataset(let path, let reading):
            return (try link(ofPaths: [path]), .profileDataset(path: Self.there(path), reading: reading))
        case .editEntity(let entity, _):
            let places = try store.datasets.dataset(DatasetID(entity.id))?.places ?? []
            return (try link(ofPaths: places.prefix(1).map(\.path)), command)
        default: throw CommandError.failed("this cannot be asked of another machine: do it there")
        }
    }

    private func link(_ name: String) -> PlaceLink? { links.first { $0.options.name == name } }

    private func link(ofPaths paths: [String]) throws -> PlaceLink {
        let named = paths.compactMap { PlacePath.parts($0)?.place }.compactMap(link)
        if let first = named.first {
            guard named.allSatisfy({ $0 === first }) else {
                throw CommandError.usage("the files lie on different machines: name those of one")
            }
            return first
        }
        if links.count == 1 { return links[0] }
        throw CommandError.usage("say where it is: \(names.prefix(3).map { $0 + ":/path" }.joined(separator: " or "))")
    }

    private func link(of request: JobRequest) throws -> PlaceLink {
        let paths = [request.datasetPath, request.script, request.validationPath, request.folder]
        return try link(ofPaths: paths.compactMap { $0 })
    }

    /// The place of a tuning job, and what it is called there.
    private func link(ofTuning id: String) throws -> (PlaceLink, String) {
        guard let job = MirroredTuning(id: id), let link = link(job.place) else {
            throw CommandError.failed("the tuning job is gone, or of a place that is not attached any more")
        }
        return (link, job.remote)
    }

    private static func there(_ request: JobRequest) -> JobRequest {
        var request = request
        request.datasetPath = there(request.datasetPath)
        request.validationPath = request.validationPath.map(there)
        request.script = request.script.map(there)
        request.folder = request.folder.map(there)
        return request
    }

    private static func there(_ path: String) -> String { PlacePath.parts(path)?.path ?? path }
}
