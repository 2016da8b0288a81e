import Events
import Learners
import Numerics
import Tables
import Testing

@testable import Training

/// Which rows judge a job, and what is said about its target.
@Suite struct ValidationTests {
    private func summary(_ events: [StudioEvent]) -> TrainingDataSummary? {
        events.compactMap { event in
            if case .job(.trainingDataSummarised(let summary)) = event.kind { summary } else { nil }
        }.last
    }

    @Test(arguments: ["linear-learner", "neural-network"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : []))
    func foldsJudgeEveryRowByAModelThatDidNotLearnIt(algorithm: String) throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 300), as: "r.csv")
        let length = algorithm == "xgboost" ? ["num_round": "20"] : ["epochs": "20"]
        let events = lab.run("folds", data: data, algorithm: algorithm, length) { $0.folds = 4 }
        let result = try #require(events.result)
        #expect(result.status == .completed, "\(result.reason)")
        let mean = try #require(result.metrics[MetricName("validation:rmse")])
        let spread = try #require(result.metrics[MetricName("validation:rmse@sd")])
        #expect(mean > 0 && spread > 0 && spread < mean)
        #expect(summary(events)?.validationRowCount == 300 && summary(events)?.rowCount == 300)
        // What was predicted row by row gives the same error again.
        let table = try Table(contentsOf: lab.folder.path + "/folds/" + OutOfFold.fileName)
        #expect(table.column(named: "row")?.numbers == (1...300).map(Double.init))
        let fold = try #require(table.column(named: "fold")?.numbers),
            predicted = try #require(table.column(named: "prediction")?.numbers)
        let expected = try #require(try Table(contentsOf: data).column(named: "y")?.numbers)
        let errors = (1...4).map { own -> Double in
            let rows = fold.indices.filter { fold[$0] == Double(own) }
            #expect(rows.count == 75)
            return (rows.reduce(0) { $0 + (predicted[$1] - expected[$1]) * (predicted[$1] - expected[$1]) } / 75).squareRoot()
        }
        #expect(abs(errors.reduce(0, +) / 4 / mean - 1) < 1e-4)
        // Curves of the mean and of each fold.
        let names = events.reduce(into: Set<String>()) { names, event in
            if case .sample(.metricsRecorded(let recorded)) = event.kind { names.formUnion(recorded.values.keys.map(\.text)) }
        }
        #expect(names.isSuperset(of: ["validation:loss", "validation:loss@1", "validation:loss@4"]))
    }

    @Test func aRunOfFoldsThatIsStoppedGoesOnAsIfItHadNot() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 200), as: "r.csv")
        var request = JobRequest(datasetPath: data, target: "y", algorithm: "neural-network", hyperparameters: ["epochs": "6"])
        request.folds = 3
        let preparation = try Preparation(request: request)
        let whole = try Algorithms.train(request, on: preparation).trainer
        let first = try Algorithms.train(request, on: preparation).trainer
        while whole.step < 12 { _ = whole.trainStep() }
        let half = whole.snapshot()
        while !whole.isFinished { _ = whole.trainStep() }
        try first.restore(half)
        while !first.isFinished { _ = first.trainStep() }
        #expect(first.evaluate().map(\.value) == whole.evaluate().map(\.value))
        #expect(throws: LearnerError.self) { try first.restore(Array(half.dropLast(9))) }
        #expect(first.evaluate().map(\.value) == whole.evaluate().map(\.value))
    }

    @Test func aFinishedRunOfFoldsGoesOnWithMoreEpochs() throws {
        let lab = try Laboratory()
        let data = try lab.folder.write(SampleTable.regression(rows: 700), as: "r.csv")
        let events = lab.run("more", data: data, ["epochs": "3"]) { $0.folds = 4 }
        let step = try #require(events.result?.bestStep)
        #expect(step > 0)
        // What the model on all rows chose for its rows (batches, the number of features) is not the folds'.
        let registered = events.compactMap { event -> RunRecord? in
            if case .run(.registered(let record)) = event.kind { record } else { nil }
        }
        let record = try #require(registered.last)
        var request = record.request
        request.hyperparameters.merge(record.hyperparameters.filter { ["mini_batch_size", "feature_dim"].contains($0.key) }) {
            $1
        }
        request.hyperparameters["epochs"] = "5"
        let preparation = try Preparation(request: request)
        let longer = try Algorithms.train(request, on: preparation, chosen: ["mini_batch_size", "feature_dim"]).trainer
        let folder = CheckpointFolder(path: lab.folder.path + "/more")
        let saved = try #require(try folder.newest(notAfter: .max))
        try longer.restore(saved.trainer)
        while !longer.isFinished { _ = longer.trainStep() }
        #expect(longer.step == longer.stepsPerEpoch * 5)
    }

    @Test func foldsAreOfPredictions() {
        var request = JobRequest(datasetPath: "x.csv", target: nil, algorithm: "kmeans", hyperparameters: ["k": "3"])
        request.folds = 3
        let fault = #expect(throws: TrainingError.self) { try Algorithms.validate(request) }
        #expect(fault?.message.contains("leave folds out") == true)
    }

    @Test func validationInTheOrderOfTimeTakesTheLastRows() throws {
        let lab = try Laboratory()
        var random = RandomSource(seed: 1)
        var days = Array(0..<120)
        random.shuffle(&days)
        let rows = days.map { "\(CalendarTime.isoText(seconds: Double($0) * 86_400)),\($0 % 7)\n" }
        let data = try lab.folder.write("day,y\n" + rows.joined(), as: "t.csv")
        var request = JobRequest(datasetPath: data, target: "y", algorithm: "xgboost")
        (request.validationOrder, request.task) = ("time", "regression")
        let table = try Table(contentsOf: data)
        let encoding = try TargetEncoding.make(table, column: "y", wish: .task(.regressor))
        let heldOut = try Preparation.heldOutRows(of: table, encoding, request)
        #expect(Set(heldOut.map { days[$0] }) == Set(96..<120))
        request.validationOrder = "day"
        #expect(try Preparation.heldOutRows(of: table, encoding, request) == heldOut)
        #expect(try Preparation(request: request).validation?.rowCount == 24)
        request.validationOrder = "nothing"
        #expect(throws: TrainingError.self) { try Preparation(request: request) }
    }

    @Test(arguments: [nil, 4])
    func rowsWithoutADateAreSaidToComeFirst(folds: Int?) throws {
        let lab = try Laboratory()
        let rows = (0..<120).map { "\($0 % 10 == 7 ? "" : CalendarTime.isoText(seconds: Double($0) * 86_400)),\($0 % 7)\n" }
        let data = try lab.folder.write("day,y\n" + rows.joined(), as: "t.csv")
        var request = JobRequest(datasetPath: data, target: "y", algorithm: "linear-learner")
        (request.validationOrder, request.task, request.folds) = ("time", "regression", folds)
        let said = try Preparation(request: request).warnings.filter { $0.code == "validation" }.map(\.message)
        #expect(said == ["12 rows have no day: they come before all others in that order, and are learned from"])
        request.validationOrder = "random"
        #expect(try !Preparation(request: request).warnings.contains { $0.message.contains("no day") })
    }

    @Test func whatIsSaidInVainIsRefused() throws {
        let lab = try Laboratory()
        let rows = (0..<60).map { "\($0 * 31 % 17),\($0 % 3 + 1),note \($0 % 5) of \($0 % 7),\($0 % 3 + 5)\n" }
        let data = try lab.folder.write("x,w,note,y\n" + rows.joined(), as: "q.csv")
        func fault(_ algorithm: String = "linear-learner", _ change: (inout JobRequest) -> Void) -> String {
            var request = JobRequest(datasetPath: data, target: "y", algorithm: algorithm)
            change(&request)
            let error = #expect(throws: TrainingError.self) {
                try Algorithms.validate(request)
                _ = try Preparation(request: request)
            }
            return error?.message ?? ""
        }
        for algorithm in ["kmeans", "pca"] {
            #expect(fault(algorithm) { $0.task = "regression" } == "\(algorithm) predicts no column: leave task out")
            #expect(fault(algorithm) { $0.positive = "5" } == "\(algorithm) predicts no column: leave positive out")
        }
        #expect(fault { $0.keep = ["y"] }.contains("'y' is the target, which is no feature: leave it out of --keep"))
        #expect(
            fault { ($0.weight, $0.keep) = ("w", ["w"]) }.contains(
                "'w' is the row weight, which is no feature: leave it out of --keep"))
        #expect(
            fault { ($0.drop, $0.text) = (["note"], ["note": "words"]) }.contains(
                "'note' is left out, which is no feature: leave it"))
        let texts = JobOption.all.first { $0.name == "text" }
        #expect(texts?.problem(withAll: ["a=words", "b=words", "a=words"]) == nil)
        #expect(texts?.problem(withAll: ["a=words", "a=chars"]) == "a is to be words and chars: give one of them")
        #expect(throws: TableError.self) { try ReadOptions(["type": "x=text\nx=numeric"]) }
    }

    @Test func groupsAreNoFeatureAndStayTogether() throws {
        let lab = try Laboratory()
        let rows = (0..<200).map { "\($0 % 20),\($0 * 37 % 101),\($0 % 20 * 3)\n" }
        let data = try lab.folder.write("patient,x,y\n" + rows.joined(), as: "g.csv")
        let events = lab.run("grouped", data: data) { $0.group = "patient" }
        #expect(summary(events)?.featureCount == 1 && summary(events)?.validationRowCount == 40)
        for (option, value) in [("validation-order", "time"), ("group", "nothing")] {
            var request = JobRequest(datasetPath: data, target: "y", algorithm: "linear-learner")
            request.group = "patient"
            JobOption.all.first { $0.name == option }?.set([value], in: &request)
            let fault = #expect(throws: TrainingError.self) {
                try Algorithms.validate(request)
                _ = try Preparation(request: request)
            }
            #expect(fault?.message.contains(option == "group" ? "nothing" : "exclude each other") == true)
        }
    }

    @Test func whatTheTargetWasTakenForIsSaidAndCanBeSet() throws {
        let lab = try Laboratory()
        let rows = (0..<90).map { "\($0 * 31 % 17),\($0 % 3 + 5)\n" }
        let data = try lab.folder.write("x,y\n" + rows.joined(), as: "q.csv")
        let guessed = try #require(summary(lab.run("guessed", data: data) { _ in })?.goal)
        #expect(guessed.contains("3 classes, 5, 6, 7 (multiclass classification)") && guessed.contains("--task regression"))
        let asked = summary(lab.run("asked", data: data) { $0.task = "regression" })
        #expect(asked?.goal == "y is a number from 5 to 7 (regression)")
        // An objective that only numbers, or only classes, have says what is wanted; what is said by hand holds all the same.
        let measured = lab.run("measured", data: data) { $0.hyperparameters["objective_metric"] = "validation:rmse" }
        #expect(summary(measured)?.goal == "y is a number from 5 to 7 (regression)")
        let told = measured.compactMap { event in
            if case .job(.dataWarned(let warning)) = event.kind, warning.code == "targetTask" { warning.message } else { nil }
        }
        #expect(told == ["y is taken as numbers, as validation:rmse is asked for; its values alone look like classes"])
        let many = try lab.folder.write("x,y\n" + (0..<60).map { "\($0 % 7),\($0 % 20)\n" }.joined(), as: "many.csv")
        #expect(summary(lab.run("numbers", data: many) { _ in })?.goal?.contains("regression") == true)
        let classes = lab.run("classes", data: many) { $0.hyperparameters["objective_metric"] = "accuracy" }
        #expect(summary(classes)?.goal?.contains("20 classes") == true)
        let refused = lab.run("contradicted", data: data) {
            ($0.hyperparameters["objective_metric"], $0.task) = ("rmse", "classification")
        }
        #expect(refused.result?.status == .failed)
        let binary = try lab.folder.write(
            "x,y\n" + (0..<60).map { "\($0 * 7 % 11),\($0 % 3 == 0 ? "ill" : "well")\n" }.joined(), as: "b.csv")
        let turned = lab.run("turned", data: binary) { $0.positive = "ill" }
        #expect(summary(turned)?.goal?.contains("positive is ill") == true)
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/turned"))
        #expect(model.target?.classes == ["well", "ill"])
        #expect(lab.run("no such", data: binary) { $0.positive = "sick" }.result?.reason.text.contains("ill or well") == true)
        #expect(lab.run("not two", data: data) { $0.positive = "5" }.result?.status == .failed)
    }

    @Test func everyOptionSurvivesItsWayThroughARecord() throws {
        var request = JobRequest(datasetPath: "a.csv", target: "y", algorithm: "xgboost")
        for option in JobOption.all {
            switch option.value {
            case .column, .text, .file: option.set(["a \(option.name)"], in: &request)
            case .texts: option.set(["a=b, (c)", "d=e"], in: &request)
            case .columns: option.set(["a", "b, c"], in: &request)
            case .columnWords(let words): option.set(["a=b=\(words[0])", "c=\(words[1])"], in: &request)
            case .flag: option.set(["yes"], in: &request)
            case .choice(let words, _): option.set([words[0]], in: &request)
            case .words(let words): option.set([words.prefix(2).joined(separator: ",")], in: &request)
            case .number(let minimum): option.set([String(minimum + 3)], in: &request)
            }
            #expect(!option.text(request).isEmpty)
        }
        #expect(JobRequest(json: request.json) == request)
    }
}

