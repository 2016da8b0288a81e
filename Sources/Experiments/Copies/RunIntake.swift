import CheckedNumbers
import Databases
import Events
import Files
import Glibc
import JSON

/// Takes in a run of another workspace: all of it, or nothing. What comes is kept in a folder beside the runs' until it is whole.
/// Use it from one thread at a time.
public final class RunIntake {
    private let store: RunStore
    private let folder: String
    private var summary: RunSummary?
    private var events: [StudioEvent] = []
    /// Points of each curve so far, and the file that they wait in.
    private var curves: [MetricName: (file: Int32, count: Int)] = [:]
    /// The file that what is told of tensors waits in.
    private var tensors: Int32?
    private var tensorPath: String { folder + "/tensors" }
    private var open: (name: String, file: Int32, offset: Int)?
    /// Bytes of files that came.
    public private(set) var byteCount = 0

    private static let mostEvents = 1_000_000

    /// - Parameter number: tells it from others of this process.
    public init(_ workspace: Workspace, number: Int) throws(StoreError) {
        store = try RunStore(workspace)
        try store.checkIsWritable()
        folder = workspace.path + "/artifacts/.incoming-\(getpid())-\(number)"
        Self.removeLeft(workspace)
        try Workspace.makeFolder(folder + "/files")
        try Workspace.makeFolder(folder + "/curves")
    }

    deinit { abandon() }

    /// Removes what copies left that were killed.
    private static func removeLeft(_ workspace: Workspace) {
        for name in Folder.names(in: workspace.path + "/artifacts") where name.hasPrefix(".incoming-") {
            let process = name.split(separator: "-").dropFirst().first.flatMap { Int32($0) }
            if let process, kill(process, 0) != 0, errno == ESRCH { Folder.remove(workspace.path + "/artifacts/" + name) }
        }
    }

    /// Takes a piece of what the other workspace knows of the run. The run itself comes first.
    /// - Throws: `nameTaken` where the run is here already.
    public func take(_ news: WorkspaceNews) throws(StoreError) {
        switch news {
        case .run(let summary):
            if let known = try store.run(summary.record.id) {
                throw StoreError(
                    code: .nameTaken, message: "the run is there already, as \(known.record.name): nothing is overwritten",
                    operation: "copy")
            }
            self.summary = summary
        case .events(_, _, let more):
            guard events.count + more.count <= Self.mostEvents else { throw Self.fault("it has too many events") }
            events += more
        case .points(_, let metric, let from, let points): try take(points, of: metric, from: from)
        case .tensors(_, _, let steps): try keep(steps)
        default: break
        }
    }

    /// A line for each piece, in a file: a long run has more of them than memory should hold.
    private func keep(_ steps: [TensorsOfStep]) throws(StoreError) {
        guard let run = summary?.record.id else { throw Self.fault("it did not begin with the run") }
        if tensors == nil {
            let file = Glibc.open(tensorPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw Self.failure("open") }
            tensors = file
        }
        guard let tensors else { return }
        try Self.write(Array((WorkspaceNews.tensors(run, isWhole: false, steps).json.text + "\n").utf8), to: tensors)
    }

    private func take(_ points: [MetricPoint], of metric: MetricName, from: Int) throws(StoreError) {
        if curves[metric] == nil {
            let file = Glibc.open(folder + "/curves/\(curves.count)", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw Self.failure("open") }
            curves[metric] = (file, 0)
        }
        guard let curve = curves[metric], curve.count == from else { throw Self.fault("a piece of \(metric) is missing") }
        try Self.write(SeriesPoints.bytes(points), to: curve.file)
        curves[metric]?.count += points.count
    }

