/// Reads a column by a rule that was learned before, or that a user gives: nothing is guessed again.
struct ColumnApplying {
    let rule: ColumnRule
    let options: ReadOptions
    /// Where a row's value stands, such as `line 12`.
    let place: @Sendable (Int) -> String

    /// A column of texts by the rule. Values that do not fit are missing, with a warning that counts them.
    func decide(_ text: TextColumn) -> ColumnDecision {
        let missing = Set(rule.missing + (options.missing?.words ?? []))
        let isTyped = rule.kind != .text && rule.kind != .categorical
        let isMissing = text.dictionary.map {
            missing.contains($0) || (isTyped && options.missing?.replacesUsual != true && MissingWords.isUsual($0))
        }
        switch rule.kind {
        case .text, .categorical:
            let kept = TextColumn(
                name: text.name, codes: text.codes.map { $0 < 0 || isMissing[Int($0)] ? -1 : $0 }, dictionary: text.dictionary,
                mayRepeat: text.mayRepeat)
            return ColumnDecision(column: kept.compacted().categorised(as: rule.kind), rule: rule)
        case .boolean:
            let words = rule.words ?? ["false", "true"]
            let codes = text.dictionary.map { BooleanWords.code(of: $0, among: words) }
            let known = { codes.map { $0.map { words[Int($0)] } } }
            if rule.admitsOthers, let mixed = mixed(text, isMissing, known()) { return mixed }
            return numbered(text, isMissing, fits: codes.map { $0 != nil }) { rows in
                Column(
                    name: rule.name, kind: .boolean,
                    storage: .codes(rows.map { $0 < 0 ? -1 : codes[Int($0)] ?? -1 }, dictionary: words))
            }
        case .numeric, .integer, .date:
            let values = text.dictionary.map(value)
            let shown = Column(name: rule.name, kind: rule.kind, storage: .numbers([]))
            let known = { values.map { $0.map { shown.text(of: $0) } } }
            if rule.admitsOthers, let mixed = mixed(text, isMissing, known()) { return mixed }
            return numbered(text, isMissing, fits: values.map { $0 != nil }) { rows in
                Column(name: rule.name, kind: rule.kind, storage: .numbers(rows.map { $0 < 0 ? .nan : values[Int($0)] ?? .nan }))
            }
        }
    }

    /// A column of texts where some values are none by the rule; nil where all are.
    ///
    /// - Parameter known: what each text is by the rule, as a text; nil = nothing.
    private func mixed(_ text: TextColumn, _ isMissing: [Bool], _ known: [String?]) -> ColumnDecision? {
        let codes = text.codes.map { $0 < 0 || isMissing[Int($0)] ? Int32(-1) : $0 }
        let wrong = codes.indices.filter { codes[$0] >= 0 && known[Int(codes[$0])] == nil }
        guard let first = wrong.first else { return nil }
        let all = TextColumn(
            name: text.name, codes: codes, dictionary: zip(known, text.dictionary).map { $0 ?? $1 }, mayRepeat: true)
        var decision = ColumnDecision(column: all.compacted().categorised(as: .categorical), rule: rule)
        decision.misfit = (first, text.dictionary[Int(codes[first])])
        decision.misfitCount = wrong.count
        return decision
    }

