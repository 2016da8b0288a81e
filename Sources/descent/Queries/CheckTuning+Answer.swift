import Events
import Experiments
import Studio
import Training
import Tuning

extension CheckTuning: AnsweredQuery {
    func answer(_ work: QueryWork<TuningCheck>) throws -> TuningCheck {
        var check = TuningCheck()
        check.strategies = ["auto"] + SearchStrategy.allCases.map(\.rawValue)
        let reader = RangeReader(Algorithms.all.first { $0.name == request.job.algorithm }?.hyperparameters ?? [])
        for range in request.ranges {
            do throws(TuningError) { _ = try reader.parameter(range) } catch {
                check.problems[TuningChange.name(of: range)] = error.description
            }
        }
        // One fault is said once.
        guard check.problems.isEmpty, !request.job.isScript || request.job.program != nil else { return check }
        do {
            let plan = try TuningSetup.plan(request)
            (check.strategy, check.why, check.advice) = (plan.request.strategy, plan.setup.why, plan.setup.advice)
        } catch { check.problem = CommandError(error).description }
        return check
    }
}

extension CheckTuningControl: AnsweredQuery {
    func answer(_ work: QueryWork<String?>) throws -> String? {
        let record = try work.store.tunings.tuning(named: tuning)
        do throws(CommandError) {
            switch control {
            case .change(let change): _ = try TuningSetup.changed(record, change, earlier: [])
            case .add(let values):
                let setup = try TuningSetup(record.request, record.objective)
                _ = try TuningSetup.point(of: values, in: setup.search.space)
            case .pause, .goOn, .stop: break
            }
            return nil
        } catch { return error.description }
    }
}
