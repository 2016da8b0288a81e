import CheckedNumbers
import Events
import Glibc
import Learners
import Tables

/// Whether a job's training rows stay in their file, and how many of them are in memory at a time.
struct StreamingPlan {
    /// Memory a job may use for its rows.
    let memory: Int
    let file: CSVBlocks
    /// Rows to learn encodings and scales from, and rows to hold out: at most so many.
    let sampleLimit: Int
    /// Rows in memory at a time, if the request says.
    private let windowRowCount: Int?
    private let blockBytes: Int

    /// Bytes that a value takes in memory while a job is prepared: as a double in its column, and as a float in the matrix of
    /// features and in the learner's own.
    private static let bytesPerValue = 16

    /// nil when the rows are to be in memory.
    ///
    /// - Throws: `badHyperparameter` when the request asks for what the learner or the file does not offer; `badData`.
    init?(_ request: JobRequest, memory: Int) throws(TrainingError) {
        let wish = request.hyperparameters["streaming"] ?? "auto"
        guard wish != "false", Algorithms.streams(request.algorithm) else { return nil }
        let other = ["weight", "reweigh", "pipeline", "prepare", "group", "folds", "validation-order"].first { name in
            JobOption.all.contains { $0.name == name && !$0.values(request).isEmpty }
        }
        if let other {
            if wish == "auto" { return nil }
            throw TrainingError(
                .badHyperparameter, "streaming = 'true' does not go with \(other): leave one of them out", operation: "prepare")
        }
        let options: ReadOptions
        do throws(TableError) { options = try ReadOptions(request.reading) } catch {
            throw TrainingError(.badRequest, error.message, operation: "prepare")
        }
        guard options.rowLimit == nil else { return nil }
        var size = stat()
        guard stat(request.datasetPath, &size) == 0, CSVBlocks.canRead(request.datasetPath, options: options) else {
            if wish == "auto" { return nil }
            throw TrainingError(
                .badHyperparameter, "streaming = 'true' takes a file of plain delimited text: unpack or convert it first",
                operation: "prepare")
        }
        let estimate = Self.estimatedValues(path: request.datasetPath, byteCount: Int(size.st_size))
        guard wish == "true" || estimate.values * Self.bytesPerValue > memory else { return nil }
        self.memory = memory
        let given = { (name: String) in request.hyperparameters[name].flatMap { Int($0) } }
        sampleLimit =
            given("sample_rows") ?? min(131_072, max(4096, memory / 16 / (Self.bytesPerValue * estimate.columns)))
        windowRowCount = given("shuffle_buffer_rows")
        let rowBytes = max(1, Int(size.st_size) / max(1, estimate.values / estimate.columns))
        let window = windowRowCount ?? memory / 4 / (Self.bytesPerValue * estimate.columns)
        // Many blocks a window, so that their random order mixes the file well.
        let wanted = window.multipliedReportingOverflow(by: rowBytes)
        let block = given("shuffle_block_bytes").map { $0 == 0 ? max(1, Int(size.st_size)) : $0 }
        blockBytes =
            block
            ?? min(32 << 20, max(1 << 10, wanted.overflow ? .max : wanted.partialValue / 16))
        do throws(TableError) {
            file = try CSVBlocks(path: request.datasetPath, bytesPerBlock: blockBytes, options: options)
        } catch {
            throw TrainingError(.badData, error.description, operation: "prepare")
        }
    }

    /// Rows of so many features that are in memory at a time.
    func windowRowCount(featureCount: Int) -> Int {
        windowRowCount ?? max(1024, memory / 4 / (Self.bytesPerValue * (featureCount + 4)))
    }

    /// Settings that decide which rows come when.
    static let settingNames: Set = ["streaming", "shuffle_buffer_rows", "shuffle_block_bytes", "sample_rows"]

    /// Everything beside seed and file that decides which rows come when, as settings that decide it the same way again,
    /// whatever memory there is then.
    func settings(featureCount: Int) -> [String: String] {
        [
            "streaming": "true", "shuffle_buffer_rows": String(windowRowCount(featureCount: featureCount)),
            "shuffle_block_bytes": String(blockBytes), "sample_rows": String(sampleLimit),
        ]
    }

    /// Values the file holds, judged by its first records.
    private static func estimatedValues(path: String, byteCount: Int) -> (values: Int, columns: Int) {
        guard let head = head(of: path, byteCount: 1 << 18) else { return (0, 1) }
        let separators = head.count { [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")].contains($0) }
        let lines = max(1, head.count { $0 == 10 })
        let columns = separators / lines + 1
        return (Int(roundedDownWithin: Double(columns * lines) * Double(byteCount) / Double(max(1, head.count))), columns)
    }

    private static func head(of path: String, byteCount: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = read(file, &bytes, byteCount)
        return count < 0 ? nil : Array(bytes.prefix(count))
    }
}

extension RunRecord {
    /// What an attempt at the run decided by the machine's memory, so that the next one goes on or is done again alike.
    package var streamingDecisions: [String: String] {
        hyperparameters.filter { StreamingPlan.settingNames.contains($0.key) }
    }

    /// The request, with what an earlier attempt chose and found out about the machine, so that the run goes on as it began.
    var decidedRequest: JobRequest {
        var decided = request
        decided.hyperparameters.merge(pinned) { $1 }
        decided.hyperparameters.merge(streamingDecisions) { $1 }
        return decided
    }

    /// Whether it left its rows in their file and, having been trained by an earlier version, does not say which came when.
    package var hasForgottenRowOrder: Bool {
        hyperparameters["streaming"] == "true" && hyperparameters["shuffle_block_bytes"] == nil
    }
}
