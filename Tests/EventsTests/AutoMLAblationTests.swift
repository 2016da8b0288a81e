import Events
import Testing

/// What steps of preparation bring, told by candidates that leave them out.
@Suite struct AutoMLAblationTests {
    private func candidate(_ number: Int, _ name: String, _ value: Double?, without: String? = nil) -> AutoMLCandidate {
        var one = AutoMLCandidate(
            number: number, run: RunID("r\(number)"), name: name, family: "linear", algorithm: "linear-learner",
            hyperparameters: [:],
            why: "")
        (one.value, one.outcome, one.without, one.base) = (value, .completed, without, without == nil ? nil : "best")
        return one
    }

    private func record(minimises: Bool) -> AutoMLRecord {
        AutoMLRecord(
            id: "m", name: "job",
            request: AutoMLRequest(
                job: JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner"), mode: .ensembling),
            objective: Objective(metric: MetricName("validation:x"), minimises: minimises), why: [], createdAt: 0)
    }

    private var candidates: [AutoMLCandidate] {
        [
            candidate(0, "other", 5), candidate(1, "best", 1), candidate(2, "a", 1.5, without: "date-parts"),
            candidate(3, "b", 0.75, without: "missing-flags"), candidate(4, "c", nil, without: "text-terms"),
        ]
    }

    @Test func aStepBringsWhatTheModelIsWorseByWithoutIt() throws {
        let found = try #require(AutoMLAblation(record(minimises: true), candidates))
        #expect(found.base == "best" && found.lines.map(\.step) == ["date-parts", "missing-flags"])
        #expect(found.lines.map(\.gain) == [0.5, -0.25])
        let turned = try #require(AutoMLAblation(record(minimises: false), candidates))
        #expect(turned.lines.map(\.gain) == [0.25, -0.5] && turned.lines[0].step == "missing-flags")
        #expect(found.json["steps"]?.array?[0]["without"]?.double == 1.5)
    }

    @Test func withoutSuchCandidatesThereIsNone() {
        #expect(AutoMLAblation(record(minimises: true), [candidate(0, "best", 1)]) == nil)
    }

    @Test func candidatesKeepWhatTheyLeaveOut() throws {
        let read = try #require(AutoMLCandidate(json: candidates[2].json))
        #expect(read == candidates[2] && read.without == "date-parts" && read.base == "best")
    }
}
