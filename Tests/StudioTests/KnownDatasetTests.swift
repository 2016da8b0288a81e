import Cells
import Events
import Testing

@testable import Studio

/// Data sets that the workspace knows, in the pane.
@Suite struct KnownDatasetTests {
    private func known(
        _ id: String, _ places: [(String, DatasetPlace.State)], profiled: Bool = false, isDeleted: Bool = false
    ) -> DatasetSummary {
        let name = places[0].0.split(separator: "/").last.map(String.init) ?? ""
        return DatasetSummary(
            id: DatasetID(id), labels: EntityLabels(name: name, isDeleted: isDeleted), firstSeen: 1, lastSeen: 1,
            profile: profiled ? profile(id, places[0].0) : nil,
            places: places.map { DatasetPlace(path: $0.0, lastSeen: 1, state: $0.1) })
    }

    private func profile(_ id: String, _ path: String) -> DatasetProfile {
        DatasetProfile(
            path: path, byteCount: 10, fingerprint: id, rowCount: 100, delimiter: ",", hasHeader: true, columns: [], warnings: [])
    }

    private func shown(_ bench: Bench) -> [String] { bench.state.datasets.datasets.map(\.path) }

    @Test("opening says how far it is")
    func progress() {
        var bench = Bench(width: 100, height: 24)
        bench.press("o")
        bench.type("big.csv")
        bench.press("enter")
        bench.send(.tick(now: 2000))
        #expect(bench.asked(LookAtReading("big.csv")) && bench.state.tickInterval < 1)
        bench.answer(LookAtReading("big.csv"), 0.43)
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        #expect(buffer.textPlane.contains { $0.contains("reading 43 %") })
        bench.post(nil, .dataset(.failed(path: "big.csv", message: "no")))
        #expect(bench.state.datasets.datasets.first?.progress == nil && bench.state.tickInterval >= 1)
    }

