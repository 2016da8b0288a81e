/// Decides what a column of texts is: numbers, truth values, dates, times or words, by all of its values.
struct ColumnTyping {
    let text: TextColumn
    let options: ReadOptions
    /// Where a row's value stands, such as `line 12`.
    let place: @Sendable (Int) -> String
    /// Rows of each text.
    let counts: [Int]
    /// Texts that a user says are missing values.
    private let given: Set<String>

    init(_ text: TextColumn, options: ReadOptions, place: @escaping @Sendable (Int) -> String) {
        self.options = options
        self.place = place
        given = Set(options.missing?.words ?? [])
        var text = text
        if !given.isEmpty {
            let words = given
            let isMissing = text.dictionary.map { words.contains($0) }
            if isMissing.contains(true) {
                text = TextColumn(
                    name: text.name, codes: text.codes.map { $0 >= 0 && isMissing[Int($0)] ? -1 : $0 },
                    dictionary: text.dictionary,
                    mayRepeat: text.mayRepeat
                ).compacted()
            }
        }
        self.text = text
        var counts = [Int](repeating: 0, count: text.dictionary.count)
        for code in text.codes where code >= 0 { counts[Int(code)] += 1 }
        self.counts = counts
    }

    /// What the column is, by its values and what the rest of the file says.
    func decide(_ evidence: ColumnEvidence) -> ColumnDecision {
        if let ids = roundedIDs() { return ids }
        if let numbers = plainNumbers(evidence) { return numbers }
        if let truth = BooleanWords.interpret(text.dictionary) { return truthValues(truth, missing: []) }
        let words = text.dictionary.indices.filter { !isMissingWord(text.dictionary[$0]) }
        if !words.isEmpty {
            let texts = words.map { text.dictionary[$0] }
            if words.count < text.dictionary.count, let truth = BooleanWords.interpret(texts) {
                return truthValues(spread(truth, words), missing: missingWords)
            }
            if let found = nearlyPlainNumbers(texts, words, evidence) { return found }
            let finders = [dates(texts, words, evidence), numbers(texts, words, evidence), durations(texts, words)]
            if let found = finders.compactMap({ $0 }).max(by: { $0.fitting < $1.fitting }) {
                if found.fitting + strayLimit >= found.present { return found.decision }
                var decision = plainText()
                if found.fitting * 2 >= found.present { decision.warnings += [mixed(found)] }
                return decision
            }
        }
        return plainText()
    }

    /// The column as what it is said to be; values that are none of it are missing.
    func decide(as kind: ColumnKind, _ evidence: ColumnEvidence) -> ColumnDecision {
        let words = text.dictionary.indices.filter { !isMissingWord(text.dictionary[$0]) }
        let texts = words.map { text.dictionary[$0] }
        let found: Candidate?
        switch kind {
        case .text, .categorical:
            return ColumnDecision(column: text.categorised(as: kind), rule: ColumnRule(name: text.name, kind: kind))
        case .numeric, .integer:
            found = [numbers(texts, words, evidence, isSure: true), durations(texts, words, isSure: true)].compactMap { $0 }
                .max { $0.fitting < $1.fitting }
        case .date:
            found = dates(texts, words, evidence, isSure: true)
        case .boolean:
            var rule = ColumnRule(name: text.name, kind: .boolean)
            rule.words = BooleanWords.interpret(texts)?.words
            return ColumnApplying(rule: rule, options: options, place: place).decide(text)
        }
        guard var decision = found?.decision else {
            return ColumnApplying(rule: ColumnRule(name: text.name, kind: kind), options: options, place: place).decide(text)
        }
        if kind != decision.column.kind, kind == .numeric || kind == .integer {
            decision.column = Column(name: text.name, kind: kind, storage: decision.column.storage)
            decision.rule.kind = kind
        }
        decision.isOpen = false
        return decision
    }

    // MARK: Numbers as programs write them

    /// Whole numbers that are different and would be the same if they were numbers in double precision: they are ids, and stay text.
    private func roundedIDs() -> ColumnDecision? {
        guard text.dictionary.contains(where: { $0.utf8.count > 15 }), let plain = PlainNumbers(text.dictionary),
            !plain.hasFraction, NumberTyping.areRounded(plain.values), Set(plain.values).count < plain.values.count
        else { return nil }
        var decision = plainText()
        decision.warnings.append(
            TableWarning(
                .roundedNumbers, column: text.name,
                "\(text.name) has whole numbers that differ only beyond 2^53, where numbers are rounded: it is read as text; --type '\(text.name)=integer' rounds them"
            ))
        return decision
    }

