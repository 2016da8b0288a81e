import Events
import Testing

@testable import Studio

/// How a run's data is read, in the form.
@Suite struct FormReadingTests {
    private func opened(_ reading: [String: String]) -> Bench {
        var bench = Bench()
        var profile = Bench.profile
        (profile.options, profile.reading) = (reading, Bench.preview().reading)
        bench.post(nil, .dataset(.profiled(profile)))
        (profile.path, profile.fingerprint, profile.options) = ("other.csv", "1", ["date-format": "mdy"])
        bench.post(nil, .dataset(.profiled(profile)))
        bench.press("1", "g", "n")
        return bench
    }

    private func started(_ bench: Bench) -> JobRequest? {
        bench.commands.compactMap { if case .startJob(let request) = $0 { request } else { nil } }.first
    }

    @Test func `it begins with what was said about the data set, and sends it`() {
        var bench = opened(["decimal": ",", "delimiter": ";"])
        #expect(bench.form?[.reading] == "--decimal , --delimiter ';'")
        // Nothing needs to be looked at: the data set was read so.
        #expect(!bench.questions.contains { $0 is PreviewData })
        #expect(Frame(bench.state).text.contains("read with --delimiter ';' --decimal .; not sure of decimal"))
        bench.fill(.target, "y")
        bench.press("ctrl-s")
        #expect(started(bench)?.reading == ["decimal": ",", "delimiter": ";"])
    }

    @Test func `another file brings its own, unless something was typed`() {
        var bench = opened(["decimal": ","])
        bench.press("right")
        #expect(bench.form?[.dataset] == "other.csv")
        #expect(bench.form?[.reading] == "--date-format mdy")
        bench.fill(.reading, "--strict")
        bench.fill(.dataset, "")
        bench.press("right")
        #expect(bench.form?[.reading] == "--strict")
    }

    @Test func `what is typed is looked at, and the columns are those it gives`() {
        var bench = opened([:])
        bench.fill(.reading, "--delimiter tab")
        let query = PreviewData("data.csv", reading: ["delimiter": "tab"])
        #expect(bench.asked(query))
        bench.answer(query, .preview(Bench.preview(["a", "b"])))
        #expect(bench.form?.fields.first { $0.name == .target }?.choices == ["a", "b"])
        #expect(bench.form?.dataReading(bench.state)?.rowCount == 200)
        bench.fill(.target, "y")
        bench.press("ctrl-s")
        #expect(bench.form?.message == "target: the file has no column “y”")
        bench.fill(.target, "b")
        bench.press("ctrl-s")
        #expect(started(bench)?.reading == ["delimiter": "tab"])
    }

    @Test func `a wrong name is refused at once, a wrong value when it was looked at`() {
        var bench = opened([:])
        bench.fill(.target, "y")
        bench.fill(.reading, "--comma ;")
        bench.press("ctrl-s")
        #expect(bench.form?.message?.hasPrefix("read with: no read option 'comma': use delimiter, decimal") == true)
        bench.fill(.reading, "--decimal x")
        bench.answer(PreviewData("data.csv", reading: ["decimal": "x"]), .badOption("decimal is 'x': give . or ,"))
        bench.press("ctrl-s")
        #expect(bench.form?.message == "read with: decimal is 'x': give . or ,")
        #expect(bench.commands.isEmpty)
        bench.fill(.reading, "--sheet 'Q 1")
        bench.press("ctrl-s")
        #expect(bench.form?.message == "read with: a quote ' is not closed: close it, or write it as \\'")
    }

    @Test func `names and values are completed`() {
        var bench = opened([:])
        bench.fill(.reading, "--da")
        bench.press("tab")
        #expect(bench.form?.focused?.input.text == "--date-format ")
        #expect(bench.form?.focused?.readingChoices.map(\.word) == ["dmy", "mdy", "ymd"])
        bench.type("m")
        bench.press("tab")
        #expect(bench.form?.reading == ["date-format": "mdy"])
        bench.type(" --type x=n")
        bench.press("tab")
        #expect(bench.form?.reading == ["date-format": "mdy", "type": "x=numeric"])
        bench.press("ctrl-r")
        #expect(bench.form?[.reading] == "")
    }

    @Test func `a run that is done again is read as it was, whatever is said about its data by now`() {
        var bench = opened(["decimal": ","])
        bench.press("esc")
        var record = Bench.record("a", name: "a")
        record.request.reading = ["date-format": "dmy", "strict": "yes"]
        bench.post("a", .run(.registered(record)))
        bench.press("2", "e")
        #expect(bench.form?[.reading] == "--date-format dmy --strict")
        bench.press("ctrl-s")
        #expect(started(bench)?.reading == ["date-format": "dmy", "strict": "yes"])
        var alert = Bench.alert
        alert.remedies = [Alert.Remedy("slower", set: ["learning_rate": "0.01"])]
        bench.post("a", .debugger(.alertRaised(alert)))
        bench.press("4", "f")
        #expect(bench.form?.reading == ["date-format": "dmy", "strict": "yes"])
    }

    @Test func `options that are changed in the pane are those of the next form`() {
        var bench = opened([:])
        bench.press("esc", "1", "g", "R")
        bench.type(";")
        bench.press("enter", "2", "n")
        #expect(bench.form?[.reading] == "--delimiter ';'")
    }

    @Test func `what another terminal says about reading is taken over`() {
        var bench = opened([:])
        bench.press("esc")
        bench.send(
            .datasetsLoaded([
                DatasetSummary(
                    id: DatasetID("0"), labels: EntityLabels(name: "data.csv"), firstSeen: 1, lastSeen: 1, profile: Bench.profile,
                    reading: ["decimal": ","], places: [DatasetPlace(path: "data.csv", lastSeen: 1, state: .unchanged)])
            ]))
        bench.press("1", "g", "R")
        #expect((bench.state.top as? ReadingDialog)?.reading == ["decimal": ","])
    }
}
