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
        // What a look at one step costs is mostly what each look costs.
        #expect(budget.fewer(than: 100, after: 0.1, of: 1, true, plan) == nil)
        // A tenth of a step's time for its part, where a fiftieth is fair.
        #expect(budget.fewer(than: 100, after: 0.001, of: 10, true, plan) == 20)
        #expect(budget.fewer(than: 20, after: 0.0002, of: 10, true, plan) == nil)
        // However dear, some rows are left.
        #expect(budget.fewer(than: 20, after: 1, of: 10, true, plan) == AttributionBudget.fewestRows)
        // What is computed as a whole costs less when it is looked at less often, and keeps its rows.
        #expect(budget.fewer(than: 100, after: 1, of: 10, false, plan) == nil)
    }

    @Test func aLookIsOfAsManyRowsAsThereIsTimeFor() {
        // Half a second so far: 15 ms of it, and 10 of any job.
        let plan = plan(CaptureInterval(nil), after: 500)
        var budget = AttributionBudget()
        #expect(budget.rows(100, pending: 500, step: 500, true, plan) == 100)
        // A microsecond a row and step.
        _ = budget.fewer(than: 100, after: 0.001, of: 10, false, plan)
        #expect(budget.rows(100, pending: 200, step: 500, true, plan) == 100)
        #expect(budget.rows(100, pending: 300, step: 480, true, plan) == 52)
        #expect(budget.rows(100, pending: 300, step: 10_000, true, plan) == nil)
        // Fewer rows do not help where a look does not cost less for them later.
        #expect(budget.rows(100, pending: 300, step: 500, false, plan) == nil)
        // Who says at which steps to look gets them all.
        let asked = self.plan(CaptureInterval("1"), after: 500)
        #expect(budget.rows(100, pending: 500, step: 500, true, asked) == 100)
        #expect(budget.fewer(than: 100, after: 1, of: 10, true, asked) == nil)
    }
}
