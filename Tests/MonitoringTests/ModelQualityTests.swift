import JSON
import TemporaryFolders
import Testing

@testable import Monitoring

@Suite("Quality of a model that is watched")
struct ModelQualityTests {
    /// Scores and labels with scikit-learn 1.9's metrics of them.
    private func rows() -> LabelledAnswers {
        var joined = LabelledAnswers(classes: ["no", "yes"])
        for (score, label) in [
            (0.9, "yes"), (0.8, "no"), (0.7, "yes"), (0.4, "yes"), (0.3, "no"), (0.3, "yes"), (0.2, "no"), (0.1, "no"),
        ] {
            joined.add(score, label)
        }
        return joined
    }

    @Test func `of two classes`() throws {
        let quality = ModelQuality(rows().rows)
        func value(_ name: String) -> Double? { quality.value(name)?.value }
        #expect(quality.problem == .binary && quality.rowCount == 8)
        #expect(value("recall") == 0.5 && value("accuracy") == 0.625 && value("false_positive_rate") == 0.25)
        // precision 2/3, roc_auc_score 0.78125, fbeta_score of 0.5, 1 and 2.
        for (name, expected) in [("precision", 2.0 / 3), ("auc", 0.78125), ("f0_5", 0.625), ("f1", 4.0 / 7), ("f2", 10.0 / 19)] {
            #expect(abs((value(name) ?? 0) - expected) < 1e-12, "\(name)")
        }
        #expect(quality.value("auc")?.deviation == nil)
    }

    @Test func `a score that is no number is no answer`() throws {
        var joined = LabelledAnswers(classes: ["no", "yes"])
        joined.add(predicted: nil, scores: [.nan], label: "yes")
        #expect(joined.rows.count == 0 && joined.strangeLabels == 1)
        joined.add(predicted: "yes", scores: [.nan], label: "yes")
        joined.add(predicted: "no", scores: [0.2], label: "no")
        let quality = ModelQuality(joined.rows)
        #expect(quality.value("accuracy")?.value == 1 && quality.value("auc") == nil)
    }

    @Test func `of numbers and of many classes`() throws {
        var numbers = LabelledAnswers(classes: [])
        for (predicted, truth) in [(1.0, "1.5"), (2, "2"), (4, "3")] {
            numbers.add(predicted: nil, scores: [predicted], label: truth)
        }
        numbers.add(predicted: nil, scores: [1], label: "soon")
        #expect(numbers.strangeLabels == 1 && numbers.strangeLabel == "soon")
        let regression = ModelQuality(numbers.rows)
        #expect(regression.value("mae")?.value == 0.5 && abs((regression.value("mse")?.value ?? 0) - 1.25 / 3) < 1e-12)
        var classes = LabelledAnswers(classes: ["1", "2", "3"])
        for (scores, label) in [
            ([0.7, 0.2, 0.1], "1.0"), ([0.1, 0.2, 0.7], "2"), ([0.1, 0.6, 0.3], "2"), ([0.2, 0.3, 0.5], "3"),
        ] {
            let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
            classes.add(predicted: "\(best + 1)", scores: scores, label: label)
        }
        let multiclass = ModelQuality(classes.rows)
        // precision_score(average='weighted') = (1 + 2 · 1 + 0.5) / 4, recall as accuracy.
        #expect(multiclass.value("accuracy")?.value == 0.75 && multiclass.value("weighted_precision")?.value == 0.875)
    }

