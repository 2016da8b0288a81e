import Databases
import Events
import Experiments
import Testing

/// `@best` compares only runs that answer one question.
@Suite struct BestRunTests {
    private let temporary: TemporaryWorkspace
    private let store: RunStore

    init() throws {
        temporary = try TemporaryWorkspace()
        store = try RunStore(temporary.workspace)
    }

    private func add(
        _ name: String, _ value: Double, target: String = "y", data: String = "/data/a.csv", fingerprint: String = "aa",
        metric: MetricName = .validationLoss, minimises: Bool = true, script: String? = nil
    ) throws {
        var record = makeRecord(name, name: name)
        record.request.target = target
        if let script { (record.request.algorithm, record.request.script) = (JobRequest.scriptAlgorithm, script) }
        record.request.datasetPath = data
        record.dataFingerprint = fingerprint
        record.objective = Objective(metric: metric, minimises: minimises)
        let run = try store.register(record).id
        try store.apply(
            .job(.finished(JobResult(name: name, status: .completed, reason: .unsaid, bestStep: 1, metrics: [metric: value]))),
            to: run
        )
    }

    private func problem(_ text: String) -> StoreError? {
        do throws(StoreError) {
            _ = try store.run(named: text)
            return nil
        } catch { return error }
    }

    @Test func `of one question it is the best by the objective`() throws {
        try add("a", 3)
        try add("b", 1)
        try add("c", 2)
        try add("d", .nan)
        #expect(try store.run(named: "@best").record.name == "b")
    }

    @Test func `what a script calls its loss is no other's`() throws {
        try add("ours", 4000, target: "charges")
        try add("torch-1", 0.3, target: "charges", script: "/home/u/train.py")
        try add("torch-2", 0.2, target: "charges", script: "/home/u/train.py")
        #expect(problem("@best")?.message.contains("torch-2 (charges of train.py on a.csv, validation:loss)") == true)
        #expect(problem("@best")?.message.contains("ours (charges of a.csv") == true)
        #expect(try store.run(named: "@best:train.py").record.name == "torch-2")
    }

    @Test func `of several it asks which, and a word says so`() throws {
        try add("churn-1", 0.4, target: "churned", data: "/data/brokerage.csv", fingerprint: "aa")
        try add("churn-2", 0.3, target: "churned", data: "/data/brokerage.csv", fingerprint: "aa")
        try add("cost-1", 4000, target: "charges", data: "/data/insurance.csv", fingerprint: "bb")
        let problem = try #require(self.problem("@best"))
        #expect(problem.code == .ambiguous)
        #expect(
            problem.message
                == "@best: runs answer 2 questions, each with a best of its own: cost-1 (charges of insurance.csv, validation:loss), "
                + "churn-2 (churned of brokerage.csv, validation:loss): name one, or narrow it as in @best:charges")
        #expect(try store.run(named: "@best:charges").record.name == "cost-1")
        #expect(try store.run(named: "@best:brokerage").record.name == "churn-2")
        #expect(try store.run(named: "@best:brokerage.csv").record.name == "churn-2")
        #expect(self.problem("@best:nothing")?.code == .notFound)
    }

    @Test func `another target, other data under the same path and another metric are other questions`() throws {
        try add("a", 1)
        try add("b", 0.5, target: "z")
        #expect(problem("@best")?.code == .ambiguous)
        try store.apply(.run(.deleted), to: RunID("b"))
        #expect(try store.run(named: "@best").record.name == "a")
        try add("c", 0.5, fingerprint: "changed")
        #expect(problem("@best")?.code == .ambiguous)
        try store.apply(.run(.deleted), to: RunID("c"))
        try add("d", 0.5, metric: MetricName("validation:f1"), minimises: false)
        #expect(problem("@best")?.code == .ambiguous)
        #expect(try store.run(named: "@best:f1").record.name == "d")
        // Where no word tells a question apart, two of them do.
        try add("e", 0.5, target: "z", metric: MetricName("validation:f1"), minimises: false)
        try add("f", 0.5, target: "z")
        let problem = try #require(self.problem("@best"))
        #expect(problem.message.hasSuffix("narrow it as in @best:z,validation:loss"), "\(problem.message)")
        #expect(try store.run(named: "@best:z,f1").record.name == "e")
    }
}
