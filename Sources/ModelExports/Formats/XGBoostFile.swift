import JSON
import Learners
import Training

/// A model of XGBoost's as its own library writes it, with the names of its features.
public struct XGBoostFile {
    /// XGBoost's JSON; `Booster.load_model` reads it.
    public let text: String
    /// The features in the order of the booster's columns.
    public let featureNames: [String]

    /// - Throws: `unsupported` for other models than XGBoost's; `badModel`.
    public init(_ model: Model) throws(ModelExportError) {
        guard let trees = model.learned as? XGBoostModel else {
            throw ModelExportError(
                .unsupported, "a model of \(model.algorithm) is none of XGBoost's: export it as onnx, mlflow or safetensors")
        }
        guard !trees.document.isEmpty else { throw ModelExportError(.badModel, "the model has no trees: train again") }
        let names = (model.steps.last?.featureNames ?? model.pipeline.featureNames).map(Self.spelt)
        featureNames = names
        // XGBoost tells whole numbers from others by how they are written, so that the rest of its text stays as it is.
        let list = JSONValue.array(names.map { .string($0) }).text
        let kinds = JSONValue.array(names.map { _ in .string("float") }).text
        text = Self.replacing("feature_names", list, in: Self.replacing("feature_types", kinds, in: trees.document))
    }

    /// XGBoost takes no names with these characters.
    private static func spelt(_ name: String) -> String {
        String(name.map { ["[": "(", "]": ")", "<": "≺"][$0] ?? $0 })
    }

    /// Puts a list in the place of an empty one, the first of its name.
    private static func replacing(_ name: String, _ list: String, in document: String) -> String {
        let empty = Array("\"\(name)\":[]".utf8), bytes = Array(document.utf8)
        guard
            let start = bytes.indices.first(where: {
                bytes[$0] == empty[0] && bytes[$0...].prefix(empty.count).elementsEqual(empty)
            })
        else { return document }
        let full = bytes[..<start] + Array("\"\(name)\":\(list)".utf8) + bytes[(start + empty.count)...]
        return String(decoding: full, as: UTF8.self)
    }
}