    /// A column of numbers, which a file of another format may hold where texts were learned from.
    func decide(_ numbers: [Double], kind: ColumnKind) -> ColumnDecision {
        switch rule.kind {
        case .numeric, .integer:
            if kind == .date { break }
            var decision = NumberTyping.decide(numbers, ColumnRule(name: rule.name, kind: rule.kind), options: withoutCounting)
            decision.rule = rule
            return decision
        case .date:
            if kind == .date {
                return ColumnDecision(column: Column(name: rule.name, kind: .date, storage: .numbers(numbers)), rule: rule)
            }
            if rule.dates?.epoch != nil || rule.dates?.pattern == nil { return NumberTyping.counted(numbers, rule) }
        case .boolean, .categorical, .text:
            let shown = Column(name: rule.name, kind: kind, storage: .numbers(numbers))
            var places: [Double: Int32] = [:], dictionary: [String] = []
            let codes = numbers.map { number -> Int32 in
                if number.isNaN { return -1 }
                if let place = places[number] { return place }
                places[number] = Int32(dictionary.count)
                dictionary.append(shown.text(of: number))
                return Int32(dictionary.count - 1)
            }
            return decide(TextColumn(name: rule.name, codes: codes, dictionary: dictionary, mayRepeat: false))
        }
        // Dates where numbers were learned from, and the like: whoever uses the column says what is wrong.
        return ColumnDecision(
            column: Column(name: rule.name, kind: kind, storage: .numbers(numbers)), rule: ColumnRule(name: rule.name, kind: kind)
        )
    }

    private var withoutCounting: ReadOptions {
        var options = options
        options.kinds[rule.name] = rule.kind
        return options
    }

    private func value(_ text: String) -> Double? {
        if rule.kind == .date {
            var dates = rule.dates ?? DateRule()
            if let given = options.dateFormat {
                (dates.epoch, dates.pattern) = (nil, given.contains("%") ? given : nil)
                dates.order = DateRule.Order(rawValue: given) ?? dates.order
            }
            return dates.seconds(text)
        }
        if rule.numbers != nil || options.decimal != nil {
            var spelling = rule.numbers ?? .plain
            if let decimal = options.decimal.map(String.init), decimal != spelling.decimal {
                (spelling.decimal, spelling.grouping) = (decimal, spelling.grouping == decimal ? nil : spelling.grouping)
            }
            if let value = spelling.value(text) { return value }
            // Groups of digits that what was learned from did not have: the other mark can be nothing else.
            guard spelling.grouping == nil, !spelling.isDuration else { return nil }
            spelling.grouping = spelling.decimal == "," ? "." : ","
            return spelling.value(text)
        }
        var text = text
        return text.withUTF8 { NumberText.value($0) }
    }

    private func numbered(
        _ text: TextColumn, _ isMissing: [Bool], fits: [Bool], _ column: ([Int32]) -> Column
    ) -> ColumnDecision {
        let rows = text.codes.map { $0 < 0 || isMissing[Int($0)] ? Int32(-1) : $0 }
        var decision = ColumnDecision(column: column(rows), rule: rule)
        let wrong = rows.indices.filter { rows[$0] >= 0 && !fits[Int(rows[$0])] }
        guard let first = wrong.first else { return decision }
        decision.misfit = (first, text.dictionary[Int(rows[first])])
        decision.misfitCount = wrong.count
        decision.warnings = [
            Self.strayWarning(rule, count: wrong.count, wrong.prefix(3).map { (text.dictionary[Int(rows[$0])], place($0)) })
        ]
        return decision
    }

    /// That some values are none by the rule.
    ///
    /// - Parameter examples: the first of them, with where they stand.
    static func strayWarning(_ rule: ColumnRule, count: Int, _ examples: [(text: String, place: String)]) -> TableWarning {
        let shown = examples.map { "'\($0.text.shortened)' (\($0.place))" }.joined(separator: ", ")
        return TableWarning(
            .strayValues, column: rule.name,
            "\(rule.name): \(count) \(count == 1 ? "value is" : "values are") no \(rule.noun) and \(count == 1 ? "counts" : "count") as missing: \(shown)\(count > examples.count ? ", …" : "")"
        )
    }
}

extension ColumnRule {
    /// What its values are, in words, as the rule has them.
    var noun: String {
        switch kind {
        case .numeric, .integer: numbers?.isDuration == true ? "times" : "numbers"
        case .boolean: words.map { "\($0[0]) or \($0[1])" } ?? "truth values"
        case .date: "dates" + (dates.map { $0.pattern.map { " as \($0)" } ?? "" } ?? "")
        case .categorical, .text: "texts"
        }
    }
}

extension String {
    /// What fits a sentence.
    var shortened: String { count > 60 ? prefix(59) + "…" : self }
}
