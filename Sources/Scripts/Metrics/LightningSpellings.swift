/// What Lightning prints beside tqdm's bars: the bar of rich, whose values are a narrow column behind it, and the table of an evaluation.
///
/// Where the output is no terminal, rich writes its bar once, when training is over.
///
/// - Source: Lightning 2.6 with rich 15.
final class LightningSpellings {
    private let bar: Pattern, tableHead: Pattern, tableRow: Pattern
    private var isInBar = false
    /// The epoch of that bar, and the name to which the next number belongs.
    private var epoch: Int?
    private var name: String?
    /// The rows that the table being read was measured on.
    private var split: String?

    /// - Parameter number: a pattern with one group.
    init(number: String) throws(ScriptError) {
        bar = try Pattern(#"^Epoch (\d+)/\d+\s+.*━.*\s\d+/\d+\s.*\dit/s\s*(.*)$"#)
        tableHead = try Pattern(#"^(?:\s|┃|│)*(Validate|Test) metric\s*(?:┃|│)?\s+DataLoader \d+(?:\s|┃|│)*$"#)
        tableRow = try Pattern(#"^(?:\s|│)*([A-Za-z_][\w./-]*)\s*(?:│|\s)\s*"# + number + #"(?:\s|│)*$"#)
    }

    /// nil for a line that is none of Lightning's.
    /// - Returns: the epoch, where it is said, and names with their values.
    func take(_ line: [UInt8]) -> (epoch: Int?, fields: LogFields)? {
        guard let first = line.first, isInBar || split != nil || [0x20, 0x45, 0xE2].contains(first) else { return nil }
        if let groups = bar.match(line) {
            (isInBar, epoch, name, split) = (true, line.integer(groups[1]), nil, nil)
            return (epoch, pairs(line.text(groups[2])))
        }
        if isInBar, line.starts(with: [UInt8](repeating: 0x20, count: 20)) { return (epoch, pairs(line.text(0..<line.count))) }
        isInBar = false
        if let groups = tableHead.match(line) {
            split = line.text(groups[1]) == "Test" ? "test" : "validation"
            return (nil, [])
        }
        guard let split else { return nil }
        if let groups = tableRow.match(line) {
            let metric = line.text(groups[1])
            let hasSplit = ["train", "val", "test"].contains { metric.hasPrefix($0) }
            return (nil, [(hasSplit ? metric : "\(split)/\(metric)", line.value(groups[2]))])
        }
        let isFrame = line.allSatisfy { $0 >= 0x80 || $0 == 0x20 }
        if !isFrame { self.split = nil }
        return isFrame ? (nil, []) : nil
    }

    private func pairs(_ text: String) -> LogFields {
        var fields: LogFields = []
        for word in text.split(separator: " ") {
            if word.hasSuffix(":") {
                name = String(word.dropLast())
            } else if let known = name {
                if known != "v_num" { fields.append((known, .string(String(word)))) }
                name = nil
            }
        }
        return fields
    }
}
