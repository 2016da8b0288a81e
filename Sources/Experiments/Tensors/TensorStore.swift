import CheckedNumbers
import Databases
import Events
import Files
import JSON

/// What the tensors of runs were like, step by step.
public struct TensorStore: FeatureStore {
    /// Bytes that the summaries of a run may take, unless its request says otherwise.
    public static let byteLimit = 50_000_000
    /// The first captured steps, in which most of what goes wrong does, are never left out.
    private static let keptFirst = 16

    private let database: Database

    init(_ database: Database) { self.database = database }

    // MARK: - Reading

    /// The tensors that were captured, by collection and in the order in which they came.
    public func names(of run: RunID) throws(StoreError) -> [(name: String, collection: TensorCollection)] {
        let known = try tensors(of: run).sorted { ($0.value.collection, $0.key) < ($1.value.collection, $1.key) }
        return known.map(\.value)
    }

    /// What all tensors were like at one step; nil where it was not captured.
    public func tensors(of run: RunID, at step: Int, mode: TensorsOfStep.Mode = .train) throws(StoreError) -> TensorsOfStep? {
        try read(
            run, "AND step = ? AND mode = ?", [.integer(step), .text(mode.rawValue)], try tensors(of: run)
        ).first?.tensors
    }

    /// The captured steps in order, without what the tensors were like.
    /// - Parameter mode: nil for steps and evaluations alike.
    public func steps(of run: RunID, mode: TensorsOfStep.Mode? = nil) throws(StoreError) -> [Int] {
        try database.rows(
            "SELECT DISTINCT step FROM tensor_steps WHERE run = ?1 AND (?2 IS NULL OR mode = ?2) ORDER BY step",
            [.text(run.text), mode.map { .text($0.rawValue) } ?? .null]
        ) { $0.integer(0) }
    }

    /// Captured steps in order, from one step on, at most so many.
    public func tensors(of run: RunID, from step: Int = 0, atMost count: Int = .max) throws(StoreError) -> [TensorsOfStep] {
        try read(
            run, "AND step >= ? ORDER BY step, mode LIMIT ?", [.integer(step), .integer(count)], try tensors(of: run)
        ).map(\.tensors)
    }

    /// One tensor over all steps; without points where there is none of the name.
    public func tensor(_ name: String, of run: RunID) throws(StoreError) -> TensorHistory {
        let known = try tensors(of: run).filter { $0.value.name == name }
        let collection = known.first?.value.collection ?? TensorCollection(rawValue: "")
        var history = TensorHistory(name: name, collection: collection, points: [])
        guard !known.isEmpty else { return history }
        for (_, step) in try read(run, "ORDER BY step, mode", [], known) {
            guard let summary = step.summaries.first(where: { $0.collection == collection }) else { continue }
            history.points.append(
                .init(step: step.step, epoch: step.epoch, wallTime: step.wallTime, mode: step.mode, summary: summary))
        }
        return history
    }

    /// Every tensor of a collection over all steps.
    public func histories(of collection: TensorCollection, run: RunID) throws(StoreError) -> [TensorHistory] {
        let known = try tensors(of: run).filter { $0.value.collection == collection }
        guard !known.isEmpty else { return [] }
        var histories: [String: TensorHistory] = [:]
        for (_, step) in try read(run, "ORDER BY step, mode", [], known) {
            for summary in step.summaries where summary.collection == collection {
                histories[summary.name, default: TensorHistory(name: summary.name, collection: collection, points: [])].points
                    .append(.init(step: step.step, epoch: step.epoch, wallTime: step.wallTime, mode: step.mode, summary: summary))
            }
        }
        return histories.values.sorted { $0.name < $1.name }
    }