    /// Numbers, when every text is one and they are no codes such as `00123`.
    private func plainNumbers(_ evidence: ColumnEvidence) -> ColumnDecision? {
        guard let plain = PlainNumbers(text.dictionary), !plain.areCodes, !plain.hasFraction || takesPoints else { return nil }
        // `1.234` is a thousand in a file whose other numbers have decimal commas.
        let mayBeGrouped =
            plain.hasFraction && options.decimal == nil
            && text.dictionary.allSatisfy { !$0.utf8.contains(46) || PlainNumbers.mayBeGrouped($0) }
        if mayBeGrouped, evidence.decimal == "," { return nil }
        var decision = number(
            plain.values, ColumnRule(name: text.name, kind: plain.hasFraction || plain.values.isEmpty ? .numeric : .integer))
        if mayBeGrouped {
            decision.evidence = ColumnEvidence()
            decision.isOpen = evidence.decimal == nil
            decision.rule.isGuess = evidence.decimal == nil
            if evidence.decimal == nil {
                decision.warnings.append(ambiguous(text.dictionary, .plain, NumberSpelling(decimal: ",", grouping: ".")))
            }
        } else if plain.hasFraction, text.dictionary.contains(where: { $0.utf8.contains(46) }) {
            decision.evidence.decimal = "."
        }
        return decision
    }

    /// Whether a point is no other than a decimal mark, by what the user says.
    private var takesPoints: Bool {
        (options.decimal ?? ".") == "." && options.thousands != .character(".")
    }

    /// Numbers as programs write them but for a few texts that are none however one writes numbers.
    private func nearlyPlainNumbers(_ texts: [String], _ places: [Int], _ evidence: ColumnEvidence) -> ColumnDecision? {
        guard let plain = PlainNumbers(texts, strays: strayLimit), !plain.areCodes, !plain.hasFraction || takesPoints else {
            return nil
        }
        if plain.hasFraction, evidence.decimal == "," { return nil }
        let strays = zip(texts, plain.values).filter { $1.isNaN }
        guard strays.count < texts.count, strays.allSatisfy({ NumberCell($0.0) == nil }) else { return nil }
        let rule = ColumnRule(name: text.name, kind: plain.hasFraction ? .numeric : .integer)
        let values = plain.values.map { $0.isNaN ? nil : $0 }
        guard let found = candidate(values, places, noun: "numbers", { number($0, rule) }) else { return nil }
        return found.fitting + strayLimit >= found.present ? found.decision : nil
    }

    private func number(_ values: [Double], _ rule: ColumnRule) -> ColumnDecision {
        let numbers = text.codes.map { $0 < 0 ? .nan : values[Int($0)] }
        var decision = NumberTyping.decide(numbers, rule, options: options)
        decision.evidence.decimal = rule.numbers?.decimal
        return decision
    }

    // MARK: What people write

    /// What would make something of most texts.
    struct Candidate {
        /// Rows whose text fits, of those that have one.
        var fitting: Int, present: Int
        var decision: ColumnDecision
        var misfits: [Int]
        var noun: String
        var contradiction: (String, String)?
    }

    /// So many rows whose text is none of the kind become missing, with a word about each kind of them; more make it text.
    private var strayLimit: Int { min(100, text.codes.count / 1000) }

    private func isMissingWord(_ word: String) -> Bool { options.missing?.replacesUsual != true && MissingWords.isUsual(word) }

    private var missingWords: [String] { text.dictionary.filter { isMissingWord($0) } }

    private func spread(
        _ truth: (codes: [Int32], words: [String]), _ places: [Int]
    ) -> (codes: [Int32], words: [String]) {
        var codes = [Int32](repeating: -1, count: text.dictionary.count)
        for (place, code) in zip(places, truth.codes) { codes[place] = code }
        return (codes, truth.words)
    }

    private func truthValues(_ truth: (codes: [Int32], words: [String]), missing: [String]) -> ColumnDecision {
        let values = text.codes.map { $0 < 0 ? -1 : truth.codes[Int($0)] }
        return ColumnDecision(
            column: Column(name: text.name, kind: .boolean, storage: .codes(values, dictionary: truth.words)),
            rule: ColumnRule(name: text.name, kind: .boolean, missing: missing, words: truth.words))
    }

