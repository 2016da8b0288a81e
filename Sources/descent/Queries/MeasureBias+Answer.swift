import Cells
import Events
import Experiments
import Fairness
import Studio
import Tables
import Training

extension MeasureBias: AnsweredQuery {
    func answer(_ work: QueryWork<BiasFindings>) throws -> BiasFindings {
        work.engine.flush()
        do throws(FairnessError) {
            switch subject {
            case .data(let path, let reading):
                let table: Table
                do throws(TableError) { table = try Table(contentsOf: path, options: try ReadOptions(reading)) } catch {
                    throw FairnessError(.badData, error.description)
                }
                let study = try BiasArguments.study(words: question, table)
                return findings(try study.report(on: table), study, rows: "all \(NumberFormat.grouped(table.rowCount)) rows")
            case .run(let id):
                return try findings(of: try judged(id, work))
            }
        } catch { throw CommandError(error) }
    }

    private func judged(_ id: RunID, _ work: QueryWork<BiasFindings>) throws(FairnessError) -> JudgedRun {
        do {
            guard let summary = try work.store.run(id) else { throw CommandError.failed("there is no such run any more") }
            return try JudgedRun(summary, try work.store.workspace)
        } catch { throw FairnessError(.badData, CommandError(error).description) }
    }

    private func findings(of run: JudgedRun) throws(FairnessError) -> BiasFindings {
        var study = try BiasArguments.study(words: question, run.table)
        (study.rows, study.predicted) = (run.rows, try run.positives(study))
        let report = try study.report(on: run.table), scores = try run.scores(study)
        var found = findings(report, study, rows: run.rowsInWords)
        found.notes += run.notes
        guard let scores else { return found }
        found.threshold = scores.threshold
        for (place, facet) in report.facets.enumerated() {
            found.facets[place].trades = try run.scored(study, facet.facet, scores.values).trades().map {
                .init(threshold: $0.threshold, accuracy: $0.accuracy, difference: $0.difference, impact: $0.impact)
            }
        }
        return found
    }

    private func findings(_ report: BiasReport, _ study: BiasStudy, rows: String) -> BiasFindings {
        BiasFindings(
            label: "\(study.label) \(study.positive.value)", facets: report.facets.map(Self.facet),
            hasPredictions: report.facets.first?.hasPredictions ?? false, rows: rows, notes: report.notes)
    }

    private static func facet(_ report: FacetReport) -> BiasFindings.Facet {
        let metrics = BiasMetric.allCases.compactMap { metric -> BiasFindings.Metric? in
            guard let value = report.metrics[metric] else { return nil }
            return .init(
                metric.rawValue, title: metric.title, value: value.number, interval: report.intervals[metric],
                neutral: metric.neutral, sentence: BiasText.sentence(metric, report), isOfPredictions: metric.isPosttraining)
        }
        return .init(
            "\(report.facet.name) \(report.facet.value)", metrics: metrics, own: .init(report.own), others: .init(report.others))
    }
}

extension BiasFindings.Group {
    fileprivate init(_ counts: GroupCounts) {
        self.init(
            truePositives: counts.truePositives, falsePositives: counts.falsePositives, falseNegatives: counts.falseNegatives,
            trueNegatives: counts.trueNegatives)
    }
}
