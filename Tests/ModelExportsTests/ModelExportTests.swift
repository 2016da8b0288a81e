import Glibc
import JSON
import Learners
import Tables
import TemporaryFolders
import Testing
import Training

@testable import ModelExports

/// What is written of models, byte by byte where a form says so. That onnxruntime and MLflow say what `descent predict` says is tried where they
/// are (`python/tests/test_exports.py`).
@Suite struct ModelExportTests {
    private static let rows: String = {
        var text = "size,kind,member,price\n"
        for row in 0..<60 {
            let size = row % 7 == 0 ? "" : "\(Double(row) / 4)"
            let kind = row % 11 == 0 ? "" : ["red", "green", "it's"][row % 3]
            text += "\(size),\(kind),\(["yes", "no"][row / 2 % 2]),\(Double(row) * 0.5 + (row % 3 == 0 ? 2 : 0))\n"
        }
        return text
    }()

    private func trained(_ algorithm: String, target: String? = "price", _ settings: [String: String] = [:]) throws -> Model {
        let folder = try TemporaryFolder()
        let path = folder.path + "/rows.csv"
        try folder.write(Self.rows, as: "rows.csv")
        var data = path
        if target == nil {
            try folder.write(
                Self.rows.split(separator: "\n").map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
                }.joined(separator: "\n") + "\n", as: "plain.csv")
            data = folder.path + "/plain.csv"
        }
        return try Estimator(algorithm, settings, seed: 1).fit(data, target: target).model
    }

    @Test func anInputIsCalledAsItsColumnAndAnOutputAsScikitLearnsConvertersDo() throws {
        let graph = try ModelGraph(try trained("linear-learner", ["epochs": "2"]), version: "1")
        #expect(graph.inputs.map(\.name) == ["size", "kind", "member"])
        #expect(graph.inputs.map(\.kind) == [.float, .string, .string])
        #expect(graph.inputs.allSatisfy { $0.width == 1 })
        #expect(graph.outputs == [.init(name: "variable", kind: .float, width: 1)])
        let classes = try ModelGraph(try trained("linear-learner", target: "member", ["epochs": "2"]), version: "1")
        #expect(
            classes.outputs == [
                .init(name: "label", kind: .string, width: nil), .init(name: "probabilities", kind: .float, width: 2),
            ])
    }

    @Test func theFileSaysWhichVersionsOfONNXItNeeds() throws {
        let bytes = try ModelGraph(try trained("linear-learner", ["epochs": "2"]), version: "9.8.7").bytes
        let model = Message(bytes)
        #expect(model.number(1) == 8)
        #expect(model.texts(2) == ["descent"] && model.texts(3) == ["9.8.7"])
        let sets = model.messages(8)
        #expect(sets.map { $0.texts(1) } == [[], ["ai.onnx.ml"]])
        #expect(sets.compactMap { $0.number(2) } == [13, 3])
        let graph = model.messages(7)[0]
        // Every step takes what is there: an input, a constant, or what a step before it made.
        var known = Set(graph.messages(11).flatMap { $0.texts(1) } + graph.messages(5).flatMap { $0.texts(8) })
        #expect(known.isSuperset(of: ["size", "kind", "member"]))
        for node in graph.messages(1) {
            #expect(known.isSuperset(of: node.texts(1)), "\(node.texts(4))")
            known.formUnion(node.texts(2))
        }
        #expect(known.contains("variable"))
        let operations = Set(graph.messages(1).flatMap { $0.texts(4) })
        #expect(operations.isSuperset(of: ["LabelEncoder", "OneHot", "IsNaN", "Where", "Concat", "MatMul"]))
    }

    @Test(arguments: ["linear-learner", "neural-network", "knn", "kmeans", "pca"])
    func everyLearnerCanBeWritten(_ algorithm: String) throws {
        let isPlain = algorithm == "kmeans" || algorithm == "pca"
        let settings =
            ["kmeans": ["k": "3"], "pca": ["num_components": "2"], "neural-network": ["epochs": "2"]][algorithm] ?? [:]
        let model = try trained(algorithm, target: isPlain ? nil : "price", settings)
        let outputs = try ModelGraph(model, version: "1").outputs.map(\.name)
        #expect(outputs == (algorithm == "kmeans" ? ["label", "scores"] : ["variable"]))
        #expect(!(try SafeTensors(model, version: "1").shapes).isEmpty)
        #expect(throws: ModelExportError.self) { try XGBoostFile(model) }
    }

    @Test func arraysLieWhereTheHeaderOfSafetensorsSays() throws {
        let model = try trained("pca", target: nil, ["num_components": "2"])
        let bytes = try SafeTensors(model, version: "1").bytes
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONValue(parsing: Array(bytes[8..<8 + length]))
        #expect((8 + length) % 8 == 0)
        #expect(header["__metadata__"]?["algorithm"]?.string == "pca")
        let members = try #require(header.members).filter { $0.name != "__metadata__" }
        var next = 0
        for member in members {
            let offsets = try #require(member.value["data_offsets"]?.array).compactMap(\.integer)
            #expect(offsets[0] == next)
            let count = try #require(member.value["shape"]?.array).compactMap(\.integer).reduce(1, *)
            #expect(offsets[1] - offsets[0] == count * (member.value["dtype"]?.string == "F64" ? 8 : 4))
            next = offsets[1]
        }
        #expect(bytes.count == 8 + length + next)
        // Directions of length 1, as the model has them.
        let components = try #require(header["components"])
        let shape = try #require(components["shape"]?.array).compactMap(\.integer)
        let start = 8 + length + (try #require(components["data_offsets"]?.array?.first?.integer))
        let first = (0..<shape[1]).map { place in
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start + place * 8, as: Double.self) }
        }
        #expect(abs(first.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
    }

    @Test(.enabled(if: XGBoostLibrary.isAvailable)) func treesGoOutInXGBoostsOwnFormWithTheirFeaturesNames() throws {
        let model = try trained("xgboost", ["num_round": "3"])
        let file = try XGBoostFile(model)
        let learner = try #require(try JSONValue(parsing: file.text)["learner"])
        #expect(learner["feature_names"]?.array?.compactMap(\.string) == file.featureNames)
        #expect(file.featureNames.contains("kind=it's") && file.featureNames.first == "size")
        // What was written comes back as the same model.
        let back = try Model.importing(xgboost: Array(file.text.utf8), schema: .init(target: "price"))
        #expect(back.pipeline.columnNames == file.featureNames)
    }

    @Test func aColumnOfFreeTextIsAnInputAsItIs() throws {
        let folder = try TemporaryFolder()
        let words = ["alpha", "beta", "gamma", "delta", "omega", "sigma"]
        var text = "note,price\n"
        for row in 0..<240 {
            let sentence = (0..<8).map { words[(row * 7 + $0 * (row % 5 + 1)) % 6] }.joined(separator: " ")
            text += "\(sentence) number \(row),\(row % 9)\n"
        }
        try folder.write(text, as: "rows.csv")
        let model = try Estimator("linear-learner", ["epochs": "1"], seed: 1).fit(
            folder.path + "/rows.csv", target: "price"
        ).model
        let graph = try ModelGraph(model, version: "1")
        #expect(graph.needsONNXRuntime && graph.inputs == [.init(name: "note", kind: .string, width: 1)])
        #expect(Message(graph.bytes).messages(8).map { $0.texts(1) } == [[], ["ai.onnx.ml"], ["com.microsoft"]])
    }

    @Test func anMLflowFolderIsWholeWhenItsDescriptionIsThere() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/model"
        try MLflowModelFolder(
            try trained("linear-learner", ["epochs": "1"]), version: "1", createdAt: "2026-01-02 03:04:05.000000"
        ).write(to: path)
        let description = try folder.read("model/MLmodel")
        #expect(description.contains("loader_module: descent_onnx"))
        #expect(description.contains(#"inputs: '[{"type":"double","name":"size","required":true}"#))
        for name in ["model.onnx", "code/descent_onnx.py", "requirements.txt", "python_env.yaml"] {
            #expect(!(try folder.read("model/" + name)).isEmpty)
        }
    }

    @Test func cardsSayWhatWasMeasuredAndStayInTheirForm() throws {
        let card = ModelCard(
            name: "pri|ce", model: try trained("linear-learner", ["epochs": "1"]), version: "1", sourceID: "abc",
            dataName: "rows.csv",
            metrics: [("validation:rmse", 1.5), ("validation:r2", .nan)], hyperparameters: [("epochs", "1")], note: "for a try")
        let text = card.huggingFace
        #expect(text.hasPrefix("---\nlibrary_name: descent\npipeline_tag: tabular-regression\n"))
        #expect(text.contains("    - type: \"rmse\"\n      value: 1.5\n"))
        #expect(text.contains("# pri|ce") && text.contains("| epochs | 1 |"))
        let json = card.sageMaker
        let metrics = json["evaluation_details"]?.array?.first?["metric_groups"]?.array?.first?["metric_data"]?.array
        #expect(metrics?.count == 1 && metrics?.first?["value"]?.double == 1.5)
        #expect(json["model_overview"]?["problem_type"]?.string == "regression")
    }
}

/// A message of protocol buffers, taken apart.
private struct Message {
    private var fields: [(number: Int, value: UInt64, bytes: ArraySlice<UInt8>)] = []

    init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        func varint() -> UInt64 {
            var value: UInt64 = 0, shift: UInt64 = 0
            while let byte = rest.popFirst() {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        while !rest.isEmpty {
            let key = varint()
            var value: UInt64 = 0, content: ArraySlice<UInt8> = []
            switch key & 7 {
            case 0: value = varint()
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            default:
                let count = Int(varint())
                content = rest.prefix(count)
                rest = rest.dropFirst(count)
            }
            fields.append((Int(key >> 3), value, content))
        }
    }

    func number(_ field: Int) -> Int? { fields.first { $0.number == field }.map { Int($0.value) } }
    func texts(_ field: Int) -> [String] {
        fields.filter { $0.number == field }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    func messages(_ field: Int) -> [Message] { fields.filter { $0.number == field }.map { Message($0.bytes) } }
}
