import Events
import Experiments
import Fairness
import Tables
import Training

/// A run beside the same with its training rows weighed, on the rows that both held out.
struct ReweighedPair {
    private let before: JudgedRun, after: JudgedRun
    private let name: String, facet: String
    let rows: [Int]

    /// - Throws: `badRequest` and `badData` with why they cannot be measured beside each other.
    init(_ summary: RunSummary, _ reweighed: RunSummary, _ workspace: Workspace) throws(FairnessError) {
        (name, facet) = (reweighed.record.name, reweighed.record.request.reweigh ?? "")
        do { (before, after) = (try JudgedRun(summary, workspace), try JudgedRun(reweighed, workspace)) } catch {
            throw FairnessError(.badData, CommandError(error).description)
        }
        try Self.check(before, summary.record.name)
        try Self.check(after, name)
        guard before.table.fingerprint == after.table.fingerprint else {
            throw FairnessError(.badData, "\(summary.record.name) and \(name) were trained on different data: train again")
        }
        let shared = Set(after.rows ?? [])
        rows = (before.rows ?? []).filter(shared.contains)
        guard !rows.isEmpty else {
            throw FairnessError(
                .badData, "\(summary.record.name) and \(name) held out no row in common: train with the same seed")
        }
    }

    func table() -> Table { before.table }

    /// Why a run's bias cannot be mended and measured.
    static func check(_ run: JudgedRun, _ name: String) throws(FairnessError) {
        if let obstacle = run.obstacleToRemedies { throw FairnessError(.badRequest, "\(name): \(obstacle)") }
    }

    /// What weighing did to the predictions' bias and quality, facet by facet.
    ///
    /// - Throws: as `BiasStudy.report`.
    func effects(_ asked: BiasStudy) throws(FairnessError) -> [RemedyEffect] {
        var study = asked
        study.metrics = asked.metrics.filter(\.isPosttraining)
        study.rows = rows
        study.predicted = try before.positives(study)
        let first = try study.report(on: before.table)
        study.predicted = try after.positives(study)
        let second = try study.report(on: after.table)
        return zip(first.facets, second.facets).map { RemedyEffect(before: $0, after: $1) }
    }

    var words: String { "before, and after training rows are weighed by \(facet) (\(name))" }

    /// What training rows are to be weighed by for some facets.
    ///
    /// - Throws: `badRequest` where they are not of one test, or of one column.
    static func facet(of study: BiasStudy) throws(FairnessError) -> String {
        if study.facets.count == 1 { return study.facets[0].text }
        let columns = Set(study.facets.flatMap(\.parts).map(\.column))
        guard columns.count == 1, let column = columns.first, study.facets.allSatisfy({ $0.parts.count == 1 }) else {
            throw FairnessError(.badRequest, "--remedy reweigh weighs rows by one facet: give one --facet")
        }
        return column
    }
}
