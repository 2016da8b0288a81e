import Cells
import Clocks
import Exploring
import Searching
import Studio
import Tables

extension ReadColumn: AnsweredQuery {
    func answer(_ work: QueryWork<ColumnAnswer>) throws -> ColumnAnswer {
        try work.checkDataIsHere()
        guard let (rows, columns) = try BrowsedViews.shared.rows(of: view.source) else { throw QueryCancelled() }
        let place = try self.place(column, rows), second = try other.map { try self.place($0, rows) }
        let search: RowSearch
        do throws(SearchError) { search = try RowSearch(parsing: view.filter, columns: rows.columns) } catch {
            throw CommandError.usage(error.message)
        }
        var counter = ColumnCounter(rows.columns[place])
        var pair = second.map { PairCounter(rows.columns[place], rows.columns[$0]) }
        var piece = 0
        let clock = SearchClock(now: WallClock.now())
        while true {
            guard work.isWanted() else { throw QueryCancelled() }
            let pieces = rows.pieces
            guard piece < pieces.count else {
                if pieces.isComplete { break }
                try rows.extend()
                continue
            }
            let table = try pieces.table(piece), found = search.rows(of: table, clock: clock)
            if let second { pair?.add(table.columns[place], table.columns[second], rows: found) }
            counter.add(table.columns[place], rows: found)
            piece += 1
        }
        var answer = ColumnAnswer(columns: columns)
        let counts = counter.counts()
        answer.fill(counts)
        if let pair { answer.fill(pair, rowCount: counts.rowCount) }
        return answer
    }

    private func place(_ name: String, _ rows: BrowsedRows) throws -> Int {
        guard let place = rows.columns.firstIndex(where: { $0.name == name }) else {
            throw CommandError.failed("the file has no column \(name) any more: r reads it again")
        }
        return place
    }
}

extension ColumnAnswer {
    fileprivate mutating func fill(_ counts: ColumnCounts) {
        (rowCount, distinct) = (counts.rowCount, counts.distinct)
        values = counts.values.map { Entry($0) }
        bins = counts.bins.map { Entry($0) }
        missing = Entry(label: "missing", count: counts.missing, condition: counts.missingCondition)
        facts = [
            Fact("rows", NumberFormat.grouped(rowCount)), Fact("missing", NumberFormat.grouped(counts.missing)),
            Fact("different", NumberFormat.grouped(distinct)),
        ]
        if distinct > values.count { facts.append(Fact("shown", "the \(values.count) most frequent")) }
        guard let moments = counts.moments else { return }
        func shown(_ value: Double) -> String {
            counts.column.kind == .date ? CalendarTime.isoText(seconds: value) : NumberFormat.significant(value)
        }
        if counts.column.kind != .date {
            facts += [
                Fact("mean", shown(moments.mean)), Fact("sd", shown(moments.standardDeviation)),
                Fact("skew", NumberFormat.significant(moments.skewness, digits: 3)),
            ]
        }
        facts += [
            Fact("min", shown(moments.minimum)), Fact("q1", shown(moments.lowerQuartile)), Fact("median", shown(moments.median)),
            Fact("q3", shown(moments.upperQuartile)), Fact("max", shown(moments.maximum)),
        ]
        for (label, count) in [("zeros", moments.zeros), ("negative", moments.negatives), ("infinite", moments.infinities)]
        where count > 0 && counts.column.kind != .date { facts.append(Fact(label, NumberFormat.grouped(count))) }
        outliers = Entry(label: "far out", count: moments.outliers, condition: moments.outlierCondition)
    }

    fileprivate mutating func fill(_ counter: PairCounter, rowCount: Int) {
        facts = [Fact("rows", NumberFormat.grouped(rowCount))]
        func strength(_ label: String, _ value: Double) {
            facts.append(Fact(label, value.isNaN ? "–" : NumberFormat.fixed(value, decimals: 3)))
        }
        switch counter.pair() {
        case nil: pair = .nothing
        case .points(let points)?:
            facts.append(Fact("both", NumberFormat.grouped(points.count)))
            strength("Pearson", points.pearson)
            strength("Spearman", points.spearman)
            if points.slope.isFinite {
                let sign = points.intercept < 0 ? "−" : "+", height = NumberFormat.significant(abs(points.intercept))
                facts.append(Fact("line", "\(NumberFormat.significant(points.slope)) · x \(sign) \(height)"))
            }
            pair = .points(
                Points(x: points.x, y: points.y, slope: points.slope, intercept: points.intercept, grid: points.grid))
        case .groups(let groups)?:
            strength("correlation ratio", groups.correlationRatio)
            if groups.others > 0 { facts.append(Fact("rows of other groups", NumberFormat.grouped(groups.others))) }
            facts.append(Fact("each", "rows, mean, median, quartiles"))
            let low = groups.groups.map(\.minimum).min() ?? 0, high = groups.groups.map(\.maximum).max() ?? 0
            pair = .groups(
                groups.groups.map {
                    Group(
                        Entry(label: $0.label, count: $0.count, condition: $0.condition), mean: $0.mean,
                        quantiles: [$0.minimum, $0.lowerQuartile, $0.median, $0.upperQuartile, $0.maximum])
                }, range: low...high)
        case .table(let table)?:
            strength("Cramér's V", table.cramersV)
            if table.others > 0 { facts.append(Fact("rows of other values", NumberFormat.grouped(table.others))) }
            facts.append(Fact("each", "share of the row"))
            pair = .table(
                columns: table.columns.enumerated().map { place, column in
                    Entry(label: column.label, count: table.counts.reduce(0) { $0 + $1[place] }, condition: column.condition)
                },
                rows: zip(table.rows, table.counts).map { row, counts in
                    (Entry(label: row.label, count: counts.reduce(0, +), condition: row.condition), counts)
                })
        }
    }
}

extension ColumnAnswer.Entry {
    fileprivate init(_ entry: ColumnCounts.Entry) {
        self.init(label: entry.label, count: entry.count, condition: entry.condition)
    }
}