    /// How much is kept of a run's tensors.
    public func usage(of run: RunID) throws(StoreError) -> TensorUsage {
        var usage = TensorUsage()
        let values: [Database.Value] = [.text(run.text)]
        let counts = "SELECT count(*), min(step), max(step) FROM tensor_steps WHERE run = ? AND mode = "
        try database.run(counts + "'train'", values) { row in
            usage.stepCount = row.integer(0)
            if usage.stepCount > 0 { usage.steps = row.integer(1)...max(row.integer(1), row.integer(2)) }
        }
        try database.run(counts + "'eval'", values) { usage.evaluationCount = $0.integer(0) }
        try database.run("SELECT byte_count, thinned_count FROM tensor_usage WHERE run = ?", values) { row in
            (usage.byteCount, usage.thinnedCount) = (row.integer(0), row.integer(1))
        }
        return usage
    }

    /// Tensors of a run that were saved whole, which lie in its folder; in code `tensors.wholeTensors(of: run).values(of: name, at: step)`.
    public func wholeTensors(of run: RunID) -> WholeTensors {
        WholeTensors(artifactFolder: FilePath.folder(database.path) + "/artifacts/" + run.text)
    }

    private typealias Tensors = [Int: (name: String, collection: TensorCollection)]

    private func tensors(of run: RunID) throws(StoreError) -> Tensors {
        let rows = try database.rows("SELECT id, name, collection FROM tensor_names WHERE run = ?", [.text(run.text)]) {
            ($0.integer(0), (name: $0.text(1), collection: TensorCollection(rawValue: $0.text(2))))
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// - Parameter tensors: those that are wanted.
    private func read(
        _ run: RunID, _ condition: String, _ values: [Database.Value], _ tensors: Tensors
    ) throws(StoreError) -> [(id: Int, tensors: TensorsOfStep)] {
        let sql = """
            SELECT id, step, mode, epoch, wall_time, passed_over, spent, summaries FROM tensor_steps WHERE run = ? \(condition)
            """
        return try database.rows(sql, [.text(run.text)] + values) { row in
            let summaries = row.withBlob(7) { TensorBlob.summaries($0) { tensors[$0] } }
            return (
                row.integer(0),
                TensorsOfStep(
                    step: row.integer(1), epoch: row.real(3), wallTime: row.real(4),
                    mode: TensorsOfStep.Mode(rawValue: row.text(2)) ?? .train, summaries: summaries,
                    passedOver: max(0, row.integer(5)), spent: Self.spent(row.text(6)))
            )
        }
    }

    private static func spent(_ text: String) -> [StepPart: Double] {
        do { return StepPart.seconds(try JSONValue(parsing: text)) } catch { return [:] }
    }

    // MARK: - Inside a transaction that the caller holds

    func fold(_ event: StudioEvent, of record: RunRecord?, change: Int) throws(StoreError) {
        guard case .tensors(.summarised(let step)) = event.kind, let run = event.run else { return }
        let whole = wholeTensors(of: run).byteCount
        try write(step, of: run, byteLimit: max(0, Self.byteLimit(of: record) - whole))
    }

    private static func byteLimit(of record: RunRecord?) -> Int {
        guard let megabytes = record?.request.debugLimit else { return byteLimit }
        return Int.size(megabytes, times: 1_000_000) ?? .max
    }

    /// Keeps a step; another capture of the same step takes the place of the one before.
    func write(_ tensors: TensorsOfStep, of run: RunID, byteLimit: Int = byteLimit) throws(StoreError) {
        var blob = TensorBlob()
        for summary in tensors.summaries { blob.append(summary, as: try number(summary, of: run)) }
        let place: [Database.Value] = [.text(run.text), .integer(tensors.step), .text(tensors.mode.rawValue)]
        let known = "SELECT length(summaries) FROM tensor_steps WHERE run = ? AND step = ? AND mode = ?"
        let former = try database.rows(known, place) { $0.integer(0) }.first ?? 0
        let spent = StepPart.json(tensors.spent)
        try database.run(
            """
            INSERT INTO tensor_steps (run, step, mode, epoch, wall_time, passed_over, spent, summaries)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT(run, step, mode) DO UPDATE SET epoch = ?4, wall_time = ?5, passed_over = ?6, spent = ?7, summaries = ?8
            """,
            place + [
                .real(tensors.epoch), .real(tensors.wallTime), .integer(tensors.passedOver), .text(spent.text), .blob(blob.bytes),
            ])
        try count(run, bytes: blob.bytes.count - former, thinned: 0)
        let total = try database.rows("SELECT byte_count FROM tensor_usage WHERE run = ?", [.text(run.text)]) { $0.integer(0) }
        if total.first ?? 0 > byteLimit { try thin(run) }
    }

    private func number(_ summary: TensorSummary, of run: RunID) throws(StoreError) -> Int {
        let values: [Database.Value] = [.text(run.text), .text(summary.name), .text(summary.collection.rawValue)]
        let known = "SELECT id FROM tensor_names WHERE run = ? AND name = ? AND collection = ?"
        if let id = try database.rows(known, values, { $0.integer(0) }).first { return id }
        try database.run("INSERT INTO tensor_names (run, name, collection) VALUES (?, ?, ?)", values)
        return try database.rows(known, values) { $0.integer(0) }.first ?? 0
    }

    private func count(_ run: RunID, bytes: Int, thinned: Int) throws(StoreError) {
        try database.run(
            """
            INSERT INTO tensor_usage (run, byte_count, thinned_count) VALUES (?1, ?2, ?3)
            ON CONFLICT(run) DO UPDATE SET byte_count = max(0, byte_count + ?2), thinned_count = thinned_count + ?3
            """, [.text(run.text), .integer(bytes), .integer(thinned)])
    }

    /// Leaves out every other step and evaluation of the older three quarters. What is left says how many lie between.
    private func thin(_ run: RunID) throws(StoreError) {
        for mode in TensorsOfStep.Mode.allCases { try thin(run, mode) }
    }

    private func thin(_ run: RunID, _ mode: TensorsOfStep.Mode) throws(StoreError) {
        let rows = try database.rows(
            "SELECT id, passed_over, length(summaries) FROM tensor_steps WHERE run = ? AND mode = ? ORDER BY step",
            [.text(run.text), .text(mode.rawValue)]
        ) { (id: $0.integer(0), passedOver: $0.integer(1), byteCount: $0.integer(2)) }
        let old = rows.dropFirst(Self.keptFirst).prefix(max(2, rows.count * 3 / 4 - Self.keptFirst))
        var bytes = 0, thinned = 0
        for place in stride(from: old.startIndex, to: old.endIndex, by: 2) {
            let row = rows[place]
            try database.run("DELETE FROM tensor_steps WHERE id = ?", [.integer(row.id)])
            (bytes, thinned) = (bytes + row.byteCount, thinned + 1)
            guard place + 1 < rows.count else { continue }
            try database.run(
                "UPDATE tensor_steps SET passed_over = passed_over + ? WHERE id = ?",
                [.integer(row.passedOver + 1), .integer(rows[place + 1].id)])
        }
        try count(run, bytes: -bytes, thinned: thinned)
    }

    func forget(_ run: RunID) throws(StoreError) {
        for table in ["tensor_steps", "tensor_names", "tensor_usage"] {
            try database.run("DELETE FROM \(table) WHERE run = ?", [.text(run.text)])
        }
    }

    func forget(_ run: RunID, afterStep step: Int) throws(StoreError) {
        let values: [Database.Value] = [.text(run.text), .integer(step)]
        let sizes = "SELECT coalesce(sum(length(summaries)), 0) FROM tensor_steps WHERE run = ? AND step > ?"
        let bytes = try database.rows(sizes, values) { $0.integer(0) }.first ?? 0
        try database.run("DELETE FROM tensor_steps WHERE run = ? AND step > ?", values)
        if bytes > 0 { try count(run, bytes: -bytes, thinned: 0) }
    }

    func removeOrphans() throws(StoreError) {
        for table in ["tensor_steps", "tensor_names", "tensor_usage"] {
            try database.run("DELETE FROM \(table) WHERE run NOT IN (SELECT id FROM runs)")
        }
    }
}

extension RunStore {
    /// What the tensors of runs were like.
    public var tensors: TensorStore { TensorStore(database) }
}
