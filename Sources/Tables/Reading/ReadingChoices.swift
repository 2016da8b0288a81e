/// What was decided about reading a file, in the words of the option that decides otherwise.
public struct ReadingChoice: Sendable, Hashable {
    public var option: ReadOption
    public var value: String
    /// Whether the file could be read otherwise as well.
    public var isGuess = false
}

extension Table {
    /// What was decided when its file was read.
    public var readingChoices: [ReadingChoice] {
        var choices: [ReadingChoice] = []
        func add(_ option: ReadOption, _ value: String, isGuess: Bool = false) {
            choices.append(ReadingChoice(option: option, value: value, isGuess: isGuess))
        }
        if reading.format == .csv {
            add(.delimiter, ReadOptions.word(forDelimiter: reading.delimiter))
            if reading.quote == nil { add(.quote, "none") }
        }
        if let part = reading.part {
            add(reading.format.partOption, part, isGuess: reading.parts.count > 1 && reading.options.part == nil)
        }
        if reading.format == .csv || reading.format == .xlsx {
            add(.header, reading.hasHeader ? "yes" : "no", isGuess: reading.isHeaderUnsure)
        }
        if reading.format == .csv {
            let isGuess = warnings.contains { $0.code == .ambiguousNumbers }
            let commas = schema.columns.contains { $0.numbers?.decimal == "," }
            add(.decimal, commas ? "," : String(reading.decimal), isGuess: isGuess)
        }
        var orders = Set(
            schema.columns.compactMap { rule in
                rule.dates.flatMap { $0.epoch == nil ? $0.pattern ?? $0.order.rawValue : nil }
            })
        let isGuess = warnings.contains { $0.code == .ambiguousDates }
        // A year in front leaves nothing open.
        if orders.count > 1 { orders.remove(DateRule.Order.ymd.rawValue) }
        if orders.count == 1, let order = orders.first { add(.dateFormat, order, isGuess: isGuess) }
        if reading.format == .csv {
            add(.encoding, reading.encoding?.lowercased() ?? "utf-8", isGuess: warnings.contains { $0.code == .encoding })
        }
        if reading.format == .csv || reading.format == .xlsx { add(.skippedLines, String(reading.skippedAbove)) }
        if reading.isCut { add(.rows, String(rowCount)) }
        for (option, text) in reading.options.given {
            if option != .type { choices.removeAll { $0.option == option } }
            add(option, text)
        }
        return choices
    }
}

extension ReadOptions {
    /// A delimiter as the option takes it.
    static func word(forDelimiter mark: Character) -> String {
        mark == "\t" ? "tab" : mark == " " ? "blanks" : String(mark)
    }

    /// What a user says, as the option takes it.
    var given: [(ReadOption, String)] {
        func shown(_ mark: Mark) -> String { if case .character(let one) = mark { String(one) } else { "none" } }
        var given: [(ReadOption, String)] = []
        if let delimiter {
            given.append((.delimiter, Self.word(forDelimiter: delimiter)))
        }
        if let quote { given.append((.quote, shown(quote))) }
        if let comment { given.append((.comment, shown(comment))) }
        if let decimal { given.append((.decimal, String(decimal))) }
        if let thousands { given.append((.thousands, shown(thousands))) }
        if let dateFormat { given.append((.dateFormat, dateFormat)) }
        if case .line(let line)? = header { given.append((.header, String(line))) }
        if let skippedLines { given.append((.skippedLines, String(skippedLines))) }
        if let missing { given.append((.missing, (missing.replacesUsual ? "=" : "") + missing.words.joined(separator: ","))) }
        for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) { given.append((.type, "\(name)=\(kind.rawValue)")) }
        return given
    }
}

extension DataFormat {
    /// The option that names one of several parts of a file.
    var partOption: ReadOption { self == .xlsx ? .sheet : .table }
}

extension TableReading {
    /// Lines that are no records.
    public var leftOut: Int { skippedAbove + skippedBelow + repeatedHeaders + comments + unitLines }
}

extension ColumnRule {
    /// How values are written where that is not as programs write them, such as `1.234,5`, `%`, `dmy` or `epoch milliseconds`.
    public var written: String? {
        if let dates {
            if let epoch = dates.epoch { return "epoch \(epoch.rawValue)" }
            return dates.pattern ?? (dates.order == .ymd ? nil : dates.order.rawValue)
        }
        guard let numbers else { return nil }
        if numbers.isDuration { return "h:m:s" }
        if kind == .integer, numbers == NumberSpelling(decimal: ",") { return nil }
        var parts: [String] = []
        if let currency = numbers.currency { parts.append(currency) }
        if let grouping = numbers.grouping {
            parts.append("1\(grouping)234\(numbers.decimal)5")
        } else if numbers.decimal != "." {
            parts.append("1\(numbers.decimal)5")
        }
        if numbers.isPercent { parts.append("%") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
