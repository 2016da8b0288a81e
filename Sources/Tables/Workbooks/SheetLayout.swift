/// Which part of a sheet is the table: what stands above it, the names of its columns, and its rows.
struct SheetLayout {
    /// The sheet's columns that hold something, and their names.
    private(set) var columns: [Int] = []
    private(set) var names: [String] = []
    /// The sheet's rows that are records.
    private(set) var rows: [Int32] = []
    private(set) var hasHeader = false
    private(set) var isHeaderUnsure = false
    /// Rows above the table that hold something.
    private(set) var skippedAbove = 0
    private(set) var isCut = false
    private(set) var warnings: [TableWarning] = []

    private let sheet: SheetHandler
    private let texts: TextNumbering

    private static let mostTitles = 50

    /// - Throws: `badOption` when the row that is to name the columns is blank.
    init(_ sheet: SheetHandler, texts: TextNumbering, options: ReadOptions) throws(TableError) {
        (self.sheet, self.texts) = (sheet, texts)
        var counts = [Int32](repeating: 0, count: Int(sheet.columns.reduce(0) { max($0, $1.last?.row ?? 0) }) + 1)
        for cell in sheet.columns.joined() { counts[Int(cell.row)] += 1 }
        let filled = (1..<Int32(max(1, counts.count))).filter { counts[Int($0)] > 0 }
        var first = Int32(clamping: options.skippedLines ?? 0) + 1
        if case .line(let line) = options.header {
            first = Int32(clamping: line)
            guard filled.contains(first) else {
                throw TableError(.badOption, "header is \(line): that row of the sheet is blank; give the row with the names")
            }
        }
        rows = filled.filter { $0 >= first }
        skippedAbove = filled.count - rows.count
        if options.skippedLines == nil, options.header == nil || options.header == .first { skipTitles(counts) }
        columns = sheet.columns.indices.filter { column in
            sheet.columns[column].last.map { $0.row >= rows.first ?? .max } ?? false
        }
        try findHeader(options.header)
        if columns.count == 1, let first = rows.first, let last = rows.last { rows = Array(first...last) }
        if let limit = options.rowLimit, limit < rows.count {
            rows.removeLast(rows.count - limit)
            isCut = true
        }
    }

    private func cell(_ row: Int32, _ column: Int) -> SheetCell? {
        let cells = sheet.columns[column]
        var low = 0, high = cells.count
        while low < high {
            let middle = (low + high) / 2
            if cells[middle].row < row { low = middle + 1 } else { high = middle }
        }
        return low < cells.count && cells[low].row == row ? cells[low] : nil
    }

    /// Leaves out what stands above the table: rows of less than half of the cells that the widest row has; and single cells
    /// that were made one with their neighbours or have a blank row below.
    private mutating func skipTitles(_ counts: [Int32]) {
        guard let widest = rows.map({ counts[Int($0)] }).max(), widest > 1 else { return }
        var count = 0
        while count + 1 < rows.count {
            let row = rows[count]
            let found = counts[Int(row)]
            let standsAlone = found == 1 && (sheet.mergedRows.contains(row) || rows[count + 1] > row + 1)
            guard found * 2 < widest || standsAlone else { break }
            count += 1
        }
        // Records may have gaps too: what goes has to be words, or stand over a row of names, and to be little.
        if !(1...Self.mostTitles).contains(count) || !(rows[..<count].allSatisfy(isOfWords) || isOfWords(rows[count])) {
            count = reportHeadCount(counts, widest)
        }
        guard count > 0 else { return }
        skippedAbove += count
        let title = firstText(rows[0])
        let what = count == 1 ? "1 row above the table is" : "\(count) rows above the table are"
        warnings.append(
            TableWarning(
                .skippedLines,
                "\(what) left out (row \(rows[0]) says '\(title)'): --header ROW says in which row the names are"))
        rows.removeFirst(count)
    }

    /// Rows above the first that is as wide as any, where that holds names beyond doubt: words over numbers or days, below rows
    /// that all say something in words.
    private func reportHeadCount(_ counts: [Int32], _ widest: Int32) -> Int {
        guard let first = rows.prefix(Self.mostTitles + 1).firstIndex(where: { counts[Int($0)] == widest }), first > 0,
            isOfWords(rows[first])
        else { return 0 }
        let hasWords = { (row: Int32) in
            sheet.columns.indices.contains { column in cell(row, column).map { $0.kind == .text && !isData($0) } ?? false }
        }
        let standsOver = sheet.columns.contains { cells in
            let below = cells.drop { $0.row <= rows[first] }.filter(\.isPresent)
            return below.count >= 2 && below.allSatisfy { $0.kind != .text }
        }
        let below = rows[(first + 1)...]
        let isTable = below.count { counts[Int($0)] * 2 > widest } * 10 >= below.count * 9
        return standsOver && isTable && rows[..<first].allSatisfy(hasWords) ? first : 0
    }

