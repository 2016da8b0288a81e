import Debugging
import Events
import Studio

extension CheckRuleEdit: AnsweredQuery {
    func answer(_ work: QueryWork<RuleEditCheck>) throws -> RuleEditCheck {
        let list = try work.store.run(run)?.record.request.rules ?? []
        do throws(RuleEditFault) {
            let editing = RuleListEditing(list), change = try editing.applying(edit, step: 0)
            return RuleEditCheck(changes: change.changes, inverse: editing.inverse(of: change))
        } catch {
            return RuleEditCheck(
                problem: error.message, place: error.fault?.range.lowerBound, isUnfinished: error.fault?.isUnfinished ?? false)
        }
    }
}
