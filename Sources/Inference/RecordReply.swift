import Learners

/// Writes predictions as records of protobuf in RecordIO, as SageMaker's built-in algorithms do where Accept asks for it.
/// - Source: SageMaker's `record.proto` (`aialgs.data.Record`), and MXNet's RecordIO.
struct RecordReply {
    let shape: ReplyShape

    func body(_ outputs: [OutputColumn], rowCount: Int) -> [UInt8] {
        var out: [UInt8] = []
        for row in 0..<rowCount { Self.addFrame(record(outputs, row), to: &out) }
        return out
    }

    /// A record's labels by name.
    private func record(_ outputs: [OutputColumn], _ row: Int) -> [UInt8] {
        var numbers: [Float] = [], label: String?
        for column in outputs {
            switch column.values {
            case .labels(let names): label = names[row]
            case .numbers(let values): numbers.append(Float(values[row]))
            case .doubles(let values): numbers.append(Float(values[row]))
            }
        }
        let names: (numbers: String, label: String?)
        switch shape {
        case .cluster: names = ("distance_to_cluster", "closest_cluster")
        case .projection: names = ("projection", nil)
        case .score: names = ("score", nil)
        case .labelledScore: names = ("score", "predicted_label")
        }
        var record = Self.entry(names.numbers, Self.tensor(numbers))
        if let name = names.label, let label {
            record += Self.entry(name, Float(label).map { Self.tensor([$0]) } ?? Self.text(label))
        }
        return record
    }

    /// `Record.label`, field 2, is a map of names to values.
    private static func entry(_ name: String, _ value: [UInt8]) -> [UInt8] {
        field(2, field(1, Array(name.utf8)) + field(2, value))
    }

    /// `Value.float32_tensor`, field 2, whose field 1 are packed numbers.
    private static func tensor(_ numbers: [Float]) -> [UInt8] {
        let bytes = numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) } }
        return field(2, field(1, bytes))
    }

    /// `Value.bytes`, field 9, whose field 1 are the bytes and field 2 says what they are.
    private static func text(_ text: String) -> [UInt8] {
        field(9, field(1, Array(text.utf8)) + field(2, Array("text/plain".utf8)))
    }

    /// A field whose length stands before it.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var out = [number << 3 | 2], count = bytes.count
        while count > 127 {
            out.append(UInt8(count & 127) | 128)
            count >>= 7
        }
        return out + [UInt8(count)] + bytes
    }

    /// The magic number, the length, and the record, filled up to whole words.
    private static func addFrame(_ record: [UInt8], to out: inout [UInt8]) {
        for word in [0xCED7_230A, UInt32(record.count)] {
            for place in 0..<4 { out.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(place)))) }
        }
        out += record
        out += [UInt8](repeating: 0, count: (4 - record.count % 4) % 4)
    }
}
