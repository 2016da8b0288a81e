import Databases
import Events
import TemporaryFolders
import Testing

@testable import Experiments

/// What becomes of every table's rows when a run goes: a new table that nobody told about it fails here.
@Suite struct FeatureStoreTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    /// Tables of which all comes back from a damaged database.
    private static let lasting = ["metrics", "chunks", "events", "links", "tensor_names", "tensor_steps", "tensor_usage"]

    /// A run that has something in every table that can hold something of it.
    private func makeRun() throws -> RunID {
        var record = makeRecord("goes", name: "goes")
        record.fork = RunFork(parent: RunID("parent"), step: 7)
        record = try store.register(record)
        let run = record.id
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        bus.post(.run(.registered(record)), run: run)
        bus.post(.job(.trainingDataSummarised(summarised)), run: run)
        let channel = bus.makeChannel(run: run, metrics: [.trainLoss])
        channel.record(0, 1, step: 1, epoch: 1)
        channel.close()
        let tensors = TensorsOfStep(step: 1, epoch: 1, wallTime: 2, summaries: [TensorSummary("w", .weights, count: 3)])
        bus.post(.tensors(.summarised(tensors)), run: run)
        bus.flush()
        #expect(recorder.flush())
        bus.close()
        recorder.close()
        _ = try store.send(.stopJob(run))
        return run
    }

    /// The tables with a row that names the run, or one of its curves.
    private func tables(with run: RunID, in database: Database) throws -> Set<String> {
        let names = try database.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'") {
            $0.text(0)
        }
        var found: Set<String> = []
        for table in names where table != "migrations" && table != "counter" {
            let columns = try database.rows("SELECT name FROM pragma_table_info(?)", [.text(table)]) { $0.text(0) }
            for column in columns {
                let own = try database.rows("SELECT count(*) FROM \(table) WHERE \(column) = ?", [.text(run.text)]) {
                    $0.integer(0)
                }
                if own != [0] { found.insert(table) }
            }
        }
        if try database.rows("SELECT count(*) FROM chunks", [], { $0.integer(0) }) != [0] { found.insert("chunks") }
        return found
    }

    @Test func aRunThatIsErasedLeavesARowInNoTable() throws {
        let run = try makeRun()
        #expect(try tables(with: run, in: store.database) == Set(["runs", "commands"] + Self.lasting))
        try store.erase(run)
        #expect(try tables(with: run, in: store.database).isEmpty)
    }

    @Test func aRunThatDoesNotComeBackLeavesARowInNoTable() throws {
        let run = try makeRun()
        let folder = try TemporaryFolder()
        let new = try Database(path: folder.path + "/descent.sqlite")
        let counts = try Salvage(from: temporary.workspace.databasePath, into: new, .workspace).run()
        #expect(counts["commands"] == nil)
        try new.run("PRAGMA foreign_keys = OFF")
        try new.run("DELETE FROM runs")
        #expect(try tables(with: run, in: new) == Set(Self.lasting))
        try Salvage.removeOrphans(new)
        #expect(try tables(with: run, in: new).isEmpty)
    }
}
