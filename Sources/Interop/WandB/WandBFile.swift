import CheckedNumbers
import Events
import Files
import JSON
import Tables

/// A W&B run's own file, `run-ID.wandb`: records in blocks of 32 KiB, as LevelDB's log has them, with zlib's check.
///
/// - Source: wandb/wandb, core/pkg/leveldb and proto/wandb_internal.proto; github.com/google/leveldb, doc/log_format.md.
final class WandBFile: LogReader {
    let path: String
    let writer = "wandb"
    let tellsEnd = true
    private var tail: FileTail
    private var partial: [UInt8] = []
    private var isHeaderRead = false
    private var droppedCount = 0
    private var saidDamage = false
    private var name: String
    private var experiment: String
    private var isFromTheBeginning = false
    private var remarks = RunUpdate.Remarks()
    /// Of the newest history record.
    private var lastStep = 0
    private var keys = HistoryKeys()
    private var summary: [String: Double] = [:]
    /// Names that have a curve.
    private var curves: Set<String> = []

    private static let blockSize = 32_768

    init(path: String, experiment: String) {
        self.path = path
        tail = FileTail(path: path)
        name = FilePath.name(path).split(separator: ".").first.map(String.init) ?? "run"
        self.experiment = experiment
    }

    static func recognises(_ head: [UInt8]) -> Bool { head.starts(with: Array(":W&B".utf8)) }

    var files: [String] { [path] }
    var hasMore: Bool { tail.hasMore }

    func read() -> [RunUpdate] {
        if case .restarted = tail.readMore() {
            (partial, isHeaderRead, droppedCount, lastStep, summary, curves) = ([], false, 0, 0, [:], [])
            isFromTheBeginning = true
        }
        var update = RunUpdate(name: name, experiment: experiment)
        let bytes = tail.bytes
        var start = 0
        if !isHeaderRead {
            guard bytes.count >= 7 else { return [] }
            (start, isHeaderRead) = (7, true)
        }
        while let step = frame(bytes, at: start) {
            start = step.end
            guard let (kind, content) = step.piece else { continue }
            if kind == 1 || kind == 2 { partial = [] }
            partial += content
            if kind == 1 || kind == 4 {
                take(ProtobufMessage(partial[...]), into: &update)
                partial = []
            }
        }
        tail.consume(start)
        update.name = name
        update.experiment = experiment
        update.remarks = remarks
        if !summary.isEmpty {
            curves.formUnion(update.values.map(\.name))
            update.latest = summary.filter { !curves.contains($0.key) }
        }
        update.isFromTheBeginning = isFromTheBeginning
        isFromTheBeginning = false
        if droppedCount > 0, !saidDamage {
            saidDamage = true
            update.note("\(path): a damaged block was left out")
        }
        return [update]
    }

    /// The next piece of a record, or a jump to the next block; nil when more bytes are needed.
    private func frame(_ bytes: [UInt8], at start: Int) -> (end: Int, piece: (kind: UInt8, content: ArraySlice<UInt8>)?)? {
        let left = Self.blockSize - (tail.position + start) % Self.blockSize
        let nextBlock = start + left
        if left < 7 { return nextBlock <= bytes.count ? (nextBlock, nil) : nil }
        guard bytes.count - start >= 7 else { return nil }
        let check = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let length = Int(bytes[start + 4]) | Int(bytes[start + 5]) << 8
        let end = start + 7 + length
        let kind = bytes[start + 6]
        if length + 7 <= left, (1...4).contains(kind) {
            guard end <= bytes.count else { return nil }
            if CyclicRedundancyCheck.ieee(bytes[start + 6..<end]) == check { return (end, (kind, bytes[start + 7..<end])) }
        }
        // Damaged, or not written yet: known once the next block is there.
        guard nextBlock <= bytes.count else { return nil }
        if length > 0 || kind > 0 { droppedCount += 1 }
        partial = []
        return (nextBlock, nil)
    }

    private func take(_ record: ProtobufMessage, into update: inout RunUpdate) {
        for (field, value) in record {
            switch field {
            case 2: take(history: value.message, into: &update)
            case 3: take(summary: value.message)
            case 5: take(configuration: value.message, into: &update)
            case 7: take(statistics: value.message, into: &update)
            case 17: take(run: value.message, into: &update)
            case 18:
                var code = 0
                for (inner, part) in value.message where inner == 1 { code = part.integer }
                update.ending = .init(
                    status: code == 0 ? .completed : .failed, reason: code == 0 ? .unsaid : EndReason("exit code \(code)"),
                    time: nil)
            default: break
            }
        }
    }

    private func take(run: ProtobufMessage, into update: inout RunUpdate) {
        remarks = RunUpdate.Remarks()
        for (field, value) in run {
            switch field {
            case 3: if !value.text.isEmpty { experiment = value.text }
            case 4: take(configuration: value.message, into: &update)
            case 8: if !value.text.isEmpty { name = value.text }
            case 9: remarks.note = value.text
            case 10: remarks.tag(value.text)
            case 17:
                var time = 0.0
                for (inner, part) in value.message { time += inner == 1 ? Double(part.integer) : Double(part.integer) * 1e-9 }
                update.startedAt = time
            default: break
            }
        }
    }

