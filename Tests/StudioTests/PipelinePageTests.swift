import Cells
import Events
import PipelineSteps
import Testing

@testable import Studio

@Suite("A data set's pipeline")
struct PipelinePageTests {
    private static let file = RowsFile(path: "/d/people.csv")
    private static let steps = """
        [{"step": "target", "column": "income"}, {"step": "drop", "columns": ["id"]}, {"step": "impute", "columns": ["age"]}]
        """

    private func bench(width: Int = 80, height: Int = 24, steps: String? = steps) throws -> Bench {
        var bench = Bench(width: width, height: height)
        bench.send(
            .datasetsLoaded([
                DatasetSummary(
                    id: DatasetID("d"), labels: EntityLabels(name: "people.csv"), firstSeen: 1, lastSeen: 2,
                    places: [DatasetPlace(path: Self.file.path, lastSeen: 2, state: .unchanged)])
            ]))
        if let steps { bench.state.pipelines[Self.file.path] = try DataPipeline(parsing: steps) }
        bench.press("1", "P")
        return bench
    }

    @Test("the steps that the workspace keeps are shown, and what is changed is kept")
    func kept() throws {
        var bench = try bench(steps: nil)
        let asked = FindPipeline(Self.file)
        #expect(bench.asked(asked))
        bench.answer(asked, try DataPipeline(parsing: Self.steps))
        #expect(try page(bench).pipeline.steps.count == 3)
        bench.press("j", "d")
        let changed = try page(bench).pipeline
        #expect(changed.steps.count == 2 && bench.asked(KeepPipeline(Self.file, changed)))
        bench.press("u")
        #expect(bench.asked(KeepPipeline(Self.file, try DataPipeline(parsing: Self.steps))))
        // What was changed in this session is not replaced by what was kept before.
        let other = try self.bench()
        #expect(!other.asked(asked))
    }

    @Test("the page of versions says for which the steps were kept, and leads to them")
    func versions() throws {
        var bench = try bench(steps: nil)
        bench.press("esc", "V")
        let dataset = DatasetSummary(
            id: DatasetID("d"), labels: EntityLabels(name: "people.csv"), firstSeen: 1, lastSeen: 2,
            places: [DatasetPlace(path: Self.file.path, lastSeen: 2, state: .unchanged)])
        var versions = [1, 2].map {
            DatasetVersion(number: $0, dataset: dataset, lastSeen: 2, isLatest: $0 == 2, changes: [], uses: [])
        }
        versions[0].steps = .init(json: Self.steps, time: 1)
        bench.answer(ReadVersions(path: Self.file.path), versions)
        let lines = shown(bench).split(separator: "\n")
        let place = try #require(lines.firstIndex { $0.contains("pipeline   3 steps: target income; drop id; impute age") })
        #expect(place > (try #require(lines.firstIndex { $0.contains("version 1") })))
        bench.press("tab", "enter")
        #expect(bench.state.screens.last is PipelinePage)
        let changed = try DataPipeline(parsing: "[]")
        bench.answer(KeepPipeline(Self.file, changed), true)
        #expect(bench.asked(ReadVersions(path: Self.file.path)))
    }

    @Test("the list of keys says of a page's own keys what they do now, though it lies over the page")
    func keysOfThePage() throws {
        var bench = try bench()
        bench.press("?")
        let entries = MenuEntry.entries(of: Menu(.help), bench.state)
        let step = try #require(entries.first { $0.outcome == .action(.stepDelete) })
        #expect(step.refusal == nil)
        var empty = try self.bench(steps: "[]")
        empty.press("?")
        let none = MenuEntry.entries(of: Menu(.help), empty.state)
        #expect(none.first { $0.outcome == .action(.stepDelete) }?.refusal?.contains("no step yet") == true)
    }

