import Events
import Learners
import Numerics
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// Text and columns of many categories, learned from by every algorithm from the file to the metrics.
@Suite struct TextTrainingTests {
    /// Messages of 24 words, of which none says by itself that it is spam; digits and capitals say a little.
    private static func messages(_ count: Int) -> String {
        let common = "you me we call now home time day see get just meet phone week really think"
        let plain = common + " dinner school friend sleep lunch movie wait bring thanks happy"
        let spam = common + " win prize claim urgent reply cash award offer voucher account"
        let words = [plain, spam].map { $0.split(separator: " ").map(String.init) }
        var random = RandomSource(seed: 21)
        var text = "message,label\n"
        for row in 0..<count {
            let isSpam = row % 5 == 0
            let pieces = (0..<12).map { _ -> String in
                let list = words[isSpam && random.next() % 10 < 5 ? 1 : 0]
                let word = list[Int(random.next() % UInt64(list.count))]
                return random.next() % (isSpam ? 20 : 60) == 0 ? word.uppercased() : word
            }
            let number = random.next() % (random.next() % 10 < (isSpam ? 4 : 1) ? 90_000 : 90)
            text += "\(pieces.joined(separator: " ")) \(number),\(isSpam ? "spam" : "ham")\n"
        }
        return text
    }

    /// 500 shops, each with a level of its own that y follows, beside x.
    private static func shops(_ count: Int) -> String {
        var random = RandomSource(seed: 8)
        let levels = (0..<500).map { _ in random.normal() * 3 }
        var text = "shop,x,y\n"
        for _ in 0..<count {
            let shop = Int(random.next() % 500), x = random.normal()
            text += "shop\(shop),\(x),\(levels[shop] + x + random.normal() * 0.5)\n"
        }
        return text
    }

    private func metrics(
        _ text: String, _ algorithm: String, target: String?, _ settings: [String: String] = [:],
        text methods: [String: String] = [:]
    ) throws -> (metrics: [MetricName: Double], model: Model, notes: [String], warnings: [String]) {
        let lab = try Laboratory()
        let path = try lab.folder.write(text, as: "rows.csv")
        let events = lab.run("run", data: path, target: target, algorithm: algorithm, settings) { $0.text = methods }
        let result = try #require(events.result)
        #expect(result.status == .completed, "\(result.reason)")
        let said = events.compactMap { event in if case .job(.dataWarned(let warning)) = event.kind { warning } else { nil } }
        let model = try #require(try Model.load(fromFolder: lab.folder.path + "/run"))
        // What a saved model makes of a file is what it was measured on.
        let table = try Table(contentsOf: path)
        #expect(try model.predict(table).count > 0)
        return (
            try model.evaluate(table), model, said.filter(\.isNotice).map(\.message),
            said.filter { !$0.isNotice }.map(\.message)
        )
    }

    private static let supervised = ["linear-learner", "neural-network"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : [])

    @Test(arguments: supervised) func messagesAreToldApartByTheirWords(algorithm: String) throws {
        let settings = ["neural-network": ["epochs": "20", "hidden_layers": "16"], "xgboost": ["num_round": "30"]]
        let found = try metrics(Self.messages(1000), algorithm, target: "label", settings[algorithm] ?? [:])
        let f1 = try #require(found.metrics[MetricName(split: "test", metric: "f1")])
        #expect(f1 > 0.9, "\(f1)")
        #expect(found.notes.count == 1 && found.notes.first?.hasPrefix("message: text, ") == true, "\(found.notes)")
        #expect(!found.warnings.contains { $0.contains("message") }, "\(found.warnings)")
        // Words that no training row has are left out, and a row without any is one like others.
        let folder = try TemporaryFolder()
        let other = try Table(contentsOf: try folder.write("id,message\n1,zzz qqq xxx\n2,\n", as: "new.csv"))
        #expect(try found.model.predict(other).first?.texts.count == 2)
    }

    @Test(arguments: ["kmeans", "pca"]) func clustersAndComponentsSeeTheSameWords(algorithm: String) throws {
        let found = try metrics(
            Self.messages(300), algorithm, target: nil, algorithm == "kmeans" ? ["k": "3"] : ["num_components": "3"])
        #expect(found.model.pipeline.featureNames.contains("message \"prize\""))
        #expect(found.notes.count == 1)
    }

    @Test func l1ChoosesWords() throws {
        let found = try metrics(
            Self.messages(1000), "linear-learner", target: "label", ["l1": "0.002", "epochs": "40"], text: ["message": "words"])
        let linear = try #require(found.model.learned as? LinearModel)
        let weights = zip(found.model.pipeline.featureNames, linear.coefficients.coefficients).filter { $0.0.contains("\"") }
        let kept = weights.filter { $0.1 != 0 }.map(\.0)
        #expect(kept.count < weights.count * 2 / 3, "\(kept.count) of \(weights.count)")
        let strongest = weights.sorted { $0.1 > $1.1 }.prefix(8).map(\.0)
        for word in strongest {
            #expect(
                "prize win claim urgent reply cash award offer voucher account".contains(word.split(separator: "\"")[1]),
                "\(word)")
        }
    }

    @Test(arguments: supervised) func hundredsOfCategoriesAreLearned(algorithm: String) throws {
        let found = try metrics(
            Self.shops(6000), algorithm, target: "y", algorithm == "neural-network" ? ["epochs": "30"] : [:])
        // Noise leaves 1 - 0.25 / 10.25; a category's mean comes from ten rows.
        let r2 = try #require(found.metrics[MetricName(split: "test", metric: "r2")])
        #expect(r2 > 0.9, "\(r2)")
        #expect(found.notes.count == 1 && found.notes.first?.hasPrefix("shop: 500 categories") == true, "\(found.notes)")
    }

    @Test(arguments: ["kmeans", "pca"]) func andDistancesTakeThem(algorithm: String) throws {
        let found = try metrics(
            Self.shops(1500), algorithm, target: nil, algorithm == "kmeans" ? ["k": "3"] : ["num_components": "3"])
        #expect(found.model.pipeline.featureNames.contains("shop (log count)"))
    }

    @Test func textIsReadFromAStreamedFileToo() throws {
        let found = try metrics(
            Self.messages(1200), "linear-learner", target: "label",
            ["streaming": "true", "shuffle_buffer_rows": "300", "sample_rows": "500"])
        #expect(try #require(found.metrics[MetricName(split: "test", metric: "f1")]) > 0.9)
    }

    @Test func whatIsSaidOfAColumnThatHoldsNoTextIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.shops(50), as: "rows.csv")
        var request = JobRequest(datasetPath: path, target: "y", algorithm: "linear-learner")
        request.text = ["x": "words"]
        let error = #expect(throws: TrainingError.self) { try Preparation(request: request) }
        #expect(error?.message.contains("--type 'x=text'") == true, "\(error?.message ?? "")")
        request.text = ["shop": "letters"]
        #expect(throws: TrainingError.self) { try Algorithms.validate(request) }
        #expect(JobRequest(json: request.json) == request)
    }
}
