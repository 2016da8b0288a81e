import Events
import JSON
import Learners
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// A model file is input: whatever stands in it, it is refused with words or predicts the same each time.
@Suite struct DamagedModelTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var algorithm: String
        var target: String?
        var settings: [String: String] = [:]
        var prepare: String?
        /// Whether the rows have a text and a column of many categories besides.
        var hasTexts = false
        var testDescription: String {
            [algorithm, target, prepare, hasTexts ? "texts" : nil].compactMap { $0 }.joined(separator: " ")
        }
    }

    static let cases: [Case] =
        [
            Case(algorithm: "linear-learner", target: "y"),
            Case(algorithm: "linear-learner", target: "kind", settings: ["epochs": "2"]),
            Case(algorithm: "linear-learner", target: "colour", settings: ["epochs": "2"], prepare: "pca=2,kmeans=3"),
            Case(
                algorithm: "linear-learner", target: "y",
                settings: ["streaming": "true", "epochs": "2", "shuffle_buffer_rows": "100"]),
            Case(algorithm: "neural-network", target: "y", settings: ["hidden_layers": "4", "epochs": "2"]),
            Case(
                algorithm: "neural-network", target: "kind",
                settings: ["hidden_layers": "4,3", "epochs": "2", "batch_normalization": "true", "embedding_width": "2"]),
            Case(algorithm: "kmeans", settings: ["k": "3"]),
            Case(algorithm: "pca", settings: ["num_components": "2"]),
            Case(algorithm: "linear-learner", target: "y", settings: ["epochs": "2"], hasTexts: true),
            Case(algorithm: "neural-network", target: "y", settings: ["hidden_layers": "4", "epochs": "2"], hasTexts: true),
            Case(algorithm: "kmeans", settings: ["k": "3"], hasTexts: true),
        ] + (XGBoostLibrary.isAvailable ? trees : [])

    private static let trees: [Case] = [
        Case(algorithm: "xgboost", target: "y", settings: ["num_round": "2", "max_depth": "2"]),
        Case(algorithm: "xgboost", target: "kind", settings: ["num_round": "2", "booster": "dart"]),
        Case(algorithm: "xgboost", target: "colour", settings: ["num_round": "2", "booster": "gblinear"]),
        Case(algorithm: "xgboost", target: "kind", settings: ["num_round": "2", "max_depth": "2"], hasTexts: true),
    ]

    private static let textRows: String = {
        var text = "note,shop,kind,y\n"
        for row in 0..<240 {
            let words = ["red car", "green boat", "blue house", "old car"][row % 4] + ["", " again", " once more"][row * 5 % 3]
            text += "\(words) n\(row),shop\(row * 7 % 75),\(["x", "y", "z"][row * 3 % 11 % 3]),\(row * row % 41)\n"
        }
        return text
    }()

    private static let rows: String = {
        var text = "a,b,colour,kind,when,at,big,y\n"
        for row in 0..<120 {
            let b = row % 9 == 0 ? "" : String(row * 7 % 13)
            text +=
                "\(Double(row) * 0.5 - 7),\(b),\(["red", "blue"][row * 5 % 7 % 2]),\(["x", "y", "z"][row * 3 % 11 % 3]),"
            let when = row % 10 == 3 ? "" : "2024-0\(1 + row % 9)-1\(row % 7)T0\(row % 8):\(10 + row % 50):00"
            text += "\(when),\(10 + row % 14):\(10 + row % 50),\(1_000_000_000_000_000 + row % 17),\(row * row % 41)\n"
        }
        return text
    }()

    private struct Trained {
        let folder: TemporaryFolder
        let table: Table
        var path: String { folder.path + "/run/model.json" }
        func load() throws -> Model? { try Model.load(fromFolder: folder.path + "/run") }
    }

    private func train(_ own: Case) throws -> Trained {
        let lab = try Laboratory()
        let data = try lab.folder.write(own.hasTexts ? Self.textRows : Self.rows, as: "rows.csv")
        var plan = lab.plan("run", data: data, target: own.target ?? "", own.settings)
        plan.record.algorithm = own.algorithm
        plan.record.request.algorithm = own.algorithm
        plan.record.request.target = own.target
        plan.record.request.prepare = own.prepare
        lab.supervisor.start(plan)
        lab.supervisor.waitUntilIdle()
        let result = try #require(lab.events().result)
        #expect(result.status == .completed, "\(result.reason)")
        return Trained(folder: lab.folder, table: try Table(contentsOf: data))
    }

    /// The model as a version before checksums wrote it, so that its parts alone say whether it is whole.
    private func unsealed(_ bytes: [UInt8]) throws -> JSONValue {
        var members = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)).members ?? []
        #expect(members.first?.name == "checksum")
        members.removeFirst()
        for index in members.indices where members[index].name == "format" { members[index].value = .integer(1) }
        return .object(members)
    }

    @Test func `any one bit that is flipped is found`() throws {
        let trained = try train(Self.cases[0])
        let bytes = try #require(try JobFile.read(trained.path))
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            try JobFile.write(damaged, to: trained.path)
            let error = #expect(throws: TrainingError.self, "byte \(place)") { try trained.load() }
            #expect(error?.code == .badModel)
        }
        for count in stride(from: 0, to: bytes.count, by: 7) {
            try JobFile.write(Array(bytes[..<count]), to: trained.path)
            #expect(throws: TrainingError.self) { try trained.load() }
        }
    }

    @Test(arguments: cases)
    func `a model of the version without checksums predicts the same`(own: Case) throws {
        let trained = try train(own)
        let before = try #require(try trained.load()).predict(trained.table)
        let old = try unsealed(try #require(try JobFile.read(trained.path)))
        try JobFile.write(Array(old.text.utf8), to: trained.path)
        let model = try #require(try trained.load())
        #expect(try model.predict(trained.table) == before)
        // Saved again it is a file of today.
        try model.save(toFolder: trained.folder.path + "/run")
        #expect(try unsealed(try #require(try JobFile.read(trained.path))) == old)
    }

    @Test(arguments: cases)
    func `lengths and counts that disagree are refused, with what is wrong and what to do`(own: Case) throws {
        let trained = try train(own)
        let whole = try unsealed(try #require(try JobFile.read(trained.path)))
        var refused = 0
        for (place, damaged) in Self.damages(whole) {
            try JobFile.write(Array(damaged.text.utf8), to: trained.path)
            let error = #expect(throws: TrainingError.self, "\(place)") { _ = try trained.load() }
            #expect(error?.code == .badModel)
            let text = error?.message ?? ""
            #expect(
                text.contains("model.json is damaged: ") && text.hasSuffix("bring the file back from a copy"), "\(place): \(text)"
            )
            refused += 1
        }
        #expect(refused > 12)
    }

    /// Numbers that are not lengths: those that decide nothing about where is read, or that no length tells apart from others.
    private static let free: Set<String> = [
        "warnings", "metrics", "topK", "rowCount", "roundCount", "major", "minor", "patch", "format",
    ]

    /// A document with one array a member longer or shorter, or one whole number more or less.
    private static func damages(_ value: JSONValue, place: String = "") -> [(String, JSONValue)] {
        switch value {
        case .array(let elements):
            var found: [(String, JSONValue)] = []
            if let last = elements.last {
                found.append((place + " longer", .array(elements + [last])))
                found.append((place + " shorter", .array(elements.dropLast())))
            }
            for index in elements.indices.prefix(3) where elements[index].double == nil {
                found += damages(elements[index], place: "\(place)[\(index)]").map { text, changed in
                    var copy = elements
                    copy[index] = changed
                    return (text, .array(copy))
                }
            }
            return found
        case .object(let members):
            return members.indices.flatMap { index -> [(String, JSONValue)] in
                let name = members[index].name
                if free.contains(name) { return [] }
                return damages(members[index].value, place: place + "." + name).map { text, changed in
                    var copy = members
                    copy[index].value = changed
                    return (text, .object(copy))
                }
            }
        case .integer(let number):
            let counts = place.hasSuffix("Count") && !place.hasSuffix("learned.classCount") || place.hasSuffix("Width")
            return counts
                ? [number + 1, -number, .max, .min].filter { $0 != number }.map { ("\(place) = \($0)", .integer($0)) } : []
        default: return []
        }
    }

    @Test func `features that a table lacks are an error, not memory`() throws {
        let trained = try train(Self.cases[1])
        let model = try #require(try trained.load())
        let some = Table(columns: trained.table.columns.filter { $0.name != "b" })
        let error = #expect(throws: TrainingError.self) { try model.predict(some) }
        #expect(error?.message.contains("no column named 'b', which the model was trained on: add it") == true)
    }

    @Test func `a file of another kind is no model, and is not waited for`() throws {
        let folder = try TemporaryFolder()
        for text in [
            "", "{", "[]", "null", String(repeating: "[", count: 100_000), "{\"format\":\(String(repeating: "9", count: 500))}",
        ] {
            _ = try folder.write(text, as: "model.json")
            let error = #expect(throws: TrainingError.self) { try Model.load(fromFolder: folder.path) }
            #expect(error?.code == .badModel)
        }
        _ = try folder.write("{\"format\":3}", as: "model.json")
        let error = #expect(throws: TrainingError.self) { try Model.load(fromFolder: folder.path) }
        #expect(error?.message.contains("has format 3 and this Descent reads up to 2: use the version that wrote it") == true)
    }
}