    private func page(_ bench: Bench) throws -> PipelinePage { try #require(bench.state.screens.last as? PipelinePage) }

    private func shown(_ bench: Bench) -> String {
        var buffer = CellBuffer(size: bench.state.size)
        draw(bench.state, into: &buffer)
        return buffer.textPlane.joined(separator: "\n")
    }

    /// What the three steps did.
    private func preview(_ pipeline: DataPipeline, fault: String? = nil) -> PipelinePreview {
        func look(_ missing: Int, _ mean: Double) -> PipelinePreview.Look {
            .init(kind: "integer", missing: missing, distinct: 40, mean: mean, minimum: 18, maximum: 81, power: 0.125)
        }
        let changes: [[PipelinePreview.Change]] = [
            [], [.init(name: "id", before: look(0, 500), after: nil)],
            [.init(name: "age", before: look(12, 40.5), after: look(0, 40.25))],
        ]
        let steps = pipeline.steps.prefix(3).enumerated().map { index, step in
            PipelinePreview.Step(
                number: index + 1, kind: step.kind, words: step.words, rows: (1000, 1000), columns: (index == 1 ? 5 : 4, 4),
                changes: changes[index], notes: index == 2 ? ["age: 12 missing become 40"] : [])
        }
        return PipelinePreview(steps: Array(steps), target: "income", rowCount: 1000, fault: fault)
    }

    @Test("each step shows what it did, before and after")
    func steps() throws {
        var bench = try bench()
        let asked = try #require(bench.questions.compactMap { $0 as? PreviewPipeline }.first)
        #expect(asked.pipeline.steps.count == 3 && asked.file == Self.file)
        bench.answer(asked, preview(asked.pipeline))
        #expect(shown(bench).contains("1,000 rows") && shown(bench).contains("target income"))
        bench.press("j")
        #expect(shown(bench).contains("leave columns out") && shown(bench).contains("gone"))
        bench.press("j")
        let text = shown(bench)
        #expect(text.contains("age: 12 missing become 40") && text.contains("before") && text.contains("after"))
        #expect(text.contains("12.5 %"))
        // Every size has a frame.
        for (width, height) in [(120, 40), (200, 60), (40, 12), (20, 6), (1, 1)] {
            bench.send(.input(.resized(Size(width: width, height: height))))
            _ = shown(bench)
        }
    }

    @Test("a step that cannot be done is told where it stands, and those behind it wait")
    func faults() throws {
        var bench = try bench(
            steps: Self.steps.replacing("]}]", with: #"]}, {"step": "scale", "columns": ["agee"]}, {"step": "weights"}]"#))
        let asked = try #require(bench.questions.compactMap { $0 as? PreviewPipeline }.first)
        bench.answer(asked, preview(asked.pipeline, fault: "step 4 (scale): there is no column 'agee': did you mean 'age'?"))
        bench.press("j", "j", "j")
        #expect(shown(bench).contains("did you mean 'age'?"))
        bench.press("j")
        #expect(shown(bench).contains("not done: a step before it fails"))
    }

    @Test("steps are moved and taken out, and undone")
    func changes() throws {
        var bench = try bench()
        bench.press("j", "J")
        #expect(try page(bench).pipeline.steps.map(\.kind) == [.target, .impute, .drop] && page(bench).cursor.index == 2)
        // What was changed is asked about anew.
        #expect(bench.asked(PreviewPipeline(Self.file, try page(bench).pipeline)))
        bench.press("d")
        #expect(try page(bench).pipeline.steps.map(\.kind) == [.target, .impute])
        bench.press("u")
        #expect(try page(bench).pipeline.steps.map(\.kind) == [.target, .impute, .drop])
        bench.press("u")
        #expect(try page(bench).pipeline.steps.map(\.kind) == [.target, .drop, .impute])
        // It is the data set's, and there when one comes back.
        bench.press("esc", "P")
        #expect(try page(bench).pipeline.steps.count == 3)
    }

    @Test("a form adds a step behind the cursor: tab goes through its words")
    func form() throws {
        var bench = try bench()
        bench.press("a")
        #expect(shown(bench).contains("Step 2"))
        bench.type("sca")
        bench.press("tab")
        #expect((bench.state.top as? StepForm)?.kind == .scale)
        bench.press("down")
        bench.type("age")
        bench.press("down")
        bench.type("ro")
        bench.press("tab", "enter")
        #expect(try page(bench).pipeline.steps.map(\.words)[1] == "scale age: robust")
        // What is wrong is said in the form.
        bench.press("a")
        bench.type("lag")
        bench.press("enter")
        #expect(shown(bench).contains("'columns' is missing"))
        bench.press("esc")
        #expect(bench.state.top is PipelinePage)
    }

    @Test("a model is trained with the steps, and they are written to a file")
    func training() throws {
        var bench = try bench()
        bench.press("t")
        let form = try #require(bench.state.popups.last as? NewRunForm)
        #expect(form.request.target == "income" && form.request.datasetPath == Self.file.path)
        #expect(try DataPipeline(parsing: form.request.pipeline ?? "") == DataPipeline(parsing: Self.steps))
        // Folded away, the steps are told in words.
        #expect(shown(bench).contains("pipeline 3 steps: target in"))
        bench.press("esc")
        bench.effects = []
        bench.press("w")
        let written = bench.effects.compactMap { effect -> String? in
            if case .exportText(let name, let text) = effect { name + text } else { nil }
        }
        #expect(written.first?.hasPrefix("people-steps.json{\"steps\": [") == true)
    }

    @Test("a warning is answered by its step")
    func answers() {
        let dropped = DataWarning(code: "constantColumn", column: "x", message: "x is always 1: it cannot help a model")
        #expect(dropped.answer?.words == "step drop x")
        let order = DataWarning(code: "orderedByTarget", column: "y", message: "sorted")
        #expect(order.answer == .setting(name: "shuffle", value: "true"))
        let sentinel = DataWarning(code: "outliers", column: "x", message: "x is -999 in 7 rows (--missing -999)")
        #expect(sentinel.answer == nil)
    }
}
