import JSON
import Learners
import Tables

extension Model {
    /// What is said of a model that was made elsewhere, where its file does not say it.
    public struct ImportSchema: Sendable, Hashable {
        /// The features' columns, in order; empty = as the file calls them, else `f0`, `f1`, ….
        public var columns: [String]
        /// What is predicted.
        public var target: String?
        /// The classes' names in the order of their numbers; empty = `0`, `1`, ….
        public var classes: [String]

        public init(columns: [String] = [], target: String? = nil, classes: [String] = []) {
            (self.columns, self.target, self.classes) = (columns, target, classes)
        }
    }

    /// The most bytes of a model that is read.
    public static let importLimit = 1 << 30

    /// A model of the bytes that XGBoost saved, as JSON or UBJSON.
    ///
    /// - Throws: `badModel` for what is no such model; `badRequest` for a schema of another one.
    public static func importing(xgboost bytes: [UInt8], schema: ImportSchema) throws(TrainingError) -> Model {
        let found: XGBoostModel.Imported
        do throws(LearnerError) { found = try XGBoostModel.importing(try text(bytes)) } catch {
            throw TrainingError(.badModel, error.message, operation: "import model")
        }
        let model = found.model
        let columns = try Self.columns(schema, found)
        let target = schema.target ?? "prediction"
        guard !columns.contains(target) else {
            throw refused("the column '\(target)' is what is predicted and a feature: call the target otherwise")
        }
        let encoding: TargetEncoding
        if model.task == .regressor {
            guard schema.classes.isEmpty else {
                throw refused("the model predicts numbers (\(found.objective)): leave classes out")
            }
            encoding = .numeric(column: target)
        } else {
            let count = max(2, model.scoreCount)
            let classes = schema.classes.isEmpty ? (0..<count).map(String.init) : schema.classes
            guard classes.count == count, Set(classes).count == count else {
                throw refused("there are \(classes.count) names for \(count) classes: give each class one of its own")
            }
            encoding = .classes(column: target, classes)
        }
        return Model(imported: model, columns: columns, target: encoding)
    }

    /// The model as XGBoost's JSON. UBJSON is read here: the library would believe its lengths.
    private static func text(_ bytes: [UInt8]) throws(LearnerError) -> String {
        guard bytes.first == UInt8(ascii: "{") else {
            throw LearnerError(
                .invalidModel, "it is no model in XGBoost's JSON or UBJSON: save it with Booster.save_model('model.json')")
        }
        if bytes.dropFirst().first(where: { $0 > 0x20 }) == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
        do throws(UBJSONParser.Fault) { return written(try UBJSONParser.value(bytes)) } catch {
            throw LearnerError(
                .invalidModel,
                "it is no model in UBJSON (byte \(error.offset): \(error.message)): save it with Booster.save_model('model.json')"
            )
        }
    }

    /// A document as XGBoost writes it: numbers that are not counted have a point or an exponent, by which it tells them apart.
    private static func written(_ value: JSONValue) -> String {
        switch value {
        case .number(let number): "\(number)"
        case .array(let elements): "[" + elements.map(written).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.name).text + ":" + written($0.value) }.joined(separator: ",") + "}"
        default: value.text
        }
    }

    private static func columns(
        _ schema: ImportSchema, _ found: XGBoostModel.Imported
    ) throws(TrainingError) -> [String] {
        let count = found.model.featureCount
        var columns = schema.columns.isEmpty ? found.featureNames : schema.columns
        if columns.isEmpty { columns = (0..<count).map { "f\($0)" } }
        guard columns.count == count, Set(columns).count == count, !columns.contains("") else {
            throw refused(
                "the schema has \(Set(columns).count) names of columns for the model's \(count) features: give each one of its own"
            )
        }
        return columns
    }

    private static func refused(_ message: String) -> TrainingError {
        TrainingError(.badRequest, message, operation: "import model")
    }
}
