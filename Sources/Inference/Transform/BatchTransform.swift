import Files
import Glibc
import Synchronization
import Threads

/// A model over files: each input's answers become a file of its own, in the input's order, in bounded memory whatever the size. What
/// is finished is not done again when it is started once more, and a file under its own name is whole.
public struct BatchTransform: Sendable {
    /// A file, and what its output is called.
    public struct Input: Sendable, Hashable {
        public var path: String
        /// Below the folder of outputs, without `.out`.
        public var name: String
        public var steps: TransformSteps.Kind
        public init(path: String, name: String, steps: TransformSteps.Kind) {
            (self.path, self.name, self.steps) = (path, name, steps)
        }
    }

    /// How it came out.
    public struct Outcome: Sendable {
        public var fileCount = 0, recordCount = 0
        /// Files and records of them that were done before.
        public var keptFileCount = 0, keptRecordCount = 0
        public var failures: [TransformError] = []
        public var warnings: [String] = []
        public var isStopped = false
    }

    let model: LoadedModel
    let steps: TransformSteps
    /// What tells the model and what is done from others: with it an output is one of them.
    let identity: String
    let splitsLines: Bool
    /// Bytes of a request, and requests at once.
    let payload: Int, concurrency: Int

    public init(
        _ model: LoadedModel, steps: TransformSteps, identity: String, splitsLines: Bool, payload: Int, concurrency: Int
    ) {
        (self.model, self.steps, self.identity) = (model, steps, identity)
        (self.splitsLines, self.payload, self.concurrency) = (splitsLines, payload, max(1, concurrency))
    }

    /// - Parameter isStopped: asked between pieces.
    /// - Throws: `usage` and `system`; faults of files are in the outcome.
    public func run(
        _ inputs: [Input], into folder: String, isStopped: () -> Bool, progress: (Input, Int) -> Void = { _, _ in }
    ) throws(TransformError) -> Outcome {
        do throws(FileError) { try Folder.make(folder) } catch {
            throw TransformError(.system, path: folder, error.description)
        }
        let journal = try TransformJournal(folder: folder)
        var outcome = Outcome()
        for input in inputs {
            if isStopped() {
                outcome.isStopped = true
                break
            }
            do throws(TransformError) {
                var file = try FileTransform(self, input, folder, journal)
                try file.run(&outcome, isStopped, progress)
            } catch {
                guard error.code == .data else { throw error }
                outcome.failures.append(error)
            }
        }
        return outcome
    }
}

extension TransformSteps {
    /// What a file's records are, found by its ending.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case csv, json, jsonLines, libsvm, recordIO

        public init?(path: String) {
            let name = path.lowercased()
            guard let kind = Kind.allCases.first(where: { $0.endings.contains { name.hasSuffix("." + $0) } }) else { return nil }
            self = kind
        }

        public init?(contentType: String) {
            guard let format = MediaType(contentType)?.format else { return nil }
            switch format {
            case .csv: self = .csv
            case .json: self = .json
            case .jsonLines: self = .jsonLines
            case .libsvm: self = .libsvm
            case .recordIO: self = .recordIO
            }
        }

        var endings: [String] {
            switch self {
            case .csv: ["csv"]
            case .json: ["json"]
            case .jsonLines: ["jsonl", "ndjson", "jsonlines"]
            case .libsvm: ["libsvm", "svm"]
            case .recordIO: ["pbr", "rec", "recordio"]
            }
        }

        public var contentType: String {
            switch self {
            case .csv: MediaType.Format.csv.rawValue
            case .json: MediaType.Format.json.rawValue
            case .jsonLines: MediaType.Format.jsonLines.rawValue
            case .libsvm: MediaType.Format.libsvm.rawValue
            case .recordIO: MediaType.Format.recordIO.rawValue
            }
        }
    }
}
