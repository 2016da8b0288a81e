import FoundationEssentials
import PrintableText

/// How a model lies in its file: a JSON object whose first member is the checksum of everything behind it. Files of format 1,
/// which earlier versions wrote, have none.
enum ModelFile {
    private static let opening = Array(#"{"checksum":""#.utf8), closing = Array(#"","#.utf8)
    private static let sealLength = opening.count + Checksum.length + closing.count

    static func bytes(of model: Model) throws(TrainingError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // A diverged run's weights are NaN; its model still says so.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            let content = try encoder.encode(model).dropFirst()
            return opening + Checksum.text(content) + closing + content
        } catch {
            throw TrainingError(.badModel, "the model cannot be written as JSON", operation: "save model", cause: "\(error)")
        }
    }

    /// - Throws: `badModel` with what is wrong with the file.
    static func model(_ bytes: [UInt8], path: String) throws(TrainingError) -> Model {
        let isSealed = bytes.starts(with: opening)
        if isSealed {
            guard bytes.count > sealLength, bytes[..<sealLength].ends(with: closing),
                bytes[opening.count..<sealLength - closing.count].elementsEqual(Checksum.text(bytes[sealLength...]))
            else { throw damaged(path, "its checksum is not that of its content") }
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let model: Model
        do { model = try decoder.decode(Model.self, from: Data(bytes)) } catch let error as Model.UnknownFormat {
            throw TrainingError(
                .badModel,
                "\(path) has format \(error.format) and this Descent reads up to \(Model.currentFormat): use the version that wrote it",
                operation: "load model")
        } catch { throw damaged(path, fault(error)) }
        guard isSealed || model.format == 1 else { throw damaged(path, "its checksum is gone") }
        return model
    }

    private static func damaged(_ path: String, _ fault: String) -> TrainingError {
        TrainingError(
            .badModel, "\(path) is damaged: \(fault.printable): train the run again, or bring the file back from a copy",
            operation: "load model")
    }

    private static func fault(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        switch error {
        case .dataCorrupted(let context) where context.underlyingError != nil: return "it is no whole JSON document"
        case .dataCorrupted(let context): return context.debugDescription
        case .keyNotFound(let key, let context): return "\(place(context)) has no '\(key.stringValue)'"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context)) is not what it should be"
        @unknown default: return "\(error)"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let keys = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
        return keys.isEmpty ? "the file" : "'\(keys.joined(separator: "."))'"
    }
}

extension Collection<UInt8> {
    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