/// Files whose last field is empty in every record.
@Suite struct EmptyLastFieldTests {
    @Test func aTargetWithoutValuesIsStillAColumnForAModelThatKnowsIt() throws {
        let lab = try Laboratory()
        let rows = (0..<40).map { "\($0 % 4),\($0 % 2 == 0 ? "a" : "b"),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        let data = try lab.folder.write(rows, as: "known.csv")
        let job = try Estimator("linear-learner", [:]).fit(data, target: "last")
        let unknown = try lab.folder.write("1,a,\n2,b,\n3,a,\n", as: "unknown.csv")
        let table = try job.model.read(unknown)
        #expect(table.columns.map(\.name) == ["column_1", "column_2", "column_3"])
        let fault = #expect(throws: TrainingError.self) { try job.model.evaluate(table) }
        #expect(fault?.message.contains("no row has a column_3") == true, "\(fault?.message ?? "")")
        // Without a model a delimiter at the end of every line is one too many; names and rows agree in what is written.
        let plain = try Table(contentsOf: unknown)
        #expect(plain.columns.count == 2)
        let out = lab.folder.path + "/out.csv"
        let labels = AddedColumn(name: "prediction", values: ["x", "y", "x"])
        try TableWriter.write(plain, adding: [labels], to: out)
        let written = try Table(contentsOf: out)
        #expect(written.columns.map(\.name) == ["column_1", "column_2", "prediction"])
    }
}
