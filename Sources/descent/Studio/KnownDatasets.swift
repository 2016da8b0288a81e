import Events
import Experiments
import Studio
import Tables
import Training

/// The data sets that the workspace knows, for the studio's pane: told at the start and when another process saw one. Files that were
/// trained on and never profiled are read, one after the other and behind what the user asks for.
// SAFETY: everything here belongs to the worker's lane; the lane of files is handed values alone.
final class KnownDatasets: @unchecked Sendable {
    /// More than anybody looks through.
    private static let shownCount = 200
    /// A larger file is read when the user says so: profiling reads all of it into memory.
    private static let largestUnasked = 64 << 20

    private let engine: Engine
    private let worker: WorkLane
    private let files: WorkLane
    private let answer: @Sendable (Action) -> Void
    private var unread: [DatasetID] = []
    private var isReading = false
    /// Nothing is read twice unasked.
    private var wasRead: Set<DatasetID> = []

    init(engine: Engine, worker: WorkLane, files: WorkLane, answer: @escaping @Sendable (Action) -> Void) {
        self.engine = engine
        self.worker = worker
        self.files = files
        self.answer = answer
    }

    /// Tells what there is, last seen first.
    func load() throws { try tell(try engine.store.datasets.datasets(newest: Self.shownCount)) }

    /// Tells what changed since a change number of the workspace.
    func refresh(after change: Int) throws {
        try tell(try engine.store.datasets.datasets(changedAfter: change, includingDeleted: true))
    }

    /// Changes what the user says about a data set, in the workspace first. The screen shows the change already: when it cannot be
    /// made, it gets the data set as it is.
    func edit(_ entity: EntityReference, _ edit: EntityEdit) throws {
        let id = DatasetID(entity.id)
        do {
            // It may have been opened just now.
            engine.flush()
            try engine.store.datasets.edit(id, edit)
            engine.bus.post(.entity(.edited(entity, edit)), run: nil)
        } catch {
            if let stored = try engine.store.datasets.dataset(id) { try tell([stored]) }
            throw error
        }
    }

    private func tell(_ summaries: [DatasetSummary]) throws {
        guard !summaries.isEmpty else { return }
        let looked = summaries.map { $0.lookedAt() }
        answer(.datasetsLoaded(looked))
        unread += looked.filter { place(toRead: $0) != nil }.map(\.id)
        try readNext()
    }

    /// Where a data set should be read unasked; nil when it need not or may not.
    private func place(toRead known: DatasetSummary) -> DatasetPlace? {
        guard !known.labels.isDeleted, let place = known.place, PlacePath.parts(place.path) == nil, !wasRead.contains(known.id)
        else { return nil }
        return place.state == .unsure || place.state == .unchanged && known.profile == nil ? place : nil
    }

    private func readNext() throws {
        while !isReading, !unread.isEmpty {
            // It may have been opened or closed since it was told.
            guard let known = try engine.store.datasets.dataset(unread.removeFirst())?.lookedAt(),
                let place = place(toRead: known), wasRead.insert(known.id).inserted,
                let size = DataFileStamp(at: place.path)?.byteCount, size <= Self.largestUnasked
            else { continue }
            read(known, at: place.path)
        }
    }

    private func read(_ known: DatasetSummary, at path: String) {
        isReading = true
        let (id, reading) = (known.id, known.reading)
        files.add { [self] in
            let result = Result { () throws(TableFault) in try Self.profile(path, reading) }
            worker.add { [self] in
                isReading = false
                do {
                    try keep(result, of: id, at: path)
                    try readNext()
                } catch {
                    // Nobody asked for it, and that the workspace cannot be written is told by what was asked for.
                    unread = []
                }
            }
        }
    }

    /// Why a file cannot be read as data.
    private struct TableFault: Error { var words: String }

    private static func profile(_ path: String, _ reading: [String: String]) throws(TableFault) -> DatasetProfile {
        do { return try DatasetProfiling.profile(path: path, options: try ReadOptions(reading)) } catch {
            throw TableFault(words: CommandError(error).description)
        }
    }

    private func keep(_ result: Result<DatasetProfile, TableFault>, of id: DatasetID, at path: String) throws {
        let store = engine.store.datasets
        if case .success(let profile) = result { try store.keep(profile, of: id) }
        guard var now = try store.dataset(id)?.lookedAt() else { return }
        if case .failure(let fault) = result {
            for index in now.places.indices where now.places[index].path == path {
                now.places[index].state = .unreadable(fault.words)
            }
        }
        answer(.datasetsLoaded([now]))
    }
}
