import Events
import Testing

@testable import Training

/// What it costs to tell, while an ensemble is trained, what columns add: each round's part is computed once, now or later.
@Suite struct AttributionBudgetTests {
    /// A plan of a job whose steps take a millisecond each.
    private func plan(_ interval: CaptureInterval, after steps: Int) -> CapturePlan {
        var plan = CapturePlan(interval, from: 0, plannedSteps: 1000)
        for _ in 0..<steps { plan.pass(seconds: 0.001) }
        return plan
    }

    @Test func fewerRowsAreLookedAtWhereAStepsPartCostsMoreThanItsShare() throws {
        let plan = plan(CaptureInterval(nil), after: 20)
        var budget = AttributionBudget()
        // The first look pays for what is made once.
        #expect(budget.fewer(than: 100, after: 0.1, of: 1, true, plan) == nil)
        // A tenth of a step's time for its part, where a fiftieth is fair.
        #expect(budget.fewer(than: 100, after: 0.0005, of: 5, true, plan) == 20)
        #expect(budget.fewer(than: 20, after: 0.0001, of: 5, true, plan) == nil)
        // However dear, some rows are left.
        #expect(budget.fewer(than: 20, after: 1, of: 1, true, plan) == AttributionBudget.fewestRows)
        // What is computed as a whole costs less when it is looked at less often, and keeps its rows.
        #expect(budget.fewer(than: 100, after: 1, of: 1, false, plan) == nil)
    }

    @Test func aLookThatHasMuchToMakeUpForIsLeftOut() {
        let plan = plan(CaptureInterval(nil), after: 500)
        var budget = AttributionBudget()
        #expect(budget.allows(500, plan))
        for _ in 0..<2 { _ = budget.fewer(than: 10, after: 0.001, of: 1, true, plan) }
        #expect(budget.allows(50, plan) && !budget.allows(200, plan))
        // Who says at which steps to look gets them all.
        let asked = self.plan(CaptureInterval("1"), after: 500)
        #expect(budget.allows(500, asked) && budget.fewer(than: 100, after: 1, of: 1, true, asked) == nil)
    }
}
