import Learners

/// Writes predictions as an algorithm's container does. Numbers are the shortest texts that read back as the same single-precision
/// numbers, as `predict` writes them.
struct ReplyWriter {
    let shape: ReplyShape
    let format: MediaType.Format
    /// The labels of classes as JSON: numbers where they are numbers.
    let labels: [String: String]

    func body(_ outputs: [OutputColumn], rowCount: Int) -> [UInt8] {
        let parts = Parts(outputs)
        var out: [UInt8] = []
        out.reserveCapacity(64 + rowCount * (24 + outputs.count * 12))
        if format == .json { out += "{\"\(shape.listName)\":[".utf8 }
        for row in 0..<rowCount {
            switch format {
            case .json:
                if row > 0 { out.append(UInt8(ascii: ",")) }
                addObject(parts, row, to: &out)
            case .jsonLines:
                addObject(parts, row, to: &out)
                out.append(UInt8(ascii: "\n"))
            default:
                addFields(parts, row, to: &out)
                out.append(UInt8(ascii: "\n"))
            }
        }
        if format == .json { out += "]}".utf8 }
        return out
    }

    /// The columns of `predict`, apart.
    private struct Parts {
        var label: OutputColumn?
        var numbers: [OutputColumn] = []
        let isList: Bool

        init(_ outputs: [OutputColumn]) {
            for column in outputs {
                if case .labels = column.values { label = column } else { numbers.append(column) }
            }
            isList = numbers.count > 1
        }
    }

    private func addObject(_ parts: Parts, _ row: Int, to out: inout [UInt8]) {
        switch shape {
        case .cluster:
            out += "{\"closest_cluster\":".utf8
            add(label: parts.label, row, to: &out)
            out += ",\"distance_to_cluster\":".utf8
            add(parts.numbers, row, asList: false, isJSON: true, to: &out)
        case .projection:
            out += "{\"projection\":".utf8
            add(parts.numbers, row, asList: true, isJSON: true, to: &out)
        case .score, .labelledScore:
            out += "{\"score\":".utf8
            add(parts.numbers, row, asList: parts.isList, isJSON: true, to: &out)
            if shape == .labelledScore, parts.label != nil {
                out += ",\"predicted_label\":".utf8
                add(label: parts.label, row, to: &out)
            }
        }
        out.append(UInt8(ascii: "}"))
    }

    private func addFields(_ parts: Parts, _ row: Int, to out: inout [UInt8]) {
        if shape == .cluster, case .labels(let labels)? = parts.label?.values {
            out += labels[row].utf8
            out.append(UInt8(ascii: ","))
        }
        add(parts.numbers, row, asList: false, isJSON: false, to: &out)
        if shape == .labelledScore, case .labels(let labels)? = parts.label?.values {
            out.append(UInt8(ascii: ","))
            Self.add(field: labels[row], to: &out)
        }
    }

    private func add(_ columns: [OutputColumn], _ row: Int, asList: Bool, isJSON: Bool, to out: inout [UInt8]) {
        if asList { out.append(UInt8(ascii: "[")) }
        for (index, column) in columns.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            switch column.values {
            case .numbers(let numbers): Self.add("\(numbers[row])", isPlain: numbers[row].isFinite || !isJSON, to: &out)
            case .doubles(let numbers): Self.add("\(numbers[row])", isPlain: numbers[row].isFinite || !isJSON, to: &out)
            case .labels: break
            }
        }
        if asList { out.append(UInt8(ascii: "]")) }
    }

    /// JSON has no words for numbers that are none, so that they are texts there.
    private static func add(_ number: String, isPlain: Bool, to out: inout [UInt8]) {
        if isPlain { return out += number.utf8 }
        let word = number == "nan" ? "NaN" : number == "inf" ? "Infinity" : "-Infinity"
        out += "\"\(word)\"".utf8
    }

    private func add(label column: OutputColumn?, _ row: Int, to out: inout [UInt8]) {
        guard case .labels(let names)? = column?.values else { return }
        out += (labels[names[row]] ?? names[row]).utf8
    }

    /// A text in CSV, in quotes where it needs some.
    private static func add(field text: String, to out: inout [UInt8]) {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 }) else {
            return out += text.utf8
        }
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { out.append(byte) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "\""))
    }
}
