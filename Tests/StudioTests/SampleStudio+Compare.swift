import Events

@testable import Studio

extension SampleStudio {
    /// What the workspace holds of a run.
    static func details(_ run: RunID) -> RunDetails {
        let steps = [800, 2_000, 3_000, 3_600]
        let saved = steps.enumerated().map { index, step in
            StudioEvent(
                sequence: UInt64(index + 1), wallTime: start + 40 * Double(index + 1), run: run,
                kind: .job(
                    .checkpointSaved(
                        CheckpointSaved(
                            step: step, epoch: Double(step) / 200, isBest: false, path: "artifacts/x/checkpoint-\(step)")))
            )
        }
        let files = steps.map { RunDetails.File(name: "checkpoint-\($0)", byteCount: 9_000 + $0, modifiedAt: start + 200) }
        let model = RunDetails.File(name: "model.json", byteCount: 4_321, modifiedAt: start + 210)
        return RunDetails(run: run, folder: "churn/artifacts/x", files: [model] + files, events: saved)
    }

    /// The marked runs side by side: seeds judge one of them, held-out rows the others.
    static func comparison(_ state: AppState) -> RunComparison {
        let ids = state.runsToCompare
        let names = ids.map { id in runs.first { $0.record.id == id }?.record.name ?? id.text }
        let losses: [Double] = ids.indices.map { 0.42 - 0.03 * Double($0) }
        let outcomes: [RunComparison.Verdict?] = ids.indices.map { index in
            switch index {
            case 0: nil
            case 1: RunComparison.Verdict(.better, "t 7.9 > 3.2, spread over 3 and 4 seeds")
            case 2: RunComparison.Verdict(.worse, "95 % of 4000 held-out rows drawn again")
            default: RunComparison.Verdict(.none, "one run each: no verdict")
            }
        }
        var comparison = RunComparison(
            runs: ids, names: names,
            metrics: [
                RunComparison.Metric(
                    name: MetricName("validation:log_loss"), minimises: true, isObjective: true, values: losses.map { $0 },
                    verdicts: outcomes,
                    spreads: losses.enumerated().map { index, loss in
                        index < 2 ? RunComparison.Spread(count: 3 + index, mean: loss + 0.001, deviation: 0.004) : nil
                    })
            ],
            hyperparameters: [RunComparison.Row("learning_rate", ids.indices.map { $0 == 1 ? nil : "0.\($0)1" })],
            environment: [
                RunComparison.Row("algorithm", ids.indices.map { $0 == 1 ? "xgboost" : "linear-learner" }),
                RunComparison.Row("seed", ids.map { _ in "0" }),
            ])
        comparison.heldOut = heldOut(ids, losses)
        return comparison
    }

    private static func heldOut(_ ids: [RunID], _ losses: [Double]) -> HeldOutComparison {
        let intervals: [ClosedRange<Double>?] = ids.indices.map { $0 == 0 ? nil : $0 == 2 ? 0.02...0.05 : -0.09...(-0.02) }
        var heldOut = HeldOutComparison(
            rowCount: 4000, classes: ["no", "yes"],
            measures: [HeldOutComparison.Measure(name: "log_loss", minimises: true, values: losses, intervals: intervals)])
        heldOut.confusions = ids.indices.map { [2600 - $0 * 100, $0 * 100, 300 + $0 * 50, 1100 - $0 * 50] }
        heldOut.roc = ids.indices.map { run in
            (0...20).map { place in
                let x = Double(place) / 20
                return HeldOutComparison.Point(x, 1 - (1 - x) * (1 - x) / Double(1 + run))
            }
        }
        heldOut.disagreements = [
            HeldOutComparison.Disagreement(
                record: 10_804, expected: "no", predicted: ids.indices.map { $0 % 2 == 0 ? "no 67 %" : "yes 88 %" },
                values: [RunComparison.Row("tenure", ["14"]), RunComparison.Row("plan", ["basic"])])
        ]
        heldOut.disagreements[0].causes = [
            .init("tenure", ids.indices.map { Double($0) * 1.2 - 0.4 }), .init("plan", ids.indices.map { 0.3 - Double($0) / 2 }),
        ]
        return heldOut
    }
}
