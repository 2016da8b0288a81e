import Cells
import Events
import Experiments
import Fairness
import Training

/// What can be done about a run's bias, measured on the rows that the run held out.
struct GroupRemedy {
    let run: JudgedRun
    private let other: JudgedRun

    /// - Throws: `badRequest` and `badData` with why nothing can be measured.
    init(_ summary: RunSummary, _ workspace: Workspace) throws(FairnessError) {
        let name = summary.record.name
        if summary.record.request.isScript {
            throw FairnessError(.badRequest, "\(name) is a script's run, whose model only the script can read: give another run")
        }
        do {
            let run = try JudgedRun(summary, workspace)
            try ReweighedPair.check(run, name)
            (self.run, other) = (run, try run.onOtherRows(summary.record.request))
        } catch let error as FairnessError {
            throw error
        } catch { throw FairnessError(.badData, CommandError(error).description) }
    }

    /// For each facet a threshold a group, chosen on rows that were not held out.
    func thresholds(_ asked: BiasStudy) throws(FairnessError) -> [GroupRemedyOutcome] {
        var study = asked
        study.metrics = asked.metrics.filter(\.isPosttraining)
        (study.rows, study.predicted) = (run.rows, try run.positives(study))
        guard let scores = try run.scores(study), let others = try other.scores(study) else {
            throw FairnessError(
                .badRequest,
                "the model gives no score of \(study.label) \(study.positive.value): say which of its two classes is positive")
        }
        let before = try study.report(on: run.table)
        var outcomes: [GroupRemedyOutcome] = []
        for facet in before.facets {
            let chosenOn = try other.scored(study, facet.facet, others.values)
            guard let thresholds = GroupThresholds(choosingOn: chosenOn) else {
                throw FairnessError(
                    .badData, "\(facet.facet.name) \(facet.facet.value): the rows to choose thresholds on lack one of the groups")
            }
            let tested = try facet.facet.rows(of: run.table)
            (study.facets, study.predicted) = (
                [facet.facet], scores.values.indices.map { thresholds.predicts(scores.values[$0], isFacet: tested.matches[$0]) }
            )
            let after = try study.report(on: run.table)
            outcomes.append(
                GroupRemedyOutcome(
                    effect: RemedyEffect(before: facet, after: after.facets[0]), thresholds: thresholds, own: scores.threshold,
                    isTurned: scores.isTurned, chosenOn: chosenOn.scores.count, notes: after.notes))
        }
        return outcomes
    }
}

/// A remedy as it was measured: the same held-out rows before and after it.
struct GroupRemedyOutcome {
    var effect: RemedyEffect
    var thresholds: GroupThresholds
    /// The model's own threshold.
    var own: Double
    /// Whether thresholds are of turned scores, so that the model's own score has to be at most theirs with the sign turned.
    var isTurned: Bool
    /// Rows that the thresholds were chosen on.
    var chosenOn: Int
    var notes: [String]

    var lines: [RemedyEffect.Line] { effect.lines }

    /// A threshold as the model's own score has it.
    func score(_ threshold: Double) -> Double { isTurned ? -threshold : threshold }

    var words: String {
        let sign = isTurned ? "at most" : "at least"
        func number(_ threshold: Double) -> String { NumberFormat.significant(score(threshold), digits: 3) }
        return
            "positive from a score of \(sign) \(number(thresholds.own)) for \(effect.before.facet.phrase), \(number(thresholds.others)) for the "
            + "others (\(number(own)) for all before); chosen on \(NumberFormat.grouped(chosenOn)) rows that were not held out"
    }
}
