import Cells
import Events
import Testing

@testable import Studio

/// How good its model is, on the page of a run that ended.
@Suite struct RunPageEvaluationTests {
    private static let accuracy = MetricName("validation:accuracy")

    private func result() -> JobResult {
        var evaluation = ModelEvaluation(rowCount: 40, metrics: [Self.accuracy: 0.75])
        evaluation.baseline = [Self.accuracy: 0.625]
        evaluation.positiveClass = "left"
        evaluation.classes = ["stayed", "left"].map { .init(name: $0, precision: 0.5, recall: 0.25, f1: 0.3333, support: 20) }
        let weights = FeatureWeights(
            kind: .coefficients, rows: [.init(feature: "plan=gold", value: 0.5), .init(feature: "age", value: -1.25)])
        return JobResult(
            name: "adam", status: .completed, reason: .maxEpochs, bestStep: 80, metrics: [Self.accuracy: 0.75],
            evaluation: evaluation, weights: weights)
    }

    @Test func `the overview shows a baseline beside the metrics, the classes and the largest coefficients`() throws {
        var bench = Bench()
        bench.addRun("a", name: "adam", created: 1)
        bench.post("a", .job(.finished(result())))
        bench.send(.runsLoaded([]))
        bench.press("2", "g", "enter")
        let event = StudioEvent(sequence: 0, wallTime: 5, run: RunID("a"), kind: .job(.finished(result())))
        bench.answer(
            ReadRunDetails(RunID("a")), RunDetails(run: RunID("a"), folder: "/w/artifacts/a", files: [], events: [event]))
        for width in [60, 100] {
            let lines = try #require(bench.screen(width: width)).lines.map { $0.parts.map(\.text).joined() }
            let text = lines.joined(separator: "\n")
            #expect(text.contains("   baseline 0.625"))
            #expect(lines.contains { $0.contains("stayed") && $0.contains("0.500") && $0.contains("0.333") && $0.contains("20") })
            #expect(text.contains("precision, recall, f1 and pr_auc are of left"))
            let coefficients = lines.filter { $0.contains("plan=gold") || $0.contains("age ") }
            #expect(coefficients.count == 2 && coefficients[0].contains("age") && coefficients[0].contains("-1.25"))
        }
    }
}
