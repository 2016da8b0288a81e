import CTableKernels
import CheckedNumbers

/// Makes columns of a sheet's cells.
struct SheetColumns {
    private let texts: TextNumbering
    private let rowCount: Int
    /// The record of each row of the sheet, -1 where it has none.
    private let records: [Int32]
    private let knowsMissing: Bool
    var typed: TypedColumns

    init(_ layout: SheetLayout, texts: TextNumbering, _ empty: TypedColumns) {
        self.texts = texts
        rowCount = layout.rows.count
        var records = [Int32](repeating: -1, count: Int(layout.rows.last ?? 0) + 1)
        for (record, row) in layout.rows.enumerated() { records[Int(row)] = Int32(record) }
        self.records = records
        knowsMissing = empty.options.missing?.replacesUsual != true && !empty.options.keepsTexts
        typed = empty
    }

    /// Adds a column of these cells, typed as the same values in a CSV file are.
    mutating func add(_ cells: [SheetCell], name: String) {
        var lost = [0, 0, 0]
        var found: [(record: Int, cell: SheetCell)] = []
        found.reserveCapacity(cells.count)
        for cell in cells where Int(cell.row) < records.count && records[Int(cell.row)] >= 0 {
            guard cell.isPresent else {
                lost[Int(cell.kind.rawValue - SheetCell.Kind.error.rawValue)] += 1
                continue
            }
            if cell.kind == .text, knowsMissing, isMissing(cell) { continue }
            found.append((Int(records[Int(cell.row)]), cell))
        }
        let kinds = Set(found.map(\.cell.kind))
        switch kinds {
        case _ where typed.keepsText(name): addTexts(found, name: name)
        // What goes on beyond a day is seconds, as durations are in any format.
        case [], [.number], [.elapsed]: addNumbers(found, name: name)
        case [.date]: typed.add(numbers: numbers(found), name: name, kind: .date)
        case [.clock]:
            let milliseconds = numbers(found).map { ($0 * 1000).rounded() }
            typed.add(TimeOfDay.column(name: name, milliseconds, perSecond: 1000))
        case [.truth]:
            var codes = [Int32](repeating: -1, count: rowCount)
            for (record, cell) in found { codes[record] = Int32(clamping: cell.code) }
            typed.add(TextColumn(name: name, codes: codes, dictionary: ["false", "true"], mayRepeat: false).compacted())
        default: addTexts(found, name: name)
        }
        warn(lost, name)
    }

    private func isMissing(_ cell: SheetCell) -> Bool {
        let bytes = texts.bytes(of: cell.code)
        return dk_is_missing(bytes.baseAddress, bytes.count) != 0
    }

    private func numbers(_ found: [(record: Int, cell: SheetCell)]) -> [Double] {
        var numbers = [Double](repeating: .nan, count: rowCount)
        for (record, cell) in found { numbers[record] = cell.value }
        return numbers
    }

    private mutating func addNumbers(_ found: [(record: Int, cell: SheetCell)], name: String) {
        // What is shown with an exponent is no whole number in text either.
        let isWhole = !found.isEmpty && found.allSatisfy { $0.cell.value == $0.cell.value.rounded() && abs($0.cell.value) < 1e15 }
        typed.add(numbers: numbers(found), name: name, kind: isWhole ? .integer : .numeric)
    }

    /// Texts, and whatever stands among them as the cells show it.
    private mutating func addTexts(_ found: [(record: Int, cell: SheetCell)], name: String) {
        var codes = [Int32](repeating: -1, count: rowCount)
        var dictionary: [String] = []
        var textPlaces: [Int: Int32] = [:], otherPlaces: [String: Int32] = [:]
        for (record, cell) in found {
            let next = Int32(dictionary.count)
            if cell.kind == .text {
                codes[record] = textPlaces[cell.code, default: next]
                guard codes[record] == next else { continue }
                textPlaces[cell.code] = next
                dictionary.append(Self.shown(cell, texts))
            } else {
                let shown = Self.shown(cell, texts)
                codes[record] = otherPlaces[shown, default: next]
                guard codes[record] == next else { continue }
                otherPlaces[shown] = next
                dictionary.append(shown)
            }
        }
        // A text may say what a number shows.
        let mayRepeat = !textPlaces.isEmpty && !otherPlaces.isEmpty
        typed.add(TextColumn(name: name, codes: codes, dictionary: dictionary, mayRepeat: mayRepeat))
    }

    private mutating func warn(_ lost: [Int], _ name: String) {
        let reasons = [
            "with an error such as #N/A: they are missing; correct them in the workbook",
            "with a formula whose value the file does not hold: they are missing; open it in a spreadsheet program and save it",
            "with a date that there is not, such as 29 February 1900: they are missing; correct them in the workbook",
        ]
        for (count, reason) in zip(lost, reasons) where count > 0 {
            let cells = count == 1 ? "1 cell" : "\(count) cells"
            typed.add(TableWarning(.lostValues, column: name, "\(name) has \(cells) \(reason)"))
        }
    }

    /// A cell's value as text; dates in ISO form.
    static func shown(_ cell: SheetCell, _ texts: TextNumbering) -> String {
        switch cell.kind {
        case .number: Column.text(of: cell.value)
        case .text: String(decoding: texts.bytes(of: cell.code), as: UTF8.self)
        case .truth: cell.value == 1 ? "TRUE" : "FALSE"
        // A workbook knows no zones.
        case .date: String(CalendarTime.isoText(seconds: cell.value).prefix { $0 != "Z" })
        case .clock, .elapsed: MomentText.time(Int64(nearestWithin: cell.value * 1000), digits: 3)
        case .error, .formula, .noDate: ""
        }
    }
}
