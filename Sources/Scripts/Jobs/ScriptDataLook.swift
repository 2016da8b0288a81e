import CheckedNumbers
import Clocks
import Events
import Files
import Glibc
import Tables
import Threads
import Training

/// Looks at the tables that a script is handed, on a thread of its own beside it: what is found in them is told as of our own learners.
///
/// What is no table, or too large to be read beside a training, is passed over in silence: the script reads its data as it likes.
final class ScriptDataLook {
    /// Bytes of a file up to which it is read.
    private static let mostBytes = 64_000_000

    private let thread: NamedThread?

    /// Begins to look.
    /// - Parameter channels: the folder of each, by name.
    init(_ request: JobRequest, channels: [String: String], run: RunID, bus: EventBus) {
        guard let training = channels["train"].flatMap(Self.file) else {
            thread = nil
            return
        }
        let judging = channels["validation"].flatMap(Self.file)
        do throws(ThreadError) {
            thread = try NamedThread(name: "findings") {
                guard let summary = Self.summary(training, judging, request) else { return }
                bus.post(.job(.trainingDataSummarised(summary)), run: run)
            }
        } catch {
            // Then nobody looks.
            thread = nil
        }
    }

    /// Returns when it has looked.
    func close() { thread?.join() }

    /// The only file of a channel, where it is one that may be read.
    private static func file(in folder: String) -> String? {
        let names = Folder.names(in: folder).filter { !$0.hasPrefix(".") }
        guard names.count == 1, let name = names.first else { return nil }
        let path = folder + "/" + name
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else { return nil }
        return path
    }

    /// What is known of the tables; nil where the first is none.
    static func summary(_ path: String, _ judgingPath: String?, _ request: JobRequest) -> TrainingDataSummary? {
        guard let table = table(path, request) else { return nil }
        let judging = judgingPath.flatMap { Self.table($0, request) }
        // A target is looked at where it was named; what else a script learns nobody knows.
        let target = request.target.flatMap { name in table.columns.first { $0.name == name }?.name }
        var findings = DataFindings(table, target: target.map { .init($0) })
        if let judging {
            findings.compare(
                table, rows: Array(0..<table.rowCount), with: judging, rows: Array(0..<judging.rowCount),
                columns: table.columns.map(\.name))
        }
        findings.limit()
        // In which order and on which scales rows are fed is seen from inside of the script, not in its files.
        var summary = TrainingDataSummary(
            rowCount: table.rowCount, featureCount: table.columns.count - (target == nil ? 0 : 1),
            validationRowCount: judging?.rowCount ?? 0, target: target, isShuffled: true, isNormalised: true, orderZ: 0,
            scaleRatio: 1,
            widestFeature: "", narrowestFeature: "")
        summary.findings = findings.found.map { DataFinding($0) }
        summary.singleColumn = findings.bestColumn.map { SingleColumnFit(column: $0.name, lossShare: $0.lossShare) }
        return summary
    }

    private static func table(_ path: String, _ request: JobRequest) -> Table? {
        do throws(TableError) {
            let table = try Table(contentsOf: path, options: try ReadOptions(request.reading))
            return table.rowCount > 0 && table.columns.count > 1 ? table : nil
        } catch { return nil }
    }
}
