import Testing

@testable import Tuning

@Suite("Which trials end early")
struct StoppingTests {
    @Test("a trial ends where it is worse than half of the others were on average")
    func median() {
        var rule = MedianRule()
        for trial in 0..<5 { for _ in 0..<3 { #expect(rule.report(trial, value: Double(trial)) == nil || trial > 2) } }
        // The averages of the others are 0, 1, 2, 3 and 4.
        #expect(rule.report(9, value: 50) == nil, "the first epoch is a grace")
        #expect(rule.report(9, value: 1.9) == nil)
        #expect(rule.report(9, value: 2.1) == "worse at epoch 3 than half of 5 other trials were up to there")
    }

    @Test("nothing ends before five others came as far")
    func fewOthers() {
        var rule = MedianRule()
        for trial in 0..<4 { for _ in 0..<3 { #expect(rule.report(trial, value: 0) == nil) } }
        for _ in 0..<3 { #expect(rule.report(4, value: 99) == nil) }
    }

    @Test("rungs grow by the factor, and brackets begin later and have fewer trials")
    func rungs() throws {
        let halving = try HalvingRule(minimum: 1, maximum: 81, manyBrackets: true)
        #expect(halving.bracketCount == 5)
        #expect(halving.rungs(ofBracket: 0) == [1, 3, 9, 27])
        #expect(halving.rungs(ofBracket: 3) == [27])
        #expect(halving.rungs(ofBracket: 4).isEmpty)
        // Li et al., table 1.
        #expect(halving.bracketSizes == [81, 34, 15, 8, 5])
        #expect(try HalvingRule(minimum: 1, maximum: 81, manyBrackets: false).bracketCount == 1)
        // Of long trials nothing is looked for before a ninth.
        #expect(try HalvingRule(maximum: 243, manyBrackets: false).rungs(ofBracket: 0) == [27, 81])
        #expect(
            throws: TuningError(.strategy, "there is nothing to halve between 1 and 2: give trials at least 3 epochs")
        ) { try HalvingRule(maximum: 2, manyBrackets: false) }
    }

    @Test("of those at a rung the best third goes on")
    func halving() throws {
        var rule = try HalvingRule(minimum: 1, maximum: 27, manyBrackets: false)
        #expect(rule.report(0, resource: 1, value: 5) == nil)
        #expect(rule.report(1, resource: 1, value: 6) == nil)
        #expect(rule.report(2, resource: 1, value: 7) == "at epoch 1 not among the best 1 of 3 trials that came as far")
        #expect(rule.report(3, resource: 1, value: 4) == nil)
        #expect(rule.report(3, resource: 2, value: 400) == nil, "there is no rung")
        #expect(rule.report(4, resource: 1, value: .nan) != nil)
    }

    @Test("a trial is held to its best epoch, whatever the newest is")
    func bestEpoch() throws {
        var rule = try HalvingRule(maximum: 27, manyBrackets: false)
        for trial in 0..<3 { #expect(rule.report(trial, resource: 3, value: Double(10 - trial)) == nil) }
        #expect(rule.report(3, resource: 1, value: 1) == nil)
        #expect(rule.report(3, resource: 3, value: 50) == nil)
        #expect(rule.report(4, resource: 3, value: 50) == "at epoch 3 not among the best 1 of 5 trials that came as far")
    }
}

@Suite("When a search is over")
struct SearchLimitsTests {
    @Test("the first limit that is reached ends it")
    func limits() {
        let limits = SearchLimits(trialCount: 10, seconds: 60, targetValue: 0.9, noImprovement: 3)
        func reason(_ begun: Int, _ values: [Double?], _ seconds: Double = 1) -> SearchLimits.Reason? {
            limits.reason(begun: begun, values: values, direction: .maximised, seconds: seconds)
        }
        #expect(reason(2, [0.5, 0.6]) == nil)
        #expect(reason(10, [0.5, 0.6]) == .maxTrials)
        #expect(reason(2, [0.5, 0.6], 60) == .maxRuntime)
        #expect(reason(2, [0.5, 0.9]) == .targetValue)
        // Less than 1 % better is not better, and a failure improves nothing.
        #expect(reason(5, [0.5, 0.501, 0.502]) == nil)
        #expect(reason(5, [0.5, 0.501, 0.502, nil]) == .noImprovement)
        #expect(reason(5, [nil, nil, nil, nil]) == nil)
    }

    // Expected numbers: scipy 1.16, wilcoxon(d, alternative="greater", method="exact"), once; with a tie counted by hand.
    @Test("the chance of signed ranks is the exact one")
    func signedRanks() {
        #expect((SignedRankTest.chance(above: [1, 2, 3, 4, 5]) - 1.0 / 32).magnitude < 1e-12)
        #expect((SignedRankTest.chance(above: [-1, 2, 3, 4, 5]) - 2.0 / 32).magnitude < 1e-12)
        #expect((SignedRankTest.chance(above: [0.3, -1.2, 2.5, 0.7, -0.1, 1.9, 3.3]) - 0.078125).magnitude < 1e-12)
        #expect((SignedRankTest.chance(above: [1, -1]) - 0.75).magnitude < 1e-12)
        #expect(SignedRankTest.chance(above: [0, 0]) == 1)
    }

    @Test("a trial that is worse in all folds than the best one was ends, one that is worse in some goes on")
    func folds() {
        var rule = FoldRule()
        for epoch in 1...4 {
            #expect(rule.report(0, losses: (0..<5).map { 1 / Double(epoch) + 0.1 * Double($0) }) == nil)
        }
        rule.lead(0)
        // The first epochs say nothing.
        #expect(rule.report(1, losses: [9, 9, 9, 9, 9]) == nil && rule.report(1, losses: [9, 9, 9, 9, 9]) == nil)
        #expect(
            rule.report(1, losses: [9, 9, 9, 9, 9])
                == "at epoch 3 worse in 5 of 5 folds than the best trial was, which is more than chance")
        for _ in 1...4 { #expect(rule.report(2, losses: [9, 9, 9, 0, 0]) == nil) }
        // Of four folds nothing can be told.
        for _ in 1...4 { #expect(rule.report(3, losses: [9, 9, 9, 9]) == nil) }
    }
}
