import Cells
import Events
import Testing

@testable import Studio

@Suite("Notes on data sets")
struct DatasetNoteTests {
    private func bench() -> Bench {
        var bench = Bench()
        let known = [("a", "/d/a.csv"), ("b", "/d/b.csv")].map { id, path in
            DatasetSummary(
                id: DatasetID(id), labels: EntityLabels(name: id + ".csv"), firstSeen: 1, lastSeen: 2,
                places: [DatasetPlace(path: path, lastSeen: 2, state: .unchanged)])
        }
        bench.send(.datasetsLoaded(known))
        bench.press("1")
        return bench
    }

    private func note(_ bench: Bench) -> String? { bench.state.datasets.selected?.note }

    @Test("a note is shown at once, written down, found by its words, and undone")
    func whole() {
        var bench = bench()
        bench.press("j", "N")
        bench.type("sorted by date")
        bench.press("enter")
        let entity = EntityReference(.dataset, "b")
        #expect(bench.commands == [.editEntity(entity, EntityEdit(note: "sorted by date"))])
        #expect(note(bench) == "sorted by date")
        #expect(bench.state.toast?.text == "noted b.csv; u undoes")
        bench.press("/")
        bench.type("by date")
        bench.press("enter")
        #expect(bench.state.datasets.rows.map { bench.state.datasets.datasets[$0].path } == ["/d/b.csv"])
        bench.press("esc", "u")
        #expect(bench.commands == [.editEntity(entity, EntityEdit(note: ""))])
        #expect(bench.state.datasets.datasets.allSatisfy { $0.note.isEmpty })
    }

    @Test("a note that somebody changed since is not taken back over")
    func changedSince() {
        var bench = bench()
        bench.press("N")
        bench.type("mine")
        bench.press("enter")
        bench.post(nil, .entity(.edited(EntityReference(.dataset, "a"), EntityEdit(note: "theirs"))))
        bench.press("u")
        #expect(bench.commands.isEmpty && note(bench) == "theirs")
        #expect(bench.state.toast?.text == "the note on a.csv was changed since: it stays")
    }

    @Test("the line holds the note there is, and taking it as it is changes nothing")
    func unchanged() {
        var bench = bench()
        bench.post(nil, .entity(.edited(EntityReference(.dataset, "a"), EntityEdit(note: "from another terminal"))))
        bench.press("N")
        #expect((bench.state.top as? LinePrompt)?.field.text == "from another terminal")
        bench.press("enter")
        #expect(bench.commands.isEmpty && bench.state.toast?.text == "nothing changed")
    }

    @Test("what was never read has no note")
    func unread() {
        var bench = Bench()
        bench.press("1", "N")
        #expect(bench.state.toast?.text == "no dataset is open (o opens one)")
        bench.post(nil, .dataset(.failed(path: "/d/none.csv", message: "no such file")))
        bench.press("N")
        #expect(bench.state.top == nil)
        #expect(bench.state.toast?.text == "none.csv was not read: a note is kept with what is in a file")
    }
}
