import Events
import JSON

/// Reads a TensorBoard event file as it grows: framed records, each with checks of its length and of its content.
///
/// - Source: tensorflow/tensorflow, core/lib/io/record_writer.h (frame) and core/util/event.proto, framework/summary.proto;
///   tensorboard/plugins/hparams/plugin_data.proto.
struct EventFile {
    private var tail: FileTail
    /// Why the rest of the file cannot be read.
    private(set) var damage: String?
    /// Records whose content did not match its check.
    private(set) var droppedCount = 0

    init(path: String) { tail = FileTail(path: path) }

    var path: String { tail.path }
    var hasMore: Bool { tail.hasMore }

    /// Whether bytes begin like an event file: the length of the first record and its check.
    static func recognises(_ head: [UInt8]) -> Bool {
        head.count >= 12 && length(head[0..<12]) != nil
    }

    /// Reads what was added.
    /// - Returns: the records, and whether the file is read from its beginning again.
    mutating func read() -> (records: [EventFileRecord], isRestarted: Bool) {
        let outcome = tail.readMore()
        let isRestarted = outcome == .restarted
        if isRestarted { (damage, droppedCount) = (nil, 0) }
        guard damage == nil else { return ([], isRestarted) }
        var records: [EventFileRecord] = []
        var start = 0
        let bytes = tail.bytes
        while bytes.count - start >= 12 {
            guard let length = Self.length(bytes[start..<start + 12]) else {
                damage = "\(tail.path): the record at byte \(tail.position + start) is damaged: nothing after it can be read"
                break
            }
            let end = start + 12 + length + 4
            guard end <= bytes.count else { break }
            let content = bytes[start + 12..<start + 12 + length]
            if Self.masked(content) == Self.littleEndian(bytes[end - 4..<end]) {
                records.append(Self.record(content))
            } else {
                droppedCount += 1
            }
            start = end
        }
        tail.consume(start)
        return (records, isRestarted)
    }

    /// Takes back what was understood so far, so that the next reading begins at the file's first byte.
    mutating func rewind() { self = EventFile(path: tail.path) }

    /// The length in a record's first 12 bytes; nil if its check does not match or it is beyond reason.
    private static func length(_ header: ArraySlice<UInt8>) -> Int? {
        let bytes = header.prefix(8)
        guard masked(bytes) == littleEndian(header.suffix(4)) else { return nil }
        var length: UInt64 = 0
        for (index, byte) in bytes.enumerated() { length |= UInt64(byte) << UInt64(8 * index) }
        return length < 1 << 31 ? Int(length) : nil
    }

    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The check of some bytes: CRC-32C, turned and moved.
    static func masked(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let check = CyclicRedundancyCheck.castagnoli(bytes)
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }

    private static func record(_ content: ArraySlice<UInt8>) -> EventFileRecord {
        var record = EventFileRecord()
        for (field, value) in ProtobufMessage(content) {
            switch field {
            case 1: record.wallTime = value.number
            case 2: record.step = value.integer
            case 5: for (inner, entry) in value.message where inner == 1 { read(summaryValue: entry.message, into: &record) }
            case 7: for (inner, status) in value.message where inner == 1 { record.isStart = status.integer == 1 }
            default: break
            }
        }
        return record
    }

    private static func read(summaryValue: ProtobufMessage, into record: inout EventFileRecord) {
        var tag = ""
        var number: Double?
        var plugin = ""
        var content: ArraySlice<UInt8> = []
        for (field, value) in summaryValue {
            switch field {
            case 1: tag = value.text
            case 2: number = value.number
            case 8: number = scalar(tensor: value.message)
            case 9:
                for (inner, data) in value.message where inner == 1 {
                    for (part, entry) in data.message {
                        if part == 1 { plugin = entry.text }
                        if part == 2 { content = entry.bytes ?? [] }
                    }
                }
            default: break
            }
        }
        if plugin == "hparams" || tag.hasPrefix("_hparams_/") {
            read(hyperparameters: ProtobufMessage(content), into: &record)
        } else if let number {
            record.scalars.append((tag, number))
        }
    }

    /// A tensor of one floating-point number or integer; nil for anything else.
    private static func scalar(tensor: ProtobufMessage) -> Double? {
        var type = 0
        var isScalar = true
        var number: Double?
        var content: ArraySlice<UInt8> = []
        for (field, value) in tensor {
            switch field {
            case 1: type = value.integer
            case 2: for (inner, _) in value.message where inner == 2 { isScalar = false }
            case 4: content = value.bytes ?? []
            case 5, 6:
                if let packed = value.bytes {
                    number = field == 5 ? Self.number(packed, width: 4) : Self.number(packed, width: 8)
                } else {
                    number = value.number
                }
            case 7, 10:
                if let packed = value.bytes {
                    number = ProtobufMessage([8] + packed).first { _ in true }.map { Double($0.value.integer) }
                } else {
                    number = Double(value.integer)
                }
            default: break
            }
        }
        guard isScalar else { return nil }
        if number == nil, type == 1 { number = Self.number(content, width: 4) }
        if number == nil, type == 2 { number = Self.number(content, width: 8) }
        return number
    }

    private static func number(_ bytes: ArraySlice<UInt8>, width: Int) -> Double? {
        guard bytes.count == width else { return nil }
        let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
    }

    private static func read(hyperparameters data: ProtobufMessage, into record: inout EventFileRecord) {
        for (field, value) in data {
            if field == 3 {
                for (inner, entry) in value.message where inner == 1 {
                    var name = ""
                    var text = ""
                    for (part, content) in entry.message {
                        if part == 1 { name = content.text }
                        if part == 2 { text = protobufValue(content.message) }
                    }
                    if !name.isEmpty { record.parameters[name] = text }
                }
            }
            if field == 4 {
                for (inner, status) in value.message where inner == 1 {
                    record.ending = [1: JobStatus.completed, 2: .failed][status.integer]
                }
            }
        }
    }

    /// A `google.protobuf.Value` as text.
    private static func protobufValue(_ message: ProtobufMessage) -> String {
        for (field, value) in message {
            switch field {
            case 2: return JSONValue.text(value.number)
            case 3: return value.text
            case 4: return value.integer != 0 ? "true" : "false"
            default: continue
            }
        }
        return ""
    }
}