    private func firstText(_ row: Int32) -> String {
        for column in sheet.columns.indices { if let cell = cell(row, column) { return SheetColumns.shown(cell, texts) } }
        return ""
    }

    /// Whether a row holds nothing but words.
    private func isOfWords(_ row: Int32) -> Bool {
        sheet.columns.indices.allSatisfy { column in cell(row, column).map { $0.kind == .text && !isData($0) } ?? true }
    }

    private mutating func findHeader(_ said: ReadOptions.Header?) throws(TableError) {
        guard let first = rows.first else { return }
        let head = columns.map { cell(first, $0) }
        switch said {
        case nil: (hasHeader, isHeaderUnsure) = guess(head, first)
        case .some(.none): hasHeader = false
        case .first, .line: hasHeader = true
        }
        names = columns.indices.map { "column_\($0 + 1)" }
        if isHeaderUnsure {
            let what = hasHeader ? "the columns' names" : "data, not for the columns' names"
            warnings.append(
                TableWarning(
                    .unsureHeader, "row \(first) is taken for \(what): --header yes or no decides"))
        }
        guard hasHeader else { return }
        rows.removeFirst()
        let shown = head.map { $0.map { $0.isPresent ? SheetColumns.shown($0, texts) : "" } ?? "" }
        var named: [TableWarning]
        (names, named) = CSVLayout.uniqueNames(shown)
        warnings += named
    }

    /// Whether a cell's text is a number or a date, which no name is.
    private func isData(_ cell: SheetCell) -> Bool {
        guard cell.kind == .text else { return true }
        let text = SheetColumns.shown(cell, texts)
        return [.number, .date, .time].contains(CellKind(text)) && !text.lowercased().contains("inf")
    }

    /// Whether cells are different years or days over something else.
    private func areYears(_ head: [SheetCell?], _ places: [Int], _ row: Int32) -> Bool {
        let isYear = { (cell: SheetCell) in
            cell.kind == .date
                || cell.kind == .number && (1800...2200).contains(cell.value) && cell.value == cell.value.rounded()
        }
        let years = places.compactMap { head[$0] }
        guard years.allSatisfy(isYear), Set(years.map(\.value)).count == years.count else { return false }
        return places.allSatisfy { sheet.columns[columns[$0]].contains { $0.row > row && $0.isPresent && !isYear($0) } }
    }

    /// Whether the values of a column are few, each found twice on average.
    private func comesAgain(_ column: Int, below row: Int32) -> Bool {
        let found = sheet.columns[column].drop { $0.row <= row }.filter { $0.kind == .text }
        return found.count >= 4 && Set(found.map(\.value)).count * 2 <= found.count
    }

    /// A row of words is names when it stands over something else than words, or its words do not come again below. Numbers
    /// among the words are names, such as years, only when a word stands over something else and no number is a fraction.
    private func guess(_ head: [SheetCell?], _ row: Int32) -> (hasHeader: Bool, isUnsure: Bool) {
        let words = head.indices.filter { head[$0].map { $0.kind == .text && !isData($0) } ?? false }
        let others = head.indices.filter { index in head[index] != nil && !words.contains(index) }
        if words.isEmpty { return (false, false) }
        if rows.count == 1 { return (others.isEmpty, false) }
        let standsOver = words.contains { index in
            let below = sheet.columns[columns[index]].drop { $0.row <= row }.filter(\.isPresent)
            return !below.isEmpty && below.allSatisfy { $0.kind != .text || isData($0) }
        }
        if others.isEmpty {
            if standsOver { return (true, false) }
            let codes = words.compactMap { head[$0]?.value }
            let isNew =
                Set(codes).count == codes.count
                && words.allSatisfy { index in
                    !sheet.columns[columns[index]].contains { $0.row > row && $0.kind == .text && $0.value == head[index]?.value }
                }
            // Over nothing but words they may be words of a record, unless those come again and again.
            return (isNew, !isNew || !words.contains { comesAgain(columns[$0], below: row) })
        }
        let areWhole = others.allSatisfy { head[$0].map { $0.kind == .text || $0.value == $0.value.rounded() } ?? true }
        let isHeader =
            (standsOver && areWhole && others.allSatisfy { head[$0]?.isPresent == true }) || areYears(head, others, row)
        return (isHeader, isHeader)
    }
}
