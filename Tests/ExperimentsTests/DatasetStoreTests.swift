import Clocks
import Databases
import Events
import Files
import Glibc
import TemporaryFolders
import Testing

@testable import Experiments

/// Data sets by what is in them, and the places where they were seen.
@Suite struct DatasetStoreTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore
    private let files: TemporaryFolder
    private var datasets: DatasetStore { store.datasets }

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
        files = try TemporaryFolder()
    }

    private static let first = DatasetID("00000000000000aa"), second = DatasetID("00000000000000bb")

    private static func profile(_ path: String, _ id: DatasetID, _ stamp: DataFileStamp? = nil) -> DatasetProfile {
        var profile = DatasetProfile(
            path: path, byteCount: 4, fingerprint: id.text, rowCount: 2, delimiter: ",", hasHeader: true, columns: [],
            warnings: [])
        profile.stamp = stamp
        return profile
    }

    private func post(_ events: [(StudioEvent.Kind, RunID?)]) throws {
        let bus = EventBus(collectsEvery: 100)
        let recorder = try StoreRecorder(temporary.workspace) { news, _ in Issue.record("\(news)") }
        bus.subscribe(recorder)
        for (kind, run) in events { bus.post(kind, run: run) }
        bus.flush()
        #expect(recorder.flush())
        bus.close()
        recorder.close()
    }

    private func open(
        _ path: String, _ id: DatasetID, _ stamp: DataFileStamp? = nil, reading: [String: String]? = nil
    ) throws {
        var profile = Self.profile(path, id, stamp)
        profile.options = reading
        try post([(.dataset(.profiled(profile)), nil)])
    }

    @Test func whatIsSaidAboutReadingIsKeptUntilSomethingElseIsSaid() throws {
        try open("/d/a.csv", Self.first)
        #expect(try datasets.dataset(Self.first)?.reading == [:])
        let said = ["decimal": ",", "type": "x=text\ny=date"]
        try open("/d/a.csv", Self.first, reading: said)
        #expect(try datasets.dataset(Self.first)?.reading == said)
        #expect(try datasets.reading(at: "/d/a.csv") == said)
        // Nobody was asked: a command that read the file, a run that trained on it, one that read it again unasked.
        try open("/d/a.csv", Self.first)
        try train("run", on: "/d/a.csv", Self.first)
        try datasets.keep(Self.profile("/d/a.csv", Self.first), of: Self.first)
        #expect(try datasets.dataset(Self.first)?.reading == said)
        try open("/d/a.csv", Self.first, reading: [:])
        #expect(try datasets.dataset(Self.first)?.reading == [:])
        #expect(try datasets.reading(at: "/d/none.csv") == [:])
    }

    @Test func stepsAreKeptForAPathUntilNoneAre() throws {
        #expect(try datasets.pipeline(at: "/d/a.csv") == nil)
        try datasets.keepPipeline("[1]", at: "/d/a.csv", time: 1)
        try datasets.keepPipeline("[2]", at: "/d/a.csv", time: 2)
        try datasets.keepPipeline("[3]", at: "/d/b.csv", time: 2)
        #expect(try RunStore(temporary.workspace).datasets.pipeline(at: "/d/a.csv") == "[2]")
        try datasets.keepPipeline(nil, at: "/d/a.csv", time: 3)
        #expect(try datasets.pipeline(at: "/d/a.csv") == nil)
        #expect(try datasets.pipeline(at: "/d/b.csv") == "[3]")
    }

    @Test func stepsAreThoseOfTheVersionThatLayThereWhenTheyWereKept() throws {
        try open("/d/a.csv", Self.first)
        try datasets.keepPipeline("[1]", at: "/d/a.csv", time: 5)
        try train("run", on: "/d/a.csv", Self.second)
        var steps = try datasets.versions(at: "/d/a.csv").map(\.steps)
        #expect(steps == [DatasetVersion.KeptSteps(json: "[1]", time: 5), nil])
        try datasets.keepPipeline("[2]", at: "/d/a.csv", time: 6)
        steps = try datasets.versions(at: "/d/a.csv").map(\.steps)
        #expect(steps == [nil, DatasetVersion.KeptSteps(json: "[2]", time: 6)])
        try datasets.keepPipeline(nil, at: "/d/a.csv", time: 7)
        #expect(try datasets.versions(at: "/d/a.csv").allSatisfy { $0.steps == nil })
    }

    @Test func whatIsSaidAboutReadingAFileHoldsWhenOtherDataAreInIt() throws {
        try open("/d/a.csv", Self.first, reading: ["decimal": ","])
        try train("run", on: "/d/a.csv", Self.second)
        #expect(try datasets.dataset(Self.second)?.reading == ["decimal": ","])
        #expect(try datasets.reading(at: "/d/a.csv") == ["decimal": ","])
        // The same data elsewhere is read alike; other data elsewhere is not.
        let third = DatasetID("00000000000000cc")
        try open("/d/b.csv", Self.second)
        try open("/d/c.csv", third)
        #expect(try datasets.reading(at: "/d/b.csv") == ["decimal": ","])
        #expect(try datasets.reading(at: "/d/c.csv") == [:])
    }

    /// Registers a run and lets it read its data.
    private func train(_ name: String, on path: String, _ id: DatasetID, validation: (String, DatasetID)? = nil) throws {
        var record = makeRecord(name, name: name)
        record.createdAt = WallClock.now()
        record.request.datasetPath = path
        record.request.validationPath = validation?.0
        record.dataFingerprint = ""
        record = try store.register(record)
        record.dataFingerprint = id.text + (validation?.1.text ?? "")
        try post([(.run(.registered(record)), record.id), (.job(.trainingDataSummarised(summarised)), record.id)])
    }

    private func write(_ text: String, as name: String) throws -> String {
        let path = try files.write(text, as: name)
        // Older than anything that is going to happen to it.
        usleep(60_000)
        return path
    }

    @Test func aRunRegistersWhatItLearnsFromAndWhatItIsJudgedByApart() throws {
        let path = try write("x\n1\n", as: "a.csv")
        try train("run", on: path, Self.first, validation: (files.path + "/none.csv", Self.second))
        let found = try datasets.datasets().map { $0.lookedAt() }
        #expect(Set(found.map(\.id)) == [Self.first, Self.second])
        let trained = try #require(found.first { $0.id == Self.first })
        #expect(trained.labels == EntityLabels(name: "a.csv") && trained.profile == nil && trained.byteCount == 4)
        #expect(trained.place?.path == path && trained.place?.state == .unchanged)
        #expect(found.first { $0.id == Self.second }?.place?.state == .gone)
        #expect(try store.run(named: "run").record.dataFingerprint == Self.first.text + Self.second.text)
        _ = try write("x\n12\n", as: "a.csv")
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.state == .changed)
    }

    @Test func `a folder and a pattern are there while they have files, and change with any of them`() throws {
        let path = try write("x\n1\n", as: "1.csv")
        _ = try write("x\n2\n", as: "2.csv")
        try train("folder", on: files.path, Self.first)
        try train("pattern", on: files.path + "/*.csv", Self.second)
        let places = { try [Self.first, Self.second].map { try datasets.dataset($0)?.lookedAt().place?.state } }
        #expect(try places() == [.unchanged, .unchanged])
        #expect(try datasets.dataset(Self.first)?.byteCount == 8)
        #expect(rename(path, files.path + "/3.csv") == 0)
        #expect(try places() == [.changed, .changed])
        unlink(files.path + "/2.csv")
        unlink(files.path + "/3.csv")
        #expect(try places() == [.gone, .gone])
    }

    @Test func aFileThatWasTouchedWhileARunReadItIsUnsure() throws {
        let path = try files.write("x\n1\n", as: "a.csv")
        var record = makeRecord("run", name: "run")
        record.createdAt = WallClock.now() - 60
        record.request.datasetPath = path
        record.dataFingerprint = Self.first.text
        record = try store.register(record)
        try post([(.run(.registered(record)), record.id), (.job(.trainingDataSummarised(summarised)), record.id)])
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.state == .unsure)
    }

    @Test func equalContentAtTwoPathsIsOneDataSetWithTwoPlaces() throws {
        let (one, two) = (try write("x\n1\n", as: "one.csv"), try write("x\n1\n", as: "two.csv"))
        try train("run", on: one, Self.first)
        try open(two, Self.first, FileStamp(two).flatMap(DataFileStamp.init))
        let found = try datasets.datasets()
        #expect(found.count == 1)
        let known = try #require(found.first?.lookedAt())
        #expect(known.places.map(\.path) == [two, one] && known.places.allSatisfy { $0.state == .unchanged })
        #expect(known.labels.name == "one.csv" && known.profile?.rowCount == 2 && known.rowCount == 2)
        // A file that was given another name is known by what is in it once it is seen again, and not before.
        #expect(rename(two, two + ".old") == 0)
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.path == one)
        unlink(one)
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.state == .gone)
        try train("again", on: two + ".old", Self.first)
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.path == two + ".old")
        #expect(try datasets.datasets().count == 1)
    }

    @Test func whatOtherDataTookThePlaceOfIsAnOlderVersion() throws {
        let path = try write("x\n1\n", as: "a.csv")
        try train("before", on: path, Self.first)
        try open(path, Self.second, FileStamp(path).flatMap(DataFileStamp.init))
        #expect(try datasets.datasets().map(\.id) == [Self.second])
        #expect(try datasets.dataset(Self.first)?.place == nil)
        #expect(try datasets.datasets(includingDeleted: true).map(\.labels.name) == ["a.csv-2"])
        #expect(try datasets.dataset(named: "a.csv").id == Self.first)
        #expect(try datasets.dataset(named: "a.csv", path: path).id == Self.second)
        try train("after", on: path, Self.first)
        #expect(try datasets.datasets().map(\.id) == [Self.first])
    }

    @Test func oneThatWasClosedStaysClosedUntilItIsOpenedOrTrainedOnAgain() throws {
        let path = try write("x\n1\n", as: "a.csv")
        try open(path, Self.first)
        let change = try store.changeNumber()
        try datasets.edit(Self.first, EntityEdit(isDeleted: true))
        #expect(try datasets.datasets().isEmpty)
        #expect(try datasets.datasets(changedAfter: change, includingDeleted: true).map(\.labels.isDeleted) == [true])
        // Reading it again unasked, as the studio does, is no wish.
        try datasets.keep(Self.profile(path, Self.first), of: Self.first)
        #expect(try datasets.datasets().isEmpty)
        try open(path, Self.first)
        #expect(try datasets.datasets().map(\.id) == [Self.first])
        try datasets.edit(Self.first, EntityEdit(isDeleted: true))
        try train("run", on: path, Self.first)
        #expect(try datasets.datasets().map(\.id) == [Self.first])
    }

    @Test func readingAFileUnaskedKeepsItsProfileAndItsPlaceInTheOrder() throws {
        let path = try write("x\n1\n", as: "a.csv")
        try train("run", on: path, Self.first)
        try train("other", on: files.path + "/b.csv", Self.second)
        try datasets.keep(Self.profile(path, Self.first, FileStamp(path).flatMap(DataFileStamp.init)), of: Self.first)
        #expect(try datasets.datasets().map(\.id) == [Self.second, Self.first])
        #expect(try datasets.dataset(Self.first)?.profile?.rowCount == 2)
        // It holds other data by now.
        try datasets.keep(Self.profile(path, DatasetID("cc"), FileStamp(path).flatMap(DataFileStamp.init)), of: Self.first)
        #expect(try datasets.dataset(Self.first)?.lookedAt().place?.state == .changed)
        #expect(try datasets.dataset(DatasetID("cc")) == nil)
    }

    @Test func whatIsSaidAboutADataSetIsKeptAndFoundByItsName() throws {
        try open("/data/a.csv", Self.first)
        try open("/data/b.csv", Self.second)
        let edited = try datasets.edit(Self.first, EntityEdit(name: "churn", addedTags: ["base"], note: "of May"))
        #expect(edited.labels == EntityLabels(name: "churn", tags: ["base"], note: "of May"))
        try open("/data/a.csv", Self.first)
        #expect(try datasets.dataset(named: "churn").labels == edited.labels)
        #expect(try datasets.dataset(named: "@latest").id == Self.first)
        #expect(try datasets.dataset(named: "00000000000000b").id == Self.second)
        let none = #expect(throws: StoreError.self) { try datasets.dataset(named: "c.csv", path: "/data/c.csv") }
        #expect(none?.message == "no data set 'c.csv': open the file in the studio or train on it first")
        let taken = #expect(throws: StoreError.self) { try datasets.edit(Self.second, EntityEdit(name: "churn")) }
        #expect(taken?.message == "another data set is called churn: choose another name")
    }

    @Test func aFileThatACommandIsAboutIsRegistered() throws {
        let change = try store.changeNumber()
        let known = try datasets.register(Self.profile("/data/a.csv", Self.first), at: 5)
        #expect(known.labels.name == "a.csv" && known.profile?.rowCount == 2 && known.lastSeen == 5)
        #expect(try datasets.datasets(changedAfter: change).map(\.id) == [Self.first])
        try datasets.edit(Self.first, EntityEdit(note: "n", isDeleted: true))
        let again = try datasets.register(Self.profile("/data/a.csv", Self.first), at: 6)
        #expect(again.labels == EntityLabels(name: "a.csv", note: "n") && again.places.count == 1)
        #expect(throws: StoreError.self) { try datasets.register(Self.profile("/data/b.csv", DatasetID("")), at: 7) }
    }

    @Test func dataSetsOfAnEarlierVersionAreBroughtAlong() throws {
        let old = try OldWorkspace()
        for (index, path) in ["/d/a.csv", "/e/a.csv", "a.csv"].enumerated() {
            var record = makeRecord("run\(index)", name: "run\(index)")
            (record.request.datasetPath, record.dataFingerprint) = (path, "00000000000000a\(index)")
            record.createdAt = Double(index + 1)
            try old.add(record)
        }
        var apart = makeRecord("apart", name: "apart")
        (apart.request.datasetPath, apart.request.validationPath) = ("/d/t.csv", "/d/v.csv")
        apart.dataFingerprint = Self.first.text + Self.second.text
        apart.createdAt = 9
        try old.add(apart)
        let profile = Self.profile("/f/opened.csv", Self.second)
        try old.execute("INSERT INTO datasets VALUES ('/f/opened.csv', '\(profile.json.text)', 20), ('/f/broken.csv', '{', 30)")
        let opened = try RunStore(try Workspace(path: old.path)).datasets
        let found = try opened.datasets()
        #expect(
            found.map(\.labels.name) == ["v.csv", "t.csv", "a.csv-3", "a.csv-2", "a.csv"])
        #expect(found.first?.places.map(\.path) == ["/f/opened.csv", "/d/v.csv"])
        #expect(found.first?.profile == profile && found.first?.lastSeen == 20 && found.first?.firstSeen == 9)
        #expect(found.first?.rowCount == 2 && found.first?.byteCount == 4)
        #expect(found.dropFirst().allSatisfy { $0.profile == nil && $0.places.count == 1 })
    }

    @Test func dataSetsComeBackWithARunThatIsRecovered() throws {
        try train("run", on: "/d/a.csv", Self.first)
        try Workspace.makeFolder(temporary.workspace.artifactFolder(of: "run"))
        try store.apply(.run(.edited(RunEdit(note: "n"))), to: RunID("run"))
        try temporary.executeSQL("DELETE FROM runs; DELETE FROM known_datasets; DELETE FROM dataset_places")
        #expect(try WorkspaceRecovery(path: temporary.workspace.path).recover { _ in nil }.recovered.count == 1)
        #expect(try datasets.datasets().map { $0.places.map(\.path) } == [["/d/a.csv"]])
    }
}
