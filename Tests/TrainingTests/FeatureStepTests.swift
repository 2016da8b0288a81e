import Events
import Tables
import Testing
import Training

@Suite struct FeatureStepTests {
    private func job(_ lab: Laboratory, _ name: String, data: String, prepare: String?, weight: String? = nil) throws
        -> [StudioEvent]
    {
        var plan = lab.plan(name, data: data, target: "y", ["optimizer": "lbfgs"], split: 0)
        plan.record.request.prepare = prepare
        plan.record.request.weight = weight
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        return lab.events()
    }

    @Test func allPrincipalComponentsSayWhatTheFeaturesSay() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 400), as: "r.csv")
        let plain = try #require(try job(lab, "plain", data: data, prepare: nil).result)
        let turned = try #require(try job(lab, "turned", data: data, prepare: "pca=4").result)
        let name = MetricName("train:r2")
        // Two features are independent numbers, the others one category's: least squares does not care how they are turned.
        #expect(abs(try #require(turned.metrics[name]) - (try #require(plain.metrics[name]))) < 1e-4)
        let fewer = try #require(try job(lab, "fewer", data: data, prepare: "pca=1").result)
        #expect(try #require(fewer.metrics[name]) < 0.9)
    }

    @Test(arguments: ["pca=2", "kmeans=7", "pca=3,kmeans=5"])
    func aSavedModelPreparesRowsAsItsRunDid(prepare: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 400), as: "r.csv")
        let events = try job(lab, "run", data: data, prepare: prepare)
        let stated = try #require(events.result?.metrics[MetricName("train:rmse")])
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/run"))
        let table = try Table(contentsOf: data)
        #expect(abs(try #require(try model.evaluate(table)[MetricName("test:rmse")]) / stated - 1) < 1e-4)
        #expect(try model.predict(table).map(\.name) == ["prediction"])
        let width = events.compactMap { event in
            if case .job(.trainingDataSummarised(let summary)) = event.kind { summary.featureCount } else { nil }
        }
        #expect(width == [["pca=2": 2, "kmeans=7": 7][prepare] ?? 5])
        #expect(try job(lab, "again", data: data, prepare: prepare).trainingLosses == events.trainingLosses)
    }

    @Test func aStepThatCannotBeIsAnErrorThatSaysWhy() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 50), as: "r.csv")
        let result = try #require(try job(lab, "run", data: data, prepare: "pca=99").result)
        #expect(result.status == .failed)
        #expect(
            result.reason.text == "prepare pca=99: num_components = '99' is more than 50 rows of 5 features have: give 1 to 5")
        for text in ["", "pca", "pca=0", "lda=3", "pca=2,,kmeans=3"] {
            let request = JobRequest(datasetPath: data, target: "y", algorithm: "linear-learner", prepare: text)
            #expect(throws: TrainingError.self) { try Algorithms.validate(request) }
        }
    }

    private static let weighted = "a,w,y\n" + (0..<60).map { "\($0),\($0 % 3),\($0 % 3 == 0 ? 500 : 2 * $0 + 1)\n" }.joined()

    @Test func rowsOfWeightZeroAreNotLearnedFromNorMeasured() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(Self.weighted, as: "w.csv")
        let heavy = try #require(try job(lab, "heavy", data: data, prepare: nil, weight: "w").result)
        // What counts lies on a line; every third row, which does not count, is far off it.
        #expect(try #require(heavy.metrics[MetricName("train:r2")]) > 0.999)
        let light = try #require(try job(lab, "light", data: data, prepare: nil).result)
        #expect(try #require(light.metrics[MetricName("train:r2")]) < 0.9)
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/heavy"))
        #expect(model.pipeline.featureNames == ["a"])
        #expect(try #require(try model.evaluate(Table(contentsOf: data))[MetricName("test:r2")]) > 0.999)
        let bare = try lab.folder.write("a,y\n1,2\n", as: "bare.csv")
        // Rows that nobody weighed count alike, and that is said.
        #expect(try model.evaluation(of: Table(contentsOf: bare)).notes.contains { $0.contains("no row weights 'w'") })
    }

    @Test(arguments: [
        ("a,w,y\n1,-1,2\n2,1,3\n", "w", "record 1: the row weight 'w' is -1: give a number of at least 0"),
        ("a,w,y\n1,1,2\n2,,3\n3,2,4\n", "w", "record 2: the row weight 'w' is missing: give a number of at least 0"),
        ("a,w,y\n1,u,2\n2,v,3\n", "w", "row weights 'w' are categorical: name a column of numbers"),
        ("a,w,y\n1,0,2\n2,0,3\n", "w", "all row weights 'w' are 0: give some that are more"),
        ("a,w,y\n1,1,2\n2,1,3\n", "y", "'y' cannot be both target and row weight: name two columns"),
    ])
    func weightsThatAreNoneAreAnErrorThatSaysWhere(text: String, column: String, message: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(text, as: "w.csv")
        let result = try #require(try job(lab, "run", data: data, prepare: nil, weight: column).result)
        #expect(result.reason.text == "\(data): \(message)")
    }

    @Test func rowsThatStayInTheirFileAreNeitherWeighedNorPrepared() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(Self.weighted, as: "w.csv")
        var request = JobRequest(
            datasetPath: data, target: "y", algorithm: "linear-learner", hyperparameters: ["streaming": "true"], weight: "w")
        let fault = #expect(throws: TrainingError.self) { try Preparation(request: request) }
        #expect(
            fault?.message
                == "streaming = 'true' does not go with weight: leave one of them out")
        request.hyperparameters["streaming"] = "auto"
        // Little memory is no reason to forget the weights.
        _ = try Preparation(request: request, memory: 1)
    }
}
