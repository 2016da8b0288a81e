extension NumberSpelling {
    /// How a column's texts are numbers.
    struct Finding {
        var spelling: NumberSpelling
        /// The value of each text; nil for those that are no numbers.
        var values: [Double?]
        /// Texts that are numbers.
        var count: Int
        /// Another spelling that fits as many texts and reads them otherwise.
        var alternative: NumberSpelling?
        /// Two texts that ask for different decimal marks.
        var contradiction: (String, String)?
    }

    /// What other columns of the file, and the user, say about marks.
    struct Evidence {
        /// The decimal mark of columns that leave no doubt.
        var decimal: String?
        /// What the user says.
        var givenDecimal: String?
        var givenGrouping: ReadOptions.Mark?
    }

    /// Finds the spelling that makes numbers of most texts; nil when none of them is a number, or they are of several currencies.
    static func find(_ texts: [String], _ evidence: Evidence) -> Finding? {
        let cells = texts.map { NumberCell($0) }
        var marks = NumberCell.Marks(), percents = 0, currencies: [String: Int] = [:], count = 0
        for case let cell? in cells {
            marks.points += cell.marks.points
            marks.commas += cell.marks.commas
            marks.spaces += cell.marks.spaces
            marks.apostrophes += cell.marks.apostrophes
            marks.underscores += cell.marks.underscores
            percents += cell.isPercent ? 1 : 0
            count += 1
            if let currency = cell.currency { currencies[currency, default: 0] += 1 }
        }
        guard count > 0, currencies.count <= 1 else { return nil }
        var best: Finding?
        for candidate in candidates(marks, evidence) {
            var spelling = candidate
            // A number without its sign among those with it may be a hundredfold of them: they are no percentages then.
            spelling.isPercent = percents * 2 > count
            spelling.currency = currencies.keys.first
            let values = cells.map { $0.flatMap { spelling.value($0) } }
            let fitting = values.count { $0 != nil }
            guard fitting > 0, !isLikePhones(spelling, cells, values) else { continue }
            guard let known = best else {
                best = Finding(spelling: spelling, values: values, count: fitting)
                continue
            }
            if fitting > known.count {
                best = Finding(spelling: spelling, values: values, count: fitting, contradiction: known.contradiction)
            } else if fitting == known.count, known.alternative == nil, differs(values, known.values) {
                best?.alternative = spelling
            }
        }
        if var found = best, found.count < count {
            found.contradiction = contradiction(texts, cells)
            best = found
        }
        return best
    }

    /// Numbers of many digits, all of one length with spaces between, are called and not counted.
    private static func isLikePhones(_ spelling: NumberSpelling, _ cells: [NumberCell?], _ values: [Double?]) -> Bool {
        guard spelling.grouping == " " else { return false }
        let lengths = Set(
            zip(cells, values).compactMap { cell, value in value == nil ? nil : cell?.digits.count { $0 &- 48 < 10 } })
        return lengths.count == 1 && (lengths.first ?? 0) >= 7
    }

    private static func differs(_ values: [Double?], _ others: [Double?]) -> Bool {
        zip(values, others).contains { $0 != nil && $1 != nil && $0 != $1 }
    }

    /// Spellings to try, the likeliest first: of those that fit equally the first is taken.
    private static func candidates(_ marks: NumberCell.Marks, _ evidence: Evidence) -> [NumberSpelling] {
        var groupings: [String?] = [nil]
        if marks.spaces > 0 { groupings.append(" ") }
        if marks.apostrophes > 0 { groupings.append("'") }
        if marks.underscores > 0 { groupings.append("_") }
        if case .character(let given)? = evidence.givenGrouping { groupings = [nil, String(given)] }
        var candidates: [NumberSpelling] = []
        let first = evidence.givenDecimal ?? evidence.decimal ?? "."
        for decimal in [first, first == "." ? "," : "."] {
            if let given = evidence.givenDecimal, given != decimal { continue }
            let other = decimal == "." ? "," : "."
            let isOtherThere = other == "," ? marks.commas > 0 : marks.points > 0
            var own = groupings
            if isOtherThere, evidence.givenGrouping == nil { own.append(other) }
            if evidence.givenGrouping == ReadOptions.Mark.none { own = [nil] }
            candidates += own.filter { $0 != decimal }.map { NumberSpelling(decimal: decimal, grouping: $0) }
        }
        // A comma that could be either groups digits, but a point that could be either is the decimal mark: so they are mostly used.
        return candidates
    }

    /// A text whose decimal mark must be a comma and one whose must be a point.
    private static func contradiction(_ texts: [String], _ cells: [NumberCell?]) -> (String, String)? {
        func first(_ decimal: String, not other: String) -> String? {
            for (text, cell) in zip(texts, cells) {
                guard let cell, cell.marks.points + cell.marks.commas > 0 else { continue }
                let fits = [nil, other].contains { cell.value(NumberSpelling(decimal: decimal, grouping: $0)) != nil }
                let fitsOther = [nil, decimal].contains { cell.value(NumberSpelling(decimal: other, grouping: $0)) != nil }
                if fits, !fitsOther { return text }
            }
            return nil
        }
        guard let comma = first(",", not: "."), let point = first(".", not: ",") else { return nil }
        return (comma, point)
    }
}