    @Test("what the workspace knows is listed, with what became of its file")
    func listed() {
        var bench = Bench()
        bench.send(
            .datasetsLoaded([
                known("a", [("/d/a.csv", .unchanged)], profiled: true), known("b", [("/d/b.csv", .unchanged)]),
                known("c", [("/d/c.csv", .changed)], profiled: true), known("d", [("/d/d.csv", .gone)]),
                known("e", [("/d/e.csv", .gone), ("/d/e2.csv", .unchanged)], profiled: true),
                known("f", [("/d/f.csv", .unreadable("f.csv: no rows"))]), known("g", [("/d/g.csv", .gone)], isDeleted: true),
            ]))
        #expect(shown(bench) == ["/d/a.csv", "/d/b.csv", "/d/c.csv", "/d/d.csv", "/d/e2.csv", "/d/f.csv"])
        #expect(
            bench.state.datasets.datasets.map(\.content) == [
                .profiled(profile("a", "/d/a.csv")), .unread(.waiting), .unread(.changed), .unread(.gone),
                .profiled(profile("e", "/d/e2.csv")), .failed("f.csv: no rows"),
            ])
        bench.send(.datasetsLoaded([known("b", [("/d/b.csv", .unchanged)], profiled: true)]))
        #expect(bench.state.datasets.profile(path: "/d/b.csv") != nil)
        #expect(bench.state.datasets.datasets.count == 6)
    }

    @Test("equal content at two paths is one row")
    func twoPlaces() {
        var bench = Bench()
        bench.post(nil, .dataset(.profiled(profile("a", "/d/a.csv"))))
        bench.post(nil, .dataset(.profiled(profile("b", "/d/b.csv"))))
        bench.press("1", "j")
        #expect(bench.state.datasets.selected?.path == "/d/b.csv")
        bench.post(nil, .dataset(.profiled(profile("a", "/d/copy.csv"))))
        #expect(shown(bench) == ["/d/b.csv", "/d/copy.csv"])
        #expect(bench.state.datasets.selected?.path == "/d/b.csv")
        bench.send(.datasetsLoaded([known("a", [("/d/a.csv", .unchanged), ("/d/copy.csv", .unchanged)], profiled: true)]))
        #expect(shown(bench) == ["/d/b.csv", "/d/copy.csv"])
        #expect(bench.state.datasets.datasets[1].otherPlaces == ["/d/a.csv"])
        #expect(bench.state.datasets.profile(path: "/d/a.csv") != nil)
    }

    @Test("other data at a path takes the row of what was there")
    func versions() {
        var bench = Bench()
        bench.send(.datasetsLoaded([known("a", [("/d/a.csv", .unchanged)], profiled: true)]))
        bench.send(.datasetsLoaded([known("b", [("/d/a.csv", .unchanged)])]))
        #expect(bench.state.datasets.datasets.map(\.content) == [.unread(.waiting)])
        bench.post(nil, .dataset(.profiled(profile("b", "/d/a.csv"))))
        // The workspace has no profile yet.
        bench.send(.datasetsLoaded([known("b", [("/d/a.csv", .unchanged)])]))
        #expect(bench.state.datasets.datasets.map(\.content) == [.profiled(profile("b", "/d/a.csv"))])
        var older = known("a", [("/d/a.csv", .changed)], profiled: true)
        older.places[0].isSuperseded = true
        bench.send(.datasetsLoaded([older]))
        #expect(bench.state.datasets.datasets.map(\.id) == [DatasetID("b")])
    }

    @Test("closing one is kept in the workspace, and so is taking that back")
    func closing() {
        var bench = Bench()
        bench.send(
            .datasetsLoaded([known("a", [("/d/a.csv", .unchanged)], profiled: true), known("b", [("/d/b.csv", .gone)])]))
        bench.press("1", "j", "d")
        let entity = EntityReference(.dataset, "b")
        #expect(bench.commands == [.editEntity(entity, EntityEdit(isDeleted: true))])
        bench.post(nil, .entity(.edited(entity, EntityEdit(isDeleted: true))))
        #expect(shown(bench) == ["/d/a.csv"])
        bench.press("u")
        #expect(bench.commands == [.editEntity(entity, EntityEdit(isDeleted: false))])
        bench.post(nil, .entity(.edited(entity, EntityEdit(isDeleted: false))))
        #expect(shown(bench) == ["/d/a.csv", "/d/b.csv"])
        // Another terminal closes the first.
        bench.send(.datasetsLoaded([known("a", [("/d/a.csv", .unchanged)], isDeleted: true)]))
        #expect(shown(bench) == ["/d/b.csv"])
        #expect(bench.state.datasets.selected?.path == "/d/b.csv")
    }

    @Test("what is said about one is folded in")
    func edited() {
        var bench = Bench()
        bench.send(.datasetsLoaded([known("a", [("/d/a.csv", .unchanged)])]))
        bench.post(nil, .entity(.edited(EntityReference(.dataset, "a"), EntityEdit(addedTags: ["t"], note: "n"))))
        bench.post(nil, .entity(.edited(EntityReference(.run, "a"), EntityEdit(note: "of a run"))))
        #expect(bench.state.datasets.selected?.known?.labels == EntityLabels(name: "a.csv", tags: ["t"], note: "n"))
    }

    @Test("a file that was opened by another spelling of its path is one row, and a form about it knows its columns")
    func spelling() {
        var bench = Bench()
        bench.press("n", "ctrl-u")
        bench.type("data.csv")
        bench.press("esc", "o")
        bench.type("data.csv")
        bench.press("enter")
        #expect(shown(bench) == ["data.csv"])
        bench.press("n")
        var profile = Bench.profile
        (profile.path, profile.fingerprint, profile.askedPath) = ("/d/data.csv", "f", "data.csv")
        bench.post(nil, .dataset(.profiled(profile)))
        #expect(shown(bench) == ["/d/data.csv"])
        #expect(bench.state.datasets.selected?.profile?.columns.count == 2)
        #expect(bench.form?.fields.first { $0.name == .target }?.choices == ["x", "y"])
        // Asked for once more, it is still that row.
        bench.press("esc", "o")
        bench.type("data.csv")
        bench.press("enter")
        bench.post(nil, .dataset(.profiled(profile)))
        #expect(shown(bench) == ["/d/data.csv"])
    }
}
