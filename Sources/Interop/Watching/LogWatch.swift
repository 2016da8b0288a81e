import Clocks
import Databases
import Events
import Experiments
import Files
import Glibc
import Synchronization
import Threads

/// Watches the logs of other programs and posts their runs on the bus, on a thread of its own. The logs are never written to.
///
/// The kernel says when something changed; files of runs that go on are also looked at every five seconds, for the sake of
/// network drives, and the folders once a minute. Between that it sleeps.
// SAFETY: `thread` is set once in init and joined once in close; the rest belongs to the thread.
public final class LogWatch: @unchecked Sendable {
    private let search: LogSearch
    private let runs: WatchedRuns
    private let bus: EventBus
    private let isOnce: Bool
    private let changes = FolderEvents()
    private var stamps: [String: [FileStamp?]] = [:]
    private var failures: Set<String> = []
    private let sources = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)
    private var thread: NamedThread?

    /// - Parameters:
    ///   - store: used by the watch's thread alone from now on.
    ///   - settle: returns when everything posted before is in the workspace.
    /// - Throws: a path that is not there.
    public init(
        _ request: WatchRequest, store: RunStore, bus: EventBus, version: String, settle: @escaping @Sendable () -> Void
    ) throws(LogError) {
        var roots: [String] = []
        for path in request.paths {
            guard let root = FilePath.absolute(path) else {
                throw LogError(message: "\(path): no such file or folder: check the path")
            }
            roots.append(root)
        }
        search = LogSearch(roots: roots, columns: request.columns, isOnce: request.isOnce)
        runs = WatchedRuns(
            store: store, bus: bus, version: version, columns: request.columns, objective: request.objective, settle: settle)
        self.bus = bus
        isOnce = request.isOnce
        do throws(ThreadError) {
            thread = try NamedThread(name: "logs") { [self] in watchUntilClosed() }
        } catch { throw LogError(message: error.description) }
    }

    /// Sources found so far: files, folders and databases.
    public var sourceCount: Int { sources.load(ordering: .acquiring) }

    /// Returns when what was there has been read; only for a watch that is `isOnce`.
    public func waitUntilRead() { thread?.join() }

    /// Says of runs that go on that they are no longer watched, and ends the thread.
    public func close() {
        isClosed.store(true, ordering: .releasing)
        changes.end()
        thread?.join()
        thread = nil
    }

    private func watchUntilClosed() {
        search.scan()
        changes.watch(search.folders)
        // What came between the search and the watch.
        search.scan()
        readAll(search.readers)
        sources.store(search.readers.count, ordering: .releasing)
        var lastScan = SteadyClock.seconds()
        while !isOnce, !isClosed.load(ordering: .acquiring) {
            let change = changes.wait(seconds: runs.isAnyActive || !changes.isComplete ? 5 : 60)
            if change.isEnded { break }
            let now = WallClock.now()
            let moment = SteadyClock.seconds()
            let isScan = change.hasNew || moment - lastScan > (changes.isComplete ? 60 : 5)
            let knownCount = search.readers.count
            if isScan {
                search.scan()
                changes.watch(search.folders)
                lastScan = moment
            } else {
                search.look(at: change.files)
            }
            readAll(
                search.readers.enumerated().filter { index, reader in
                    isScan || index >= knownCount || runs.isActive(reader)
                        || reader.files.contains { change.folders.contains(FilePath.folder($0)) }
                }.map(\.element))
            sources.store(search.readers.count, ordering: .releasing)
            for reader in runs.silent(search.readers, now: now) {
                for update in reader.readUnfinished() { take(update, of: reader) }
            }
            runs.endSilent(readers: search.readers, now: now)
            // A log that is written to all the time is read some twenty times a second, not after every line.
            if !change.folders.isEmpty { usleep(40_000) }
        }
        runs.sayNotesOfTheRest()
        runs.leave(now: WallClock.now())
    }

    private func readAll(_ readers: [any LogReader]) {
        for problem in search.takeProblems() { bus.post(.notice(.commandFailed(message: problem))) }
        // The beginning of each first, so that every run is there at once however long the logs; then the rest, newest first.
        var unfinished: [(reader: any LogReader, modifiedAt: Double)] = []
        for reader in readers where !isClosed.load(ordering: .acquiring) {
            let stamp = reader.files.map { FileStamp($0) }
            guard stamps[reader.path] != stamp else { continue }
            let isNew = stamps.updateValue(stamp, forKey: reader.path) == nil
            if isNew, isRecorded(reader) { continue }
            read(reader)
            if reader.hasMore { unfinished.append((reader, stamp.compactMap { $0?.modifiedAt }.max() ?? 0)) }
        }
        for (reader, _) in unfinished.sorted(by: { $0.modifiedAt > $1.modifiedAt }) {
            while reader.hasMore, !isClosed.load(ordering: .acquiring) { read(reader) }
        }
    }

    /// Reads a portion; when nothing more will come, also a last record whose end is not there, before the end of the run is told.
    private func read(_ reader: any LogReader) {
        var updates = reader.read()
        if isOnce, !reader.hasMore {
            for update in reader.readUnfinished() {
                if let place = updates.firstIndex(where: { $0.key == update.key }) {
                    updates[place].append(update)
                } else {
                    updates.append(update)
                }
            }
        }
        for update in updates { take(update, of: reader) }
    }

    private func take(_ update: RunUpdate, of reader: any LogReader) {
        do throws(StoreError) { try runs.take(update, of: reader, now: WallClock.now()) } catch { tell(error) }
    }

    private func isRecorded(_ reader: any LogReader) -> Bool {
        do throws(StoreError) { return try runs.isRecorded(reader) } catch {
            tell(error)
            return false
        }
    }

    private func tell(_ error: StoreError) {
        if failures.insert(error.description).inserted { bus.post(.notice(.commandFailed(message: error.description))) }
    }
}