    /// What the run comes to: W&B's own newest values, and what its program wrote there alone.
    private func take(summary record: ProtobufMessage) {
        for (field, entry) in record {
            let item = Self.item(entry.message)
            if field == 2 { summary = summary.filter { $0.key != item.key && !$0.key.hasPrefix(item.key + "/") } }
            guard field == 1, !item.key.hasPrefix("_"), let value = item.value, value["_type"] == nil else { continue }
            FlatJSON.visit(value, name: item.key) { name, leaf in
                if let number = leaf.double { summary[name] = number }
            }
        }
    }

    private func take(configuration: ProtobufMessage, into update: inout RunUpdate) {
        for (field, entry) in configuration where field == 1 {
            let item = Self.item(entry.message)
            guard item.key != "_wandb", let value = item.value else { continue }
            FlatJSON.visit(value, name: item.key) { update.parameters[$0] = FlatJSON.text($1) }
        }
    }

    private func take(history: ProtobufMessage, into update: inout RunUpdate) {
        var step = 0
        var time: Double?
        var epoch = 0.0
        let first = update.values.count
        func take(_ key: HistoryKeys.Key, _ number: Double) {
            switch key.role {
            case .metric: update.values.append(LoggedValue(name: key.name, step: 0, value: number))
            case .step: step = Int(nearest: number) ?? step
            case .time: time = number
            case .epoch: epoch = number
            case .ignored: break
            }
        }
        for (field, entry) in history {
            if field == 2 { for (inner, part) in entry.message where inner == 1 { step = part.integer } }
            guard field == 1 else { continue }
            if let (key, number) = keys.number(in: entry.message) {
                take(key, number)
                continue
            }
            let item = Self.item(entry.message)
            guard let value = item.value else { continue }
            FlatJSON.visit(value, name: item.key) { name, leaf in
                if let number = leaf.double { take(HistoryKeys.Key(name), number) }
            }
        }
        lastStep = step
        // Step and time may stand behind the values.
        for index in first..<update.values.count {
            (update.values[index].step, update.values[index].epoch, update.values[index].wallTime) = (step, epoch, time)
        }
    }

    /// What the machine did, by its time; W&B's own pages say where in the training that was by the clock.
    private func take(statistics: ProtobufMessage, into update: inout RunUpdate) {
        var time: Double?
        var values: [(String, Double)] = []
        for (field, entry) in statistics {
            if field == 2 {
                time = entry.message.reduce(0.0) { $0 + Double($1.1.integer) * ($1.0 == 1 ? 1 : 1e-9) }
            } else if field == 3 {
                let item = Self.item(entry.message)
                if let number = item.value?.double { values.append((item.key, number)) }
            }
        }
        for (name, number) in values {
            update.values.append(LoggedValue(name: "system/" + name, step: lastStep, wallTime: time, value: number))
        }
    }

    /// A key with its value, which older versions write as JSON and newer ones by type.
    private static func item(_ message: ProtobufMessage) -> (key: String, value: JSONValue?) {
        var key = ""
        var nested: [String] = []
        var value: JSONValue?
        for (field, part) in message {
            switch field {
            case 1: key = part.text
            case 2: nested.append(part.text)
            case 4: value = .boolean(part.integer != 0)
            case 5:
                // sint64: zigzag.
                if case .varint(let bits) = part { value = .integer(Int(bits >> 1) ^ -Int(bits & 1)) }
            case 6: value = .number(part.number)
            case 7: value = .string(part.text)
            case 8, 16: value = FlatJSON.parse(part.text)
            default: break
            }
        }
        return (nested.isEmpty ? key : nested.joined(separator: "/"), value)
    }
}

/// The keys of a log's history. Records repeat them in the same order, so that a key is mostly the one after the last.
private struct HistoryKeys {
    struct Key {
        enum Role { case metric, step, time, epoch, ignored }

        let name: String
        let role: Role

        init(_ name: String) {
            self.name = name
            switch name {
            case "_step": role = .step
            case "_timestamp": role = .time
            case "epoch", "train/epoch", "trainer/epoch": role = .epoch
            default: role = name.hasPrefix("_") ? .ignored : .metric
            }
        }
    }

    private var known: [(bytes: [UInt8], key: Key)] = []
    private var places: [[UInt8]: Int] = [:]
    private var next = 0

    /// An item's key and value when the value is a number; nil for whatever else it is.
    mutating func number(in item: ProtobufMessage) -> (Key, Double)? {
        var key: ArraySlice<UInt8>?
        var number: Double?
        for (field, part) in item {
            switch (field, part) {
            // A second part of a nested key.
            case (1...2, .bytes(let bytes)) where key == nil: key = bytes
            case (6, _): number = part.number
            case (8, .bytes(let text)), (16, .bytes(let text)): number = Self.number(text)
            default: return nil
            }
        }
        guard let key, let number else { return nil }
        return (self.key(key), number)
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Double? {
        guard let first = text.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { return nil }
        return text.withUnsafeBufferPointer { NumberText.value($0) }
    }

    private mutating func key(_ bytes: ArraySlice<UInt8>) -> Key {
        if next >= known.count { next = 0 }
        if next < known.count, known[next].bytes.elementsEqual(bytes) {
            next += 1
            return known[next - 1].key
        }
        let bytes = Array(bytes)
        if places[bytes] == nil {
            places[bytes] = known.count
            known.append((bytes, Key(String(decoding: bytes, as: UTF8.self))))
        }
        let place = places[bytes] ?? 0
        next = place + 1
        return known[place].key
    }
}
