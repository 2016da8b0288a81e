import FoundationEssentials
import Tables

extension FittedPipeline {
    /// The pipeline as a file has it.
    public func fileBytes() throws(TableError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do { return Array(try encoder.encode(self)) } catch {
            throw TableError(.writeFailed, "the fitted pipeline cannot be written as JSON: \(error)")
        }
    }

    /// Reads what `fileBytes` gave.
    ///
    /// - Throws: `damagedFile`.
    public init(fileBytes bytes: [UInt8], path: String) throws(TableError) {
        do { self = try JSONDecoder().decode(FittedPipeline.self, from: Data(bytes)) } catch {
            var words = "it holds no steps with what they learned"
            if case DecodingError.dataCorrupted(let context)? = error as? DecodingError { words = context.debugDescription }
            throw TableError(.damagedFile, "is no fitted pipeline: \(words)", path: path)
        }
    }
}
