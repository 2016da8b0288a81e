import Events

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

    private static let blockSize = 32_768

    init(path: String, experiment: String) {
        self.path = path
        tail = FileTail(path: path)
        name = Files.name(path).split(separator: ".").first.map(String.init) ?? "run"
        self.experiment = experiment
    }

    static func recognises(_ head: [UInt8]) -> Bool { head.starts(with: Array(":W&B".utf8)) }

    var files: [String] { [path] }
    var hasMore: Bool { tail.hasMore }

    func read() -> [RunUpdate] {
        if case .restarted = tail.readMore() {
            (partial, isHeaderRead, droppedCount, lastStep) = ([], false, 0, 0)
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
        update.isFromTheBeginning = isFromTheBeginning
        isFromTheBeginning = false
        if droppedCount > 0, !saidDamage {
            saidDamage = true
            update.damage = "\(path): a damaged block was left out"
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
            case 5: take(configuration: value.message, into: &update)
            case 7: take(statistics: value.message, into: &update)
            case 17: take(run: value.message, into: &update)
            case 18:
                var code = 0
                for (inner, part) in value.message where inner == 1 { code = part.integer }
                update.ending = .init(
                    status: code == 0 ? .completed : .failed, reason: code == 0 ? "" : "exit code \(code)", time: nil)
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
        var values: [(String, Double)] = []
        for (field, entry) in history {
            if field == 2 { for (inner, part) in entry.message where inner == 1 { step = part.integer } }
            guard field == 1 else { continue }
            let item = Self.item(entry.message)
            guard let value = item.value else { continue }
            FlatJSON.visit(value, name: item.key) { name, leaf in
                guard let number = leaf.double else { return }
                switch name {
                case "_step": step = Int(exactly: number.rounded()) ?? step
                case "_timestamp": time = number
                case "_runtime": break
                case "epoch", "train/epoch", "trainer/epoch": epoch = number
                default: if !name.hasPrefix("_") { values.append((name, number)) }
                }
            }
        }
        lastStep = step
        for (name, number) in values {
            update.values.append(LoggedValue(name: name, step: step, epoch: epoch, wallTime: time, value: number))
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
