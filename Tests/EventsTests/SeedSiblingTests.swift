import Events
import Testing

/// Which runs are alike but for their seed.
@Suite struct SeedSiblingTests {
    private static func run(_ id: String, seed: UInt64, _ change: (inout RunRecord) -> Void = { _ in }) -> RunSummary {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "linear-learner")
        request.seed = seed
        var record = RunRecord(
            id: RunID(id), name: id, experiment: "e", algorithm: "linear-learner", request: request, hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: seed, dataFingerprint: "ff", gitRevision: nil,
            version: "test", createdAt: 1, processID: 1)
        change(&record)
        return RunSummary(record: record)
    }

    private let first = run("first", seed: 1)
    private let second = run("second", seed: 2)
    private let again = run("again", seed: 2) { $0.reproduces = RunID("second") }
    private let fork = run("fork", seed: 3) { $0.fork = RunFork(parent: RunID("first"), step: 7) }
    private let other = run("other", seed: 4) { $0.dataFingerprint = "ee" }

    @Test func aForkAndARunThatDoesAnotherOneAgainAreNobodysSiblings() {
        let siblings = SeedSiblings(of: [first.record])
        #expect([first, second, again, fork, other].map { siblings.includes($0.record) } == [true, true, false, false, false])
        #expect(!siblings.isEmpty)
        #expect(SeedSiblings(of: [fork.record]).isEmpty)
        #expect(first.isSeedSibling(of: second) && !second.isSeedSibling(of: again) && !first.isSeedSibling(of: other))
    }

    @Test func groupsHaveOneRunASeedAndNoneThatWasSteered() {
        let third = Self.run("third", seed: 3)
        let groups = SeedSiblings.groups(of: [other, second, first, again, third, fork]) { $0 == third.record.id }
        #expect(groups.map { $0.map(\.record.name) } == [["second", "first"]])
        #expect(SeedSiblings.groups(of: [second, again]) { _ in false }.isEmpty)
    }
}