    @Test func `worse than before is a violation, chance is none`() throws {
        var good = LabelledAnswers(classes: ["no", "yes"]), worse = good, alike = good
        for row in 0..<1000 {
            let label = row % 2 == 0 ? "yes" : "no", right = row % 2 == 0 ? 0.9 : 0.1
            good.add(row % 10 == 3 || row % 10 == 4 ? 1 - right : right, label)
            alike.add(row % 10 == 3 || row % 10 == 4 || row % 200 == 7 ? 1 - right : right, label)
            worse.add(row % 10 > 5 ? 1 - right : right, label)
        }
        let baseline = ModelQualityBaseline(ModelQuality(good.rows))
        let check = ModelQualityCheck(baseline.constraints, before: baseline.quality)
        #expect(try check.violations(of: ModelQuality(good.rows)).isEmpty)
        #expect(try check.violations(of: ModelQuality(alike.rows)).isEmpty)
        let found = try check.violations(of: ModelQuality(worse.rows))
        #expect(found.contains { $0.feature == "accuracy" && $0.check == "LessThanThreshold" })
        #expect(found.contains { $0.feature == "false_negative_rate" && $0.check == "GreaterThanThreshold" })
        var strict = baseline.constraints
        strict.falseAlarms = nil
        #expect(
            try ModelQualityCheck(strict, before: nil).violations(of: ModelQuality(alike.rows)).contains {
                $0.feature == "accuracy"
            })
    }

    @Test func `files are read back, SageMaker's too`() throws {
        let scratch = try TemporaryFolder(), made = ModelQualityBaseline(ModelQuality(rows().rows))
        try made.write(to: scratch.path + "/b")
        let read = try ModelQualityBaseline(folder: scratch.path + "/b")
        #expect(read == made)
        try scratch.write(
            #"{"version":0.0,"binary_classification_constraints":{"recall":{"threshold":1.0,"comparison_operator":"LessThanThreshold"}}}"#,
            as: "constraints.json")
        let theirs = try ModelQualityBaseline(folder: scratch.path)
        #expect(theirs.quality == nil && theirs.constraints.falseAlarms == nil)
        #expect(
            try ModelQualityCheck(theirs.constraints, before: nil).violations(of: ModelQuality(rows().rows)).map(\.feature) == [
                "recall"
            ])
    }

    @Test func `captured lines and labels have the same ids`() throws {
        let line = #"""
            {"captureData":{"endpointInput":{"observedContentType":"text/csv","mode":"INPUT","data":"1,2\n3,4","encoding":"CSV"},"endpointOutput":{"observedContentType":"application/json","mode":"OUTPUT","data":"{\"predictions\":[{\"score\":0.4,\"predicted_label\":0},{\"score\":0.9,\"predicted_label\":1}]}","encoding":"JSON"}},"eventMetadata":{"eventId":"e1","inferenceId":"mine","inferenceTime":"2026-12-01T00:00:07Z"},"eventVersion":"0"}
            """#
        let request = try CapturedRequest(line: line)
        #expect(request.key == "mine" && request.time == 1_796_083_207 && request.input.bytes == Array("1,2\n3,4".utf8))
        #expect(request.output?.type == "application/json" && (request.output?.bytes.count ?? 0) > 60)
        var truth = GroundTruth()
        try truth.add(
            line: #"{"groundTruthData":{"data":"1\n0","encoding":"CSV"},"eventMetadata":{"eventId":"mine"},"eventVersion":"0"}"#)
        #expect(truth.labels == ["mine": ["1", "0"]])
        #expect { try CapturedRequest(line: #"{"eventVersion":"7"}"#) } throws: { "\($0)".contains("version 7") }
        #expect(throws: MonitoringError.self) { try CapturedRequest(line: String(line.prefix(200))) }
    }

    @Test func `folders of the hours that a stretch of time has part of`() {
        #expect(CaptureFolder.hours(from: 1_796_083_200, until: 1_796_083_200).isEmpty)
        #expect(
            CaptureFolder.hours(from: 1_796_083_200 - 10, until: 1_796_083_200 + 3601) == [
                "2026/11/30/23", "2026/12/01/00", "2026/12/01/01",
            ])
    }
}

extension LabelledAnswers {
    /// An answer that has a score alone: `yes` from above one half on.
    fileprivate mutating func add(_ score: Double, _ label: String) {
        add(predicted: score > 0.5 ? "yes" : "no", scores: [score], label: label)
    }
}
