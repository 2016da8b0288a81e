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
                let run: JudgedRun
                do {
                    guard let summary = try work.store.run(id) else { throw CommandError.failed("there is no such run any more") }
                    run = try JudgedRun(summary, try work.store.workspace)
                } catch { throw FairnessError(.badData, CommandError(error).description) }
                return try findings(of: run)
            }
        } catch { throw CommandError(error) }
    }

    private func findings(of run: JudgedRun) throws(FairnessError) -> BiasFindings {
        var study = try BiasArguments.study(words: question, run.table)
        (study.rows, study.predicted) = (run.rows, try run.positives(study))
        let report = try study.report(on: run.table), scores = try run.scores(study)
        var found = findings(report, study, rows: run.rowsInWords)
        found.notes += run.notes
        found.obstacle = run.obstacleToRemedies
        guard let scores else { return found }
        // A threshold is shown as the model's own score has it.
        let sign: Double = scores.isTurned ? -1 : 1
        found.threshold = sign * scores.threshold
        for (place, facet) in report.facets.enumerated() {
            let rows = try run.scored(study, facet.facet, scores.values)
            let trades = (rows.trades() + rows.trades(at: [scores.threshold])).map {
                BiasFindings.Trade(
                    threshold: sign * $0.threshold, accuracy: $0.accuracy, difference: $0.difference, impact: $0.impact)
            }
            found.facets[place].trades = trades.sorted { $0.threshold < $1.threshold }
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
            "\(report.facet.name) \(report.facet.value)", test: report.facet.text, metrics: metrics, own: .init(report.own),
            others: .init(report.others))
    }
}

extension BiasFindings.Group {
    fileprivate init(_ counts: GroupCounts) {
        self.init(
            truePositives: counts.truePositives, falsePositives: counts.falsePositives, falseNegatives: counts.falseNegatives,
            trueNegatives: counts.trueNegatives)
    }
}

extension TryRemedy: AnsweredQuery {
    func answer(_ work: QueryWork<BiasRemedy>) throws -> BiasRemedy {
        work.engine.flush()
        guard let summary = try work.store.run(run) else { throw CommandError.failed("there is no such run any more") }
        do throws(FairnessError) {
            let remedy = try GroupRemedy(summary, try workspace(work))
            var study = try BiasArguments.study(words: question, remedy.run.table)
            guard study.facets.indices.contains(facet) else {
                throw FairnessError(.badRequest, "there is no such facet any more")
            }
            study.facets = [study.facets[facet]]
            guard let found = try remedy.thresholds(study).first else { throw FairnessError(.badData, "nothing was found") }
            return BiasRemedy(title: found.words, lines: found.lines.map(\.shown), notes: found.notes)
        } catch { throw CommandError(error) }
    }
}

extension TryRemedy {
    private func workspace(_ work: QueryWork<BiasRemedy>) throws(FairnessError) -> Workspace {
        do { return try work.store.workspace } catch { throw FairnessError(.badData, CommandError(error).description) }
    }
}

extension MeasureReweighed: AnsweredQuery {
    func answer(_ work: QueryWork<BiasRemedy>) throws -> BiasRemedy {
        work.engine.flush()
        guard let before = try work.store.run(run), let after = try work.store.run(reweighed) else {
            throw CommandError.failed("there is no such run any more")
        }
        do throws(FairnessError) {
            let workspace: Workspace
            do { workspace = try work.store.workspace } catch { throw FairnessError(.badData, CommandError(error).description) }
            let pair = try ReweighedPair(before, after, workspace)
            var study = try BiasArguments.study(words: question, pair.table())
            guard study.facets.indices.contains(facet) else {
                throw FairnessError(.badRequest, "there is no such facet any more")
            }
            study.facets = [study.facets[facet]]
            guard let effect = try pair.effects(study).first else { throw FairnessError(.badData, "nothing was found") }
            return BiasRemedy(
                title: pair.words + "; \(NumberFormat.grouped(pair.rows.count)) rows that neither was trained on",
                lines: effect.lines.map(\.shown), notes: [])
        } catch { throw CommandError(error) }
    }
}

extension RemedyEffect.Line {
    fileprivate var shown: BiasRemedy.Line {
        .init(
            name, before: before.value, beforeInterval: before.interval, after: after.value, afterInterval: after.interval,
            neutral: neutral)
    }
}