    /// Whether a look at some of the texts gives hope.
    private func someAre(_ texts: [String], _ isOne: (String) -> Bool) -> Bool {
        let step = max(1, texts.count / 64)
        let looked = stride(from: 0, to: texts.count, by: step)
        return looked.count { isOne(texts[$0]) } * 2 >= looked.underestimatedCount
    }

    private func candidate(
        _ values: [Double?], _ places: [Int], noun: String, _ decide: ([Double]) -> ColumnDecision
    ) -> Candidate? {
        var all = [Double](repeating: .nan, count: text.dictionary.count)
        var fitting = 0, present = 0, misfits: [Int] = []
        for (place, value) in zip(places, values) {
            present += counts[place]
            if let value {
                all[place] = value
                fitting += counts[place]
            } else {
                misfits.append(place)
            }
        }
        guard fitting > 0 else { return nil }
        var decision = decide(all)
        decision.rule.missing = missingWords
        if let first = misfits.first {
            (decision.misfit, decision.misfitCount) = (misfit(first), present - fitting)
            decision.warnings.append(strays(misfits, noun: noun))
        }
        return Candidate(fitting: fitting, present: present, decision: decision, misfits: misfits, noun: noun)
    }

    private func numbers(_ texts: [String], _ places: [Int], _ evidence: ColumnEvidence, isSure: Bool = false) -> Candidate? {
        guard isSure || someAre(texts, { NumberCell($0) != nil }) else { return nil }
        // Codes such as 00123 are no numbers, whatever stands among them.
        if !isSure, let plain = PlainNumbers(texts), plain.areCodes { return nil }
        let said = NumberSpelling.Evidence(
            decimal: evidence.decimal, givenDecimal: options.decimal.map(String.init), givenGrouping: options.thousands)
        guard let found = NumberSpelling.find(texts, said) else { return nil }
        let isWhole =
            found.values.allSatisfy { $0.map { $0 == $0.rounded() } ?? true } && texts.allSatisfy { !$0.utf8.contains(0x65) }
        var rule = ColumnRule(name: text.name, kind: isWhole && !found.spelling.isPercent ? .integer : .numeric)
        // Even where marks are as programs write them: signs may stand behind, or as brackets.
        rule.numbers = found.spelling
        var result = candidate(found.values, places, noun: "numbers") { number($0, rule) }
        result?.contradiction = found.contradiction
        if let other = found.alternative {
            result?.decision.isOpen = evidence.decimal == nil
            result?.decision.rule.isGuess = evidence.decimal == nil
            result?.decision.evidence = ColumnEvidence()
            if evidence.decimal == nil, said.givenDecimal == nil {
                result?.decision.warnings.append(ambiguous(texts, found.spelling, other))
            }
        } else if !texts.contains(where: { $0.utf8.contains(46) || $0.utf8.contains(44) }) {
            result?.decision.evidence = ColumnEvidence()
        }
        return result
    }

    private func ambiguous(_ texts: [String], _ spelling: NumberSpelling, _ other: NumberSpelling) -> TableWarning {
        let example = texts.first { spelling.value($0) != other.value($0) } ?? ""
        let shown = [spelling, other].map { $0.value(example).map { Column.text(of: $0) } ?? "" }
        return TableWarning(
            .ambiguousNumbers, column: text.name,
            "\(text.name): '\(example)' is read as \(shown[0]); with --decimal '\(other.decimal)' it is \(shown[1])")
    }

    private func dates(_ texts: [String], _ places: [Int], _ evidence: ColumnEvidence, isSure: Bool = false) -> Candidate? {
        if let pattern = options.dateFormat, pattern.contains("%") {
            let rule = DateRule(order: .ymd, pattern: pattern)
            let seconds = texts.map { rule.seconds($0) }
            guard seconds.contains(where: { $0 != nil }) else { return nil }
            return candidate(seconds, places, noun: "dates") { dateDecision($0, rule) }
        }
        guard isSure || someAre(texts, { DateText($0) != nil }) else { return nil }
        let given = options.dateFormat.flatMap(DateRule.Order.init(rawValue:))
        guard let found = DateRule.find(texts, rows: rows(of: places), name: text.name, known: given ?? evidence.order) else {
            return nil
        }
        var result = candidate(found.seconds, places, noun: "dates") { dateDecision($0, found.rule) }
        result?.contradiction = found.contradiction
        if found.isAmbiguous {
            result?.decision.isOpen = true
            result?.decision.rule.isGuess = true
            let names = [DateRule.Order.dmy: "day/month/year", .mdy: "month/day/year", .ymd: "year/month/day"]
            let other = found.rule.order == .dmy ? DateRule.Order.mdy : .dmy
            let why = found.reason.map { " (\($0))" } ?? ""
            result?.decision.warnings.append(
                TableWarning(
                    .ambiguousDates, column: text.name,
                    "\(text.name) is read as \(names[found.rule.order] ?? "")\(why): --date-format \(other.rawValue) reads it as \(names[other] ?? "")"
                ))
        } else if texts.contains(where: { if case .open? = DateText($0)?.day { true } else { false } }) {
            result?.decision.evidence.order = found.rule.order
        }
        return result
    }

