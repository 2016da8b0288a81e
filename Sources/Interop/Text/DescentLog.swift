import Events
import JSON

/// Descent's own events, one a line, as `--json` prints and `runs export` writes them: any number of runs.
final class DescentLog: LogReader {
    let path: String
    let writer = "descent"
    let tellsEnd = true
    private var tail: FileTail
    private var records: [RunID: RunRecord] = [:]
    private var remarks: [RunID: RunUpdate.Remarks] = [:]
    private var hasReadUnfinished = false

    init(path: String) {
        self.path = path
        tail = FileTail(path: path)
    }

    /// Whether a line is an event.
    static func recognises(_ json: JSONValue) -> Bool {
        json["v"]?.integer != nil && json["seq"]?.integer != nil && json["kind"]?.string != nil
    }

    var files: [String] { [path] }
    var hasMore: Bool { tail.hasMore }

    func read() -> [RunUpdate] {
        let isAnew = hasReadUnfinished
        if isAnew { tail = FileTail(path: path) }
        let isFromTheBeginning = tail.readMore() == .restarted || isAnew
        if isFromTheBeginning { (records, remarks, hasReadUnfinished) = ([:], [:], false) }
        let (updates, end) = take(tail.bytes, isFromTheBeginning: isFromTheBeginning)
        tail.consume(end)
        return updates
    }

    func readUnfinished() -> [RunUpdate] {
        guard !tail.bytes.isEmpty, !hasMore else { return [] }
        hasReadUnfinished = true
        return take(tail.bytes + [UInt8(ascii: "\n")], isFromTheBeginning: false).updates
    }

    private func take(_ bytes: [UInt8], isFromTheBeginning: Bool) -> (updates: [RunUpdate], end: Int) {
        var updates: [RunID: RunUpdate] = [:]
        var order: [RunID] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 1
            guard let json = FlatJSON.parse(line), let event = StudioEvent(json: json), let run = event.run else { continue }
            if case .run(.registered(let record)) = event.kind { records[run] = record }
            guard let record = records[run] else { continue }
            if updates[run] == nil {
                order.append(run)
                updates[run] = RunUpdate(key: run.text, name: record.name, experiment: record.experiment)
                updates[run]?.isFromTheBeginning = isFromTheBeginning
            }
            if case .run(.edited(let edit)) = event.kind {
                var said = remarks[run] ?? RunUpdate.Remarks()
                if let tags = edit.tags {
                    said = RunUpdate.Remarks(note: said.note)
                    for tag in tags { said.tag(tag) }
                }
                said.note = edit.note ?? said.note
                remarks[run] = said
            }
            updates[run]?.remarks = remarks[run] ?? RunUpdate.Remarks()
            updates[run]?.take(event, record: record)
        }
        return (order.compactMap { updates[$0] }, start)
    }
}

extension RunUpdate {
    fileprivate mutating func take(_ event: StudioEvent, record: RunRecord) {
        self.record = record
        startedAt = record.createdAt
        objective = record.objective
        parameters = record.hyperparameters
        switch event.kind {
        case .sample(.metricsRecorded(let metrics)), .sample(.systemSampled(let metrics)):
            ending = nil
            for (name, value) in metrics.values.sorted(by: { $0.key < $1.key }) {
                values.append(
                    LoggedValue(
                        name: name.text, step: metrics.step, epoch: metrics.epoch, wallTime: event.wallTime, value: value))
            }
        case .job(.finished(let result)):
            ending = Ending(
                status: result.status, reason: result.reason, time: event.wallTime, metrics: result.metrics,
                bestStep: result.bestStep)
        default: break
        }
    }
}
