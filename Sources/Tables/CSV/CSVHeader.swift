/// Whether the first record names the columns.
struct CSVHeader {
    var isHeader: Bool
    /// Whether the file could be read either way.
    var isUnsure = false

    /// Decides by what stands in the first record over what stands below it.
    ///
    /// Each column whose values are numbers, dates, times or truth values votes: for names where the first cell is something else,
    /// against where it is the same. One vote for is enough: data does not begin with a word by accident. Without votes, as all is
    /// text, the first record names the columns if its cells are different from each other and from all below them.
    init(_ head: [String], quoted: [Bool], body: [[String]], bodyIsQuoted: Bool, schema: TableSchema?) {
        if let schema {
            let known = Set(schema.columns.map(\.name)), named = Set(head).intersection(known).count
            if named * 2 > head.count || named == known.count && named > 0 {
                self.init(isHeader: true)
                return
            }
        }
        let cells = head.map(CellKind.init)
        if let rules = schema?.rulesByPlace, (rules.keys.max() ?? 0) < head.count {
            // Learned from a file without names: so is this, unless the first record is nothing that its columns hold.
            let fits = rules.allSatisfy { place, rule in rule.isWords || cells[place] != .text }
            if fits {
                self.init(isHeader: false)
                return
            }
        }
        if body.isEmpty {
            self.init(isHeader: cells.allSatisfy { $0 == .text || $0 == .truth }, isUnsure: cells.allSatisfy { $0 == .text })
            return
        }
        let sequence = CSVHeader.sequence(head, body)
        var yes = 0, no = 0
        // A first record that comes again over typed columns is a header that does.
        let others = body.prefix(200).filter { $0 != head }
        for column in head.indices {
            let values = others.map { CellKind($0[column]) }
            guard let kind = CellKind.shared(values), kind != .text, cells[column] != .missing else { continue }
            if cells[column] != kind {
                // A whole word over numbers written as people do is a name; so is a number over dates.
                yes += 1
            } else if sequence == nil || cells[column] != .number {
                no += 1
            }
        }
        let isCounted = yes == 0 && sequence == .count
        if yes == 0, sequence != nil { yes = 1 }
        let isNumeric = body.first.map { $0.contains(where: CellKind.isNumber) } ?? false
        if yes == 0, isNumeric, !quoted.isEmpty, quoted.allSatisfy({ $0 }), !bodyIsQuoted { yes = 1 }
        if yes > 0 {
            self.init(isHeader: true, isUnsure: no > yes || isCounted)
        } else if no > 0 {
            self.init(isHeader: false)
        } else {
            let named = head.count { !$0.isEmpty }
            let isDistinct = Set(head).count == head.count || head.count - named > 1 && Set(head).count == named + 1
            let recurs = head.indices.contains { column in !head[column].isEmpty && body.contains { $0[column] == head[column] } }
            self.init(isHeader: named * 2 >= head.count && isDistinct && !recurs, isUnsure: true)
        }
    }

    init(isHeader: Bool, isUnsure: Bool = false) { (self.isHeader, self.isUnsure) = (isHeader, isUnsure) }

    private enum Sequence {
        /// Years.
        case years
        /// Numbers from 0 or 1 on, as a table without names gets them.
        case count
    }

    /// Numbers that number columns: equally spaced years, or a count from 0 or 1, where no record below has the like.
    private static func sequence(_ head: [String], _ body: [[String]]) -> Sequence? {
        guard let first = steps(head) else { return nil }
        let likes = body.prefix(20).count { record in
            steps(record).map { ($0.step == first.step) && $0.count == first.count } ?? false
        }
        if (1900...2100).contains(first.start), (1900...2100).contains(first.start + first.step * (first.count - 1)) {
            let years = body.prefix(20).count { record in
                record.compactMap { Int($0) }.filter { (1900...2100).contains($0) }.count >= first.count
            }
            return years == 0 && first.step > 0 && first.count >= 2 ? .years : nil
        }
        let leastCount = first.start == 0 ? 3 : 5
        return first.step == 1 && (0...1).contains(first.start) && first.count >= leastCount && likes == 0 ? .count : nil
    }

    /// The whole numbers of a record, if they rise or fall by equal steps.
    private static func steps(_ record: [String]) -> (start: Int, step: Int, count: Int)? {
        let numbers = record.compactMap { Int($0) }
        guard numbers.count >= 2, let start = numbers.first, abs(start) < 1 << 40 else { return nil }
        let step = numbers[1].subtractingReportingOverflow(start).partialValue
        for (one, next) in zip(numbers, numbers.dropFirst()) where next.subtractingReportingOverflow(one).partialValue != step {
            return nil
        }
        return (start, step, numbers.count)
    }
}
