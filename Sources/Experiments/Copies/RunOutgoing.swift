import Databases
import Events
import Files
import Glibc

/// All of a run, piece by piece, for another workspace. Use it from one thread at a time.
public final class RunOutgoing {
    public enum Piece: Sendable {
        case news(WorkspaceNews)
        case file(name: String, offset: Int, [UInt8])
    }

    public let run: RunSummary
    /// Bytes of its files.
    public let byteCount: Int
    private let store: RunStore
    private let folder: String
    private let portion: Int
    private var files: [String]
    private var open: (name: String, file: Int32, offset: Int)?
    private var news: [WorkspaceNews] = []
    private var curves: [MetricName] = []
    private var curve: (metric: MetricName, count: Int)?
    /// Up to which step tensors were told.
    private var tensorStep = 0
    private var stage = Stage.beginning

    /// Captured steps in a piece.
    private static let mostTensorSteps = 8

    private enum Stage { case beginning, files, knowledge, end }

    /// - Parameters:
    ///   - files: names of its files below its folder.
    ///   - portion: bytes of a file in a piece.
    public init(_ store: RunStore, _ run: RunSummary, files: [(name: String, byteCount: Int)], portion: Int) {
        (self.store, self.run, self.portion) = (store, run, portion)
        folder = store.workspace.artifactFolder(of: run.record.id.text)
        self.files = files.map(\.name).filter { $0 != RunFile.name }.reversed()
        byteCount = files.reduce(0) { $0 + $1.byteCount }
    }

    deinit { if let open { close(open.file) } }

    /// - Returns: nil when that was all.
    public func next() throws(StoreError) -> Piece? {
        while true {
            switch stage {
            case .beginning:
                stage = .files
                return .news(.run(run))
            case .files:
                if let piece = nextOfFiles() { return piece }
                // What is known is read after the files, so that no checkpoint is ahead of the curve.
                stage = .knowledge
                try know()
            case .knowledge:
                if !news.isEmpty { return .news(news.removeFirst()) }
                if let piece = try nextOfCurves() { return .news(piece) }
                if let piece = try nextOfTensors() { return .news(piece) }
                stage = .end
            case .end: return nil
            }
        }
    }

    private func nextOfFiles() -> Piece? {
        while open != nil || !files.isEmpty {
            if open == nil {
                let name = files.removeLast()
                let file = Glibc.open(folder + "/" + name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
                // An older checkpoint may have made room for a newer one.
                guard file >= 0 else { continue }
                open = (name, file, 0)
            }
            guard let now = open else { return nil }
            let bytes = FileContents.read(now.file, at: now.offset, count: portion)
            if bytes.isEmpty, now.offset > 0 {
                close(now.file)
                open = nil
                continue
            }
            open?.offset += bytes.count
            if bytes.isEmpty {
                close(now.file)
                open = nil
            }
            return .file(name: now.name, offset: now.offset, bytes)
        }
        return nil
    }

    private func know() throws(StoreError) {
        let id = run.record.id
        if let now = try store.run(id) { news.append(.run(now)) }
        let events = try store.events(of: id)
        for start in stride(from: 0, to: events.count, by: 100) {
            news.append(.events(id, isWhole: false, Array(events[start..<min(start + 100, events.count)])))
        }
        curves = try store.metrics(of: id)
    }

    private func nextOfTensors() throws(StoreError) -> WorkspaceNews? {
        let steps = try store.tensors.tensors(of: run.record.id, from: tensorStep, atMost: Self.mostTensorSteps)
        guard let last = steps.last else { return nil }
        // Those of the last step may be in two modes, of which one is still to come.
        let isAll = steps.count < Self.mostTensorSteps, isOneStep = steps.allSatisfy { $0.step == last.step }
        tensorStep = isAll || isOneStep ? last.step + 1 : last.step
        return .tensors(run.record.id, isWhole: false, isAll || isOneStep ? steps : steps.filter { $0.step < last.step })
    }

    private func nextOfCurves() throws(StoreError) -> WorkspaceNews? {
        while true {
            if curve == nil {
                guard let metric = curves.popLast() else { return nil }
                curve = (metric, 0)
            }
            guard let now = curve else { return nil }
            let points = try store.points(
                run: run.record.id, metric: now.metric, from: now.count, atMost: WorkspaceNews.mostPoints)
            if points.isEmpty {
                curve = nil
                continue
            }
            curve = (now.metric, now.count + points.count)
            return .points(run.record.id, now.metric, from: now.count, points)
        }
    }
}