    /// Which of some texts each row has.
    private func rows(of places: [Int]) -> [Int32] {
        guard places.count < text.dictionary.count else { return text.codes }
        var numbers = [Int32](repeating: -1, count: text.dictionary.count)
        for (number, place) in places.enumerated() { numbers[place] = Int32(number) }
        return text.codes.map { $0 < 0 ? -1 : numbers[Int($0)] }
    }

    private func dateDecision(_ values: [Double], _ rule: DateRule) -> ColumnDecision {
        let seconds = text.codes.map { $0 < 0 ? .nan : values[Int($0)] }
        var decision = ColumnDecision(
            column: Column(name: text.name, kind: .date, storage: .numbers(seconds)),
            rule: ColumnRule(name: text.name, kind: .date, dates: rule))
        let known = seconds.filter { !$0.isNaN }
        if let first = known.min(), let last = known.max(), first < -2_208_988_800 || last > 4_133_980_800 {
            let span = [first, last].map { CalendarTime.isoText(seconds: $0).prefix { $0 != "T" } }
            decision.warnings.append(
                TableWarning(
                    .unlikelyDates, column: text.name,
                    "\(text.name) runs from \(span[0]) to \(span[1]): check the dates, or say how they are written with --date-format"
                )
            )
        }
        return decision
    }

    private func durations(_ texts: [String], _ places: [Int], isSure: Bool = false) -> Candidate? {
        guard isSure || someAre(texts, { DurationText.seconds($0) != nil }) else { return nil }
        var spelling = NumberSpelling.plain
        spelling.isDuration = true
        let rule = ColumnRule(name: text.name, kind: .numeric, numbers: spelling)
        return candidate(texts.map { DurationText.seconds($0) }, places, noun: "times") { values in
            var decision = number(values, rule)
            decision.evidence = ColumnEvidence()
            return decision
        }
    }

    private func plainText() -> ColumnDecision {
        let column = text.categorised()
        return ColumnDecision(column: column, rule: ColumnRule(name: text.name, kind: column.kind))
    }
}

/// Texts that are all numbers as programs write them.
struct PlainNumbers {
    private(set) var values: [Double] = []
    private(set) var hasFraction = false
    private var hasLeadingZero = false

    /// Whole numbers written with leading zeros are codes, and the zeros belong to them.
    var areCodes: Bool { hasLeadingZero && !hasFraction }

    /// Whether a number's only point may stand between groups of three digits: `1.234`, but neither `0.125` nor `1.25`.
    static func mayBeGrouped(_ text: String) -> Bool {
        let parts = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].first, first != UInt8(ascii: "0") else { return false }
        return (1...3).contains(parts[0].count) && parts[1].count == 3
            && parts.allSatisfy { $0.allSatisfy { $0 &- 48 < 10 } }
    }

    /// nil when more of them are none than may be; those few have the value NaN.
    init?(_ texts: [String], strays most: Int = 0) {
        values.reserveCapacity(texts.count)
        var strays = 0
        for text in texts {
            var text = text
            guard let number = text.withUTF8({ NumberText.parsed($0) }) else {
                strays += 1
                guard strays <= most else { return nil }
                values.append(.nan)
                continue
            }
            values.append(number.value)
            hasFraction = hasFraction || number.hasFraction
            let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            hasLeadingZero = hasLeadingZero || (!number.hasFraction && digits.count > 1 && digits.first == UInt8(ascii: "0"))
        }
    }
}

extension TextColumn {
    /// The column as numbers, truth values, dates, categories or text, whichever fits first.
    func typed() -> Column { ColumnTyping(self, options: ReadOptions(), place: { "record \($0 + 1)" }).decide(.init()).column }
}