    /// Takes a piece of one of its files; pieces of a file come one after the other.
    public func take(file name: String, offset: Int, _ bytes: [UInt8]) throws(StoreError) {
        if open?.name != name {
            try closeFile()
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !parts.isEmpty, parts.count < 20, name.utf8.count < 1024,
                parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) })
            else { throw Self.fault("one of its files has a name that leads elsewhere") }
            let path = folder + "/files/" + name
            try Workspace.makeFolder(FilePath.folder(path))
            let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            guard file >= 0 else { throw Self.failure("open") }
            open = (name, file, 0)
        }
        guard let now = open, now.offset == offset else { throw Self.fault("a piece of \(name) is missing") }
        try Self.write(bytes, to: now.file)
        open?.offset += bytes.count
        byteCount += bytes.count
    }

    /// Makes it a run of this workspace.
    /// - Returns: the run, with the name that it got.
    public func finish() throws(StoreError) -> RunSummary {
        try closeFile()
        guard var summary else { throw Self.fault("it did not come whole") }
        summary.record.place = nil
        summary.record.processID = 0
        if !summary.status.isFinal { (summary.status, summary.phase, summary.reason) = (.stopped, nil, .interrupted) }
        let id = summary.record.id
        let target = store.workspace.artifactFolder(of: id.text)
        guard access(target, F_OK) != 0 else { throw Self.fault("files of such a run are there already") }
        let database = store.database
        var isMoved = false
        // Files without a row are nobody's.
        defer { if !isMoved { Folder.remove(target) } }
        let copied = try database.transaction { () throws(StoreError) in
            try take(.run(summary))
            summary.record.name = try store.names.free(like: summary.record.name)
            summary.record.number =
                try database.rows("SELECT coalesce(max(number) + 1, 0) FROM runs") { $0.integer(0) }.first ?? 0
            let writer = RunWriter(database), change = try writer.nextChange()
            try writer.write(summary, owner: ProcessMark(text: "copied"), change: change)
            let features = FeatureStoreList(database)
            for event in events { try features.fold(event, of: summary.record, change: change) }
            try QueueStore(database).remove(id)
            for (metric, curve) in curves { try write(curve.file, of: metric) }
            try writeTensors(of: id)
            // Renamed before the row can be seen, so that a run that is there is whole.
            guard rename(folder + "/files", target) == 0 else { throw Self.failure("rename") }
            return summary
        }
        isMoved = true
        RunFile.write(copied, to: store.workspace)
        abandon()
        return copied
    }

    private func write(_ file: Int32, of metric: MetricName) throws(StoreError) {
        guard let id = summary?.record.id else { return }
        let rows = CurveRows(store.database), portion = SeriesChunk.capacity * 28
        var curve = try rows.open(run: id, metric: metric), offset = 0
        while true {
            let bytes = FileContents.read(file, at: offset, count: portion)
            if bytes.isEmpty { return }
            try rows.append(SeriesPoints.points(bytes), to: &curve)
            offset += bytes.count
        }
    }

    private func writeTensors(of run: RunID) throws(StoreError) {
        guard let tensors else { return }
        var offset = 0, line: [UInt8] = []
        while true {
            let bytes = FileContents.read(tensors, at: offset, count: 1 << 20)
            if bytes.isEmpty { return }
            offset += bytes.count
            var rest = bytes[...]
            while let end = rest.firstIndex(of: 10) {
                try writeTensors(line + rest[..<end], of: run)
                line = []
                rest = rest[(end + 1)...]
            }
            line += rest
        }
    }

    private func writeTensors(_ line: [UInt8], of run: RunID) throws(StoreError) {
        let json: JSONValue
        do { json = try JSONValue(parsing: String(decoding: line, as: UTF8.self)) } catch {
            throw Self.fault("what was kept of its tensors cannot be read")
        }
        guard case .tensors(_, _, let steps)? = WorkspaceNews(json: json) else { return }
        for step in steps { try store.tensors.write(step, of: run, byteLimit: .max) }
    }

    private func closeFile() throws(StoreError) {
        guard let now = open else { return }
        open = nil
        let isSafe = fsync(now.file) == 0
        guard Glibc.close(now.file) == 0, isSafe else { throw Self.failure("fsync") }
    }

    /// Removes what came so far.
    private func abandon() {
        if let now = open { Glibc.close(now.file) }
        open = nil
        for curve in curves.values { Glibc.close(curve.file) }
        curves = [:]
        if let tensors { Glibc.close(tensors) }
        tensors = nil
        Folder.remove(folder)
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws(StoreError) {
        guard WholeWrite.write(bytes, to: file) else { throw failure("write") }
    }

    private static func fault(_ why: String) -> StoreError {
        StoreError(code: .failed, message: "the run cannot be copied: \(why)", operation: "copy")
    }

    private static func failure(_ operation: String) -> StoreError {
        let code = errno
        return StoreError(
            code: code == ENOSPC || code == EDQUOT ? .diskFull : .failed,
            message: "the run cannot be copied: make room, or look at the workspace's permissions", operation: operation,
            cause: String(cString: strerror(code)))
    }
}
