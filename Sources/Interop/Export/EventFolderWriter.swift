import CheckedNumbers
import Events
import Files
import ProtobufWriting

/// Writes runs as TensorBoard reads them: a folder a run, with one event file of its curves and its settings.
///
/// - Source: TensorBoard 2.21: records of TFRecord (a length, its check, the content, its check) with messages of `event.proto`, and
///   `hparams`' `plugin_data.proto`.
struct EventFolderWriter {
    let root: String

    /// - Throws: `LogError` where the run is there already, or cannot be written.
    func write(_ run: RunSummary, curves: [(metric: MetricName, points: [MetricPoint])]) throws(LogError) {
        let folder = root + "/" + Self.folderName(run.record)
        guard FileStamp(folder) == nil else {
            throw LogError(message: "\(run.record.name) is in \(root) already: choose another folder")
        }
        do throws(FileError) { try Folder.make(folder) } catch { throw LogError(message: error.description) }
        do throws(LogError) { try write(run, curves, into: folder) } catch {
            // Half of it would be taken for all of it, and stand in the way.
            Folder.remove(folder)
            throw error
        }
    }

    private func write(
        _ run: RunSummary, _ curves: [(metric: MetricName, points: [MetricPoint])], into folder: String
    ) throws(LogError) {
        let begun = run.startedAt ?? run.record.createdAt
        let file = try ExportFile(folder + "/events.out.tfevents.\(Int(nearestWithin: begun)).descent.\(run.record.id.text).v2")
        var writer = EventFileWriter(time: begun)
        addSettings(run, at: begun, to: &writer)
        for point in Self.ordered(curves) {
            writer.add([(point.tag, point.value)], step: point.step, time: point.time)
            // A long run's curves are not gathered in memory once more.
            if writer.bytes.count > Self.portion { try file.write(writer.taken()) }
        }
        addEnd(run, at: run.finishedAt ?? begun, to: &writer)
        try file.write(writer.taken())
        try file.finish()
    }

    /// Bytes that are written at a time.
    private static let portion = 1 << 20

    private struct Point {
        var tag: String
        var step: Int
        var time: Double, value: Double
    }

    /// By step: TensorBoard takes a step back for a restart, and forgets what came after it.
    private static func ordered(_ curves: [(metric: MetricName, points: [MetricPoint])]) -> [Point] {
        var all: [Point] = []
        for (metric, points) in curves {
            let tag = metric.text.split(separator: ":", maxSplits: 1).joined(separator: "/")
            all += points.map { Point(tag: tag, step: $0.step, time: $0.wallTime, value: $0.value) }
        }
        return all.sorted { ($0.step, $0.time) < ($1.step, $1.time) }
    }

    // MARK: - Settings

    private func addSettings(_ run: RunSummary, at time: Double, to writer: inout EventFileWriter) {
        var content = ProtobufWriter()
        content.write(1, 0)
        content.write(3) { session in
            for (name, value) in run.record.hyperparameters.sorted(by: { $0.key < $1.key }) {
                session.write(1) { entry in
                    entry.write(1, name)
                    entry.write(2) { setting in
                        if let number = Double(value) { setting.write(2, number) } else { setting.write(3, value) }
                    }
                }
            }
            session.write(4, run.record.name)
            session.write(5, time)
        }
        addPlugin("_hparams_/session_start_info", content.bytes, at: time, to: &writer)
    }

    private func addEnd(_ run: RunSummary, at time: Double, to writer: inout EventFileWriter) {
        var content = ProtobufWriter()
        content.write(1, 0)
        content.write(4) { session in
            session.write(1, run.status == .failed ? 2 : run.status.isFinal ? 1 : 3)
            session.write(2, time)
        }
        addPlugin("_hparams_/session_end_info", content.bytes, at: time, to: &writer)
    }

    private func addPlugin(_ tag: String, _ content: [UInt8], at time: Double, to writer: inout EventFileWriter) {
        writer.append(time) { event in
            event.write(5) { summary in
                summary.write(1) { value in
                    value.write(1, tag)
                    value.write(9) { metadata in
                        metadata.write(1) { plugin in
                            plugin.write(1, "hparams")
                            plugin.write(2, content)
                        }
                    }
                    // A tensor of one empty number, as TensorFlow writes where only metadata count.
                    value.write(8) { tensor in
                        tensor.write(1, 1)
                        tensor.write(2) { _ in }
                        tensor.write(packed: 5, [Float(0)])
                    }
                }
            }
        }
    }

    /// A run's name where it can be one of a folder.
    private static func folderName(_ record: RunRecord) -> String {
        let name = String(record.name.map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 })
        return name == "." || name == ".." || name.isEmpty ? record.id.text : name
    }
}
