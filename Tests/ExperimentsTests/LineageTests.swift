import Databases
import Events
import TemporaryFolders
import Testing

@testable import Experiments

/// What a job says when it has read its data.
let summarised = TrainingDataSummary(
    rowCount: 10, featureCount: 3, validationRowCount: 2, target: "y", isShuffled: false, isNormalised: true, orderZ: 0,
    scaleRatio: 1, widestFeature: "a", narrowestFeature: "b")

/// What led to what, written with the facts it comes from.
@Suite struct LineageTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    private static let training = "00000000000000aa", validation = "00000000000000bb"

    private static func record(_ id: String, _ change: (inout RunRecord) -> Void = { _ in }) -> RunRecord {
        var record = makeRecord(id, name: id)
        record.dataFingerprint = ""
        change(&record)
        return record
    }

    /// Records of every kind of origin.
    private static let records: [RunRecord] = [
        record("parent") { $0.dataFingerprint = training },
        record("child") { $0.fork = RunFork(parent: RunID("parent"), step: 7) },
        record("again") { $0.reproduces = RunID("parent") },
        record("apart") {
            $0.request.validationPath = "it's/v.csv"
            $0.dataFingerprint = training + validation
        },
        // A split, so that the fingerprint is of one file, however long it is.
        record("long") { $0.dataFingerprint = training + validation },
        record("unread"),
    ]

    private func post(_ kinds: [(StudioEvent.Kind, RunID)]) throws {
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        for (kind, run) in kinds { bus.post(kind, run: run) }
        bus.flush()
        #expect(recorder.flush())
        bus.close()
        recorder.close()
    }

    private func words(_ links: [Link]) -> [String] {
        links.map { "\($0.to.id) \($0.kind.rawValue) \($0.from.id)" + ($0.detail.map { " \($0.text)" } ?? "") }
    }

    @Test func aRunsOriginIsWrittenWithItsRow() throws {
        let alert = AlertReference(run: RunID("parent"), rule: "DataOrder")
        _ = try store.register(Self.record("parent"))
        _ = try store.register(
            Self.record("child") {
                $0.fork = RunFork(parent: RunID("parent"), step: 7)
                $0.remedies = alert
            })
        let links = try store.links.links(to: EntityReference(RunID("child")))
        #expect(words(links) == [#"child forkedFrom parent {"step":7}"#, "child remedies parent/DataOrder"])
        #expect(try store.links.links(from: EntityReference(RunID("parent"))).map(\.kind) == [.forkedFrom])
        #expect(try store.links.links(from: alert.entity).map(\.to.id) == ["child"])
        #expect(try store.links.links(fromAlertsOf: RunID("parent")).map(\.kind) == [.remedies])
        #expect(try store.links.links(fromAlertsOf: RunID("paren")).isEmpty)
        #expect(AlertReference(alert.entity) == alert)
    }

    @Test func theEndsOfARunsLinksAreCalledWhatTheyAreCalledNow() throws {
        let parent = try store.register(Self.record("parent") { $0.dataFingerprint = Self.training })
        try post([(.run(.registered(parent)), parent.id), (.job(.trainingDataSummarised(summarised)), parent.id)])
        let alert = AlertReference(run: parent.id, rule: "DataOrder")
        _ = try store.register(Self.record("child") { $0.fork = RunFork(parent: parent.id, step: 7) })
        _ = try store.register(Self.record("remedy") { $0.remedies = alert })
        try store.apply(.run(.edited(RunEdit(name: "renamed"))), to: parent.id)
        try store.datasets.edit(DatasetID(Self.training), EntityEdit(name: "churn"))
        func words(_ entries: [RunLineage.Entry]) -> [String] { entries.map { "\($0.link.kind.rawValue) \($0.name)" } }
        let lineage = try store.lineage(of: parent.id)
        #expect(words(lineage.sources) == ["trainedOn churn"])
        #expect(words(lineage.results) == ["forkedFrom child", "remedies remedy"])
        #expect(words(try store.lineage(of: RunID("remedy")).sources) == ["remedies DataOrder of renamed"])
        try store.erase(parent.id)
        #expect(words(try store.lineage(of: RunID("remedy")).sources) == ["remedies DataOrder of parent"])
        #expect(words(try store.lineage(of: RunID("child")).sources) == ["forkedFrom parent"])
    }

    @Test func aRunIsLinkedToItsDataOnceItIsRead() throws {
        var record = Self.record("apart") { $0.request.validationPath = "v.csv" }
        record = try store.register(record)
        #expect(try store.links.links(to: EntityReference(record.id)).isEmpty)
        record.dataFingerprint = Self.training + Self.validation
        // A run that does another one again begins with what that one had read.
        try post([(.run(.registered(record)), record.id)])
        #expect(try store.links.links(to: EntityReference(record.id)).isEmpty)
        // Said twice, as when it goes on later.
        for _ in 0..<2 {
            try post([(.run(.registered(record)), record.id), (.job(.trainingDataSummarised(summarised)), record.id)])
        }
        #expect(
            words(try store.links.links(to: EntityReference(record.id))) == [
                #"apart trainedOn 00000000000000aa {"path":"a.csv"}"#, #"apart validatedOn 00000000000000bb {"path":"v.csv"}"#,
            ])
        let from = try store.links.links(from: EntityReference(.dataset, Self.validation))
        #expect(from.map(\.to) == [EntityReference(record.id)])
    }

    @Test func aRunThatIsNotWrittenHasNoLinks() throws {
        try temporary.executeSQL("CREATE TRIGGER no_runs BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no'); END")
        #expect(throws: StoreError.self) {
            try store.register(Self.record("child") { $0.fork = RunFork(parent: RunID("parent"), step: 7) })
        }
        #expect(try store.links.links(to: EntityReference(RunID("child"))).isEmpty)
        try temporary.executeSQL(
            "DROP TRIGGER no_runs; CREATE TRIGGER no_links BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'no'); END")
        #expect(throws: StoreError.self) {
            try store.register(Self.record("child") { $0.fork = RunFork(parent: RunID("parent"), step: 7) })
        }
        #expect(try store.runs().isEmpty)
    }

    @Test func aRunThatIsErasedTakesItsOriginWithItAndLeavesWhatCameOfIt() throws {
        for record in Self.records { _ = try store.register(record) }
        try store.erase(RunID("child"))
        #expect(try store.links.links(to: EntityReference(RunID("child"))).isEmpty)
        try store.erase(RunID("parent"))
        #expect(try store.links.links(from: EntityReference(RunID("parent"))).map(\.to.id) == ["again"])
    }

    @Test func runsOfAnEarlierVersionGetTheLinksTheyWouldHaveNow() throws {
        let old = try OldWorkspace()
        for record in Self.records { try old.add(record) }
        try old.execute(
            """
            INSERT INTO runs (id, name, record, status, reason, step, epoch, planned_steps, last_metrics, alert_count,
                rows_per_second, is_deleted, tags, note, created_at, owner, change)
            VALUES ('broken', 'broken', '{"no', 'Failed', '', 0, 0, 0, '{}', 0, 0, 0, '[]', '', 1, '1:1', 1);
            """)
        let opened = try RunStore(try Workspace(path: old.path))
        for record in Self.records {
            let now = record.originLinks(at: record.createdAt) + record.dataLinks(at: record.createdAt)
            #expect(Set(try opened.links.links(to: EntityReference(record.id))) == Set(now), "\(record.id)")
        }
        #expect(Self.records.map { ($0.originLinks(at: 1) + $0.dataLinks(at: 1)).count } == [1, 1, 1, 2, 1, 0])
    }

    @Test func linksComeBackWithARunThatIsRecovered() throws {
        let record = Self.record("child") { $0.fork = RunFork(parent: RunID("parent"), step: 7) }
        _ = try store.register(record)
        try Workspace.makeFolder(temporary.workspace.artifactFolder(of: "child"))
        try store.apply(.run(.edited(RunEdit(note: "n"))), to: record.id)
        try store.erase(record.id)
        #expect(try WorkspaceRecovery(path: temporary.workspace.path).recover { _ in nil }.recovered.count == 1)
        #expect(words(try store.links.links(to: EntityReference(record.id))) == [#"child forkedFrom parent {"step":7}"#])
    }

    @Test func linksAreSalvagedFromADamagedDatabase() throws {
        for record in Self.records {
            _ = try store.register(record)
            try post([(.run(.registered(record)), record.id), (.job(.trainingDataSummarised(summarised)), record.id)])
        }
        let folder = try TemporaryFolder()
        let new = try Database(path: folder.path + "/descent.sqlite")
        let counts = try Salvage(from: temporary.workspace.databasePath, into: new, .workspace).run()
        #expect(counts["links"] == 6 && counts["known_datasets"] == 3 && counts["dataset_places"] == 3)
        try new.run("DELETE FROM runs WHERE id = 'apart'")
        try Salvage.removeOrphans(new)
        let links = LinkStore(new)
        #expect(try links.links(to: EntityReference(RunID("apart"))).isEmpty)
        #expect(try links.links(to: EntityReference(RunID("child"))).count == 1)
    }
}
