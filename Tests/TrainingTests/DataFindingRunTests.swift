import Events
import Learners
import Numerics
import TemporaryFolders
import Testing
import Training

/// What a run says of its data before the first step, and of an early stop when it ends.
@Suite struct DataFindingRunTests {
    private func events(_ text: String, _ settings: [String: String], change: (inout JobRequest) -> Void = { _ in }) throws
        -> [StudioEvent]
    {
        let lab = try Laboratory()
        let data = try lab.folder.write(text, as: "c.csv")
        var plan = lab.plan("run1", data: data, target: "y", settings)
        change(&plan.record.request)
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        return lab.events()
    }

    private func summary(_ events: [StudioEvent]) -> TrainingDataSummary? {
        events.compactMap { if case .job(.trainingDataSummarised(let data)) = $0.kind { data } else { nil } }.first
    }

    private func rows(_ count: Int, _ row: (Int, inout RandomSource) -> String) -> String {
        var random = RandomSource(seed: 3)
        return (0..<count).map { row($0, &random) + "\n" }.joined()
    }

    @Test func whatIsFoundTravelsWithTheSummaryAndColumnsThatAreLeftOutAreOfNoConcern() throws {
        let text =
            "x,leak,y\n"
            + rows(800) { _, random in
                let y = random.normal(), x = random.normal()
                return "\(x + y),\(y * 3),\(y)"
            }
        let told = try #require(summary(try events(text, ["epochs": "2"])))
        #expect(told.findings.map(\.kind) == [.leakage, .untoldTargets] && told.findings.first?.columns == ["leak"])
        // Of x = y + noise of the same variance, half of the variance is left.
        #expect(told.singleColumn?.column == "x" && abs((told.singleColumn?.lossShare ?? 0) - 0.5) < 0.1)
        let without = try #require(summary(try events(text, ["epochs": "2"]) { $0.drop = ["leak"] }))
        #expect(without.findings.map(\.kind) == [.untoldTargets] && without.singleColumn?.column == "x")
    }

    @Test func anEarlyStopSaysHowNoisyTheRowsAre() throws {
        let text =
            "a,b,c,d,e,f,y\n"
            + rows(60) { _, random in
                let features = (0..<6).map { _ in random.normal() }
                return features.map { "\($0)" }.joined(separator: ",") + ",\(features[0] + 2 * random.normal())"
            }
        let result = try #require(
            try events(text, ["epochs": "300", "early_stopping_patience": "3", "learning_rate": "0.5", "mini_batch_size": "8"])
                .result)
        try #require(result.reason == .earlyStopping, "\(result.reason)")
        let stopping = try #require(result.evaluation?.stopping)
        #expect(stopping.bestStep == result.bestStep && stopping.lastStep > stopping.bestStep && stopping.rowCount == 12)
        #expect(stopping.standardError > 0 && stopping.measure == "squared error")
        #expect(stopping.isCertain == (stopping.difference > 2 * stopping.standardError))
        let whole = try #require(try events(text, ["epochs": "3", "early_stopping_patience": "off"]).result)
        #expect(whole.evaluation?.stopping == nil)
    }
}
