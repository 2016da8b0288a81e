import Cells
import Clocks
import Debugging
import Events
import Experiments
import Files
import PrintableText
import Training

/// The report of an XGBoost run, as text and as a page.
enum TreeReportFiles {
    /// Where SageMaker's rule of the same name leaves its report, within a run's folder.
    static let folder = "rule-output/CreateXgboostReport"

    /// - Throws: why the run cannot be reported of.
    static func make(of run: RunSummary, _ store: RunStore) throws -> TreeReportPage {
        let folder = store.workspace.artifactFolder(of: run.record.id.text)
        let report = try TreeReporting.report(of: .init(record: run.record, folder: folder))
        let curves = try [MetricName.trainLoss, .validationLoss].compactMap { metric in
            let points = try store.points(run: run.record.id, metric: metric)
            return points.isEmpty ? nil : (metric: metric, points: points)
        }
        return TreeReportPage(
            run: run, report: report, curves: curves, alerts: try store.alerts(of: run.record.id), madeAt: WallClock.now())
    }

    /// Writes the report of a run whose rules ask for it.
    static func writeIfAsked(_ run: RunID, _ store: RunStore) throws {
        guard let known = try store.run(run), known.status == .completed || known.status == .stopped,
            RuleSelection(of: known.record)["CreateXgboostReport"]?.isOff == false
        else { return }
        let page = try make(of: known, store)
        let folder = store.workspace.artifactFolder(of: run.text) + "/" + folder
        try Folder.make(folder)
        try AtomicFile.write(Array(page.html.utf8), to: folder + "/xgboost_report.html")
        try AtomicFile.write(Array(page.text.utf8), to: folder + "/xgboost_report.txt")
    }
}

extension TreeReportPage {
    /// The same in words and tables.
    var text: String {
        var out =
            "\(run.record.name), XGBoost, \(report.roundCount) rounds, judged by \(NumberFormat.grouped(report.rowCount)) rows\n"
        out += "\n\(LossAdvice.words(curves))\n"
        if report.isClassification {
            func score(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 3) }
            let rows =
                [["class", "precision", "recall", "F1", "rows"]]
                + report.scores.map {
                    [$0.name, score($0.precision), score($0.recall), score($0.f1), $0.support.amount]
                }
                + report.averages.map { ["\($0.name) mean", score($0.precision), score($0.recall), score($0.f1), ""] }
            out += "\n" + RunText.table(rows)
            if let area = report.area { out += "area under the ROC curve \(NumberFormat.fixed(area, decimals: 4))\n" }
            let matrix = zip(report.classes, report.confusion).map { [$0] + $1.map { NumberFormat.grouped($0) } }
            if !matrix.isEmpty {
                out += "\ntaken for (columns), by class (rows)\n" + RunText.table([[""] + report.classes] + matrix)
            }
        } else {
            let mean = NumberFormat.significant(report.residualMean),
                deviation = NumberFormat.significant(report.residualDeviation)
            out += "\nresiduals: mean \(mean), deviation \(deviation)\n"
        }
        for measure in report.importance where !measure.features.isEmpty {
            let rows = measure.features.prefix(10).map { [$0.name, $0.value.amount] }
            out += "\nimportance by \(measure.kind)\n" + RunText.table(Array(rows))
        }
        let share = NumberFormat.fixed(100 * report.hardestShare, decimals: 1)
        out += "\nthe hardest tenth of the rows has \(share) % of the loss; the hardest of all:\n"
        out += RunText.table(
            [["row", report.target, "taken for", report.lossName]]
                + report.hardest.map {
                    [NumberFormat.grouped($0.record), $0.expected.words, $0.predicted.words, NumberFormat.significant($0.loss)]
                })
        return out
    }
}
