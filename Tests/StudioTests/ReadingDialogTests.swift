import Events
import Testing

@testable import Studio

/// How a data file is read, said in a dialog that shows its first rows.
@Suite struct ReadingDialogTests {
    private func known(_ reading: [String: String] = [:]) -> Bench {
        var bench = Bench()
        var profile = Bench.profile
        profile.options = reading
        bench.post(nil, .dataset(.profiled(profile)))
        bench.press("1")
        return bench
    }

    private func dialog(_ bench: Bench) -> ReadingDialog? { bench.state.top as? ReadingDialog }

    private func fill(_ bench: inout Bench, _ name: String, _ text: String) {
        for _ in 0..<20 where dialog(bench)?.focused?.label != name { bench.press("down") }
        bench.press("ctrl-u")
        bench.type(text)
    }

    @Test func `options that were said are there, and the first rows are looked at with them`() {
        var bench = known(["decimal": ",", "type": "x=text\nb c=numeric"])
        bench.press("R")
        #expect(dialog(bench)?.reading == ["decimal": ",", "type": "x=text\nb c=numeric"])
        #expect(dialog(bench)?.fields.first { $0.label == "type" }?.value == "x=text 'b c=numeric'")
        #expect(bench.asked(PreviewData("data.csv", reading: ["decimal": ",", "type": "x=text\nb c=numeric"])))
        #expect(bench.commands.isEmpty)
    }

    @Test func `every change is looked at, and only the newest look counts`() {
        var bench = known()
        bench.press("R")
        fill(&bench, "decimal", ",")
        let old = PreviewData("data.csv"), new = PreviewData("data.csv", reading: ["decimal": ","])
        #expect(bench.asked(new))
        bench.send(.answered(QueryAnswer(to: QueryRequest(id: 1, query: old), .whole(DataPreview.Outcome.unreadable("late")))))
        #expect(dialog(bench)?.preview == nil)
        bench.answer(new, .preview(Bench.preview(decimal: ",")))
        #expect(dialog(bench)?.shown == Bench.preview(decimal: ","))
        // What a field leaves open is what was found out.
        let delimiter = dialog(bench)?.fields.first { $0.label == "delimiter" }
        #expect(delimiter.flatMap { dialog(bench)?.found($0) }?.value == ";")
        // While the next look is on its way the rows stay.
        fill(&bench, "date-format", "d")
        #expect(dialog(bench)?.shown != nil && dialog(bench)?.problem == nil)
    }

    @Test func `a wrong value says what is valid and is not taken`() {
        var bench = known()
        bench.press("R")
        fill(&bench, "decimal", "x")
        bench.answer(PreviewData("data.csv", reading: ["decimal": "x"]), .badOption("decimal is 'x': give . or ,"))
        #expect(dialog(bench)?.problem == "decimal is 'x': give . or ,")
        #expect(Frame(bench.state).text.contains("✖ decimal is 'x': give . or ,"))
        bench.press("enter")
        #expect(dialog(bench) != nil && bench.commands.isEmpty && bench.effects == [.bell])
        bench.press("ctrl-r")
        #expect(dialog(bench)?.problem == nil && dialog(bench)?.reading == [:])
    }

    @Test func `a known data set is read anew with the options, and u reads it as before`() {
        var bench = known(["delimiter": ";"])
        bench.press("R")
        fill(&bench, "decimal", ",")
        bench.press("enter")
        #expect(bench.state.top == nil)
        #expect(bench.commands == [.profileDataset(path: "data.csv", reading: ["delimiter": ";", "decimal": ","])])
        #expect(bench.state.datasets.options(path: "data.csv") == ["delimiter": ";", "decimal": ","])
        #expect(bench.state.toast?.text == "reading data.csv with --decimal , --delimiter ';'; u undoes")
        bench.press("u")
        #expect(bench.commands == [.profileDataset(path: "data.csv", reading: ["delimiter": ";"])])
    }

    @Test func `a look that is not needed any more is called off`() {
        var bench = known()
        bench.press("R", "esc")
        #expect(bench.state.top == nil)
        #expect(bench.effects.contains { if case .cancel = $0 { true } else { false } })
        bench.press("R", "enter")
        #expect(bench.commands.isEmpty && bench.state.toast?.text == "nothing changed")
    }

    @Test func `a file that is being opened is opened with the options, one key away`() {
        var bench = Bench()
        bench.press("o")
        bench.type("new.csv")
        bench.press("ctrl-r")
        #expect(dialog(bench)?.path == "new.csv" && bench.asked(PreviewData("new.csv")))
        bench.press("esc")
        #expect((bench.state.top as? PathPrompt)?.field.text == "new.csv")
        bench.press("ctrl-r")
        fill(&bench, "delimiter", "tab")
        bench.press("enter")
        #expect(bench.state.top == nil)
        #expect(bench.commands == [.profileDataset(path: "new.csv", reading: ["delimiter": "tab"])])
        bench.press("o", "ctrl-r")
        #expect(bench.state.top is PathPrompt)
    }

    @Test func `a file that could not be read so is read so again`() {
        var bench = known()
        bench.press("R")
        fill(&bench, "sheet", "Q7")
        bench.press("enter")
        bench.post(nil, .dataset(.failed(path: "data.csv", message: "no sheet Q7")))
        bench.press("r")
        #expect(bench.commands == [.profileDataset(path: "data.csv", reading: ["sheet": "Q7"])])
    }

    @Test func `kinds of columns are completed by name`() {
        var bench = known()
        bench.press("R")
        bench.answer(PreviewData("data.csv"), .preview(Bench.preview(["amount", "b c"])))
        fill(&bench, "type", "a")
        bench.press("tab")
        #expect(dialog(bench)?.focused?.value == "amount=")
        bench.type("te")
        bench.press("tab")
        #expect(dialog(bench)?.reading == ["type": "amount=text"])
        bench.press("tab")
        #expect(dialog(bench)?.focused?.label == "date-format")
    }

    @Test func `values are gone through at every size, and the one that is edited can be seen`() {
        for (width, height) in [(24, 6), (40, 12), (80, 24), (120, 40), (200, 60)] {
            var bench = Bench(width: width, height: height)
            bench.post(nil, .dataset(.profiled(Bench.profile)))
            bench.press("1", "R", "right", "right")
            #expect(dialog(bench)?.reading == ["delimiter": ";"])
            bench.answer(PreviewData("data.csv", reading: ["delimiter": ";"]), .preview(Bench.preview()))
            var labels = [dialog(bench)?.focused?.label]
            for _ in 0..<7 {
                bench.press("down")
                labels.append(dialog(bench)?.focused?.label)
                if width >= 40 { #expect(Frame(bench.state).text.contains(labels.last.flatMap { $0 } ?? "?")) }
            }
            #expect(Set(labels).count == dialog(bench)?.fields.count)
            // A click within the dialog neither closes nor changes it.
            bench.click(width / 2, height / 2)
            #expect(dialog(bench)?.reading == ["delimiter": ";"])
        }
    }
}
