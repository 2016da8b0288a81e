import CheckedNumbers
import Glibc

/// A cell that holds something.
struct SheetCell {
    enum Kind: UInt8 {
        case number, text, truth
        /// Seconds since 1970, seconds of a day, seconds.
        case date, clock, elapsed
        /// An error such as #N/A, a formula whose value the file does not hold, a date that there is not.
        case error, formula, noDate
    }

    /// From 1, as the sheet counts.
    var row: Int32
    var kind: Kind
    /// Of text the number of the text, of a truth value 0 or 1.
    var value: Double

    /// The number of a text.
    var code: Int { Int(nearestWithin: value) }
    /// Whether it has a value.
    var isPresent: Bool { kind.rawValue < Kind.error.rawValue }
}

/// Reads the cells of a sheet, column by column.
final class SheetHandler: XMLHandler {
    private(set) var columns: [[SheetCell]] = []
    /// Rows in which cells that stand side by side were made one.
    private(set) var mergedRows: Set<Int32> = []
    /// Read to its end, where the checksum is.
    let isDone = false
    private(set) var fault: TableError?

    private let parts: WorkbookParts
    private var lastRow = 0, lastColumn = -1
    /// How many more cells there may be, so that they and what is made of them take half of the memory.
    private var room = ByteRegion.physicalMemory / (6 * MemoryLayout<SheetCell>.stride)
    private var isOutOfOrder = false

    // The cell at hand.
    private var row = 0, column = 0, style = 0
    private var type = CellType.number
    private var hasFormula = false, isWithinValue = false, isWithinInline = false
    private var buffer = CellText()

    private enum CellType { case number, shared, text, truth, error, date }

    // Excel's own limits.
    static let mostRows = 1 << 20
    static let mostColumns = 1 << 14

    init(_ parts: WorkbookParts) { self.parts = parts }

    func start(_ name: XMLName, _ attributes: XMLAttributes) {
        switch name {
        case "c": startCell(attributes)
        case "v":
            isWithinValue = true
            buffer.clear()
        case "f": hasFormula = true
        case "is":
            isWithinInline = true
            buffer.clear()
        case "row":
            lastRow = attributes.number("r") ?? lastRow + 1
            lastColumn = -1
            if !(1...Self.mostRows).contains(lastRow) { damage() }
        case "mergeCell": merge(attributes.text("ref") ?? "")
        default: if isWithinInline { buffer.start(name) }
        }
    }

    func end(_ name: XMLName) {
        switch name {
        case "c": endCell()
        case "v": isWithinValue = false
        case "is": isWithinInline = false
        case "sheetData": sort()
        default: if isWithinInline { buffer.end(name) }
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if isWithinValue { buffer.add(bytes) } else if isWithinInline { buffer.text(bytes) }
        if let found = buffer.fault { fault = found }
    }

    private func damage() {
        fault = fault ?? TableError(.damagedFile, "holds a cell outside any sheet: save the workbook again")
    }

    private func startCell(_ attributes: XMLAttributes) {
        buffer.clear()
        (hasFormula, isWithinValue, isWithinInline) = (false, false, false)
        (row, column) = (lastRow, lastColumn + 1)
        if let place = attributes.bytes("r") {
            guard let found = Self.place(place) else { return damage() }
            // A row may leave its number to its cells.
            (row, column) = (found.row, found.column)
        }
        guard (1...Self.mostRows).contains(row), (0..<Self.mostColumns).contains(column) else { return damage() }
        (lastRow, lastColumn) = (row, column)
        style = attributes.number("s") ?? 0
        type =
            switch attributes.text("t") {
            case "s": .shared
            case "str", "inlineStr": .text
            case "b": .truth
            case "e": .error
            case "d": .date
            default: .number
            }
    }

    /// `B12` as column 1 and row 12; nil where it is no place.
    static func place(_ text: UnsafePointer<CChar>) -> (column: Int, row: Int)? {
        var place = text
        var column = 0, row = 0
        while case let letter = UInt8(bitPattern: place.pointee) & 0xdf, (0x41...0x5a).contains(letter) {
            column = column * 26 + Int(letter) - 0x40
            guard column <= mostColumns else { return nil }
            place += 1
        }
        while case let digit = UInt8(bitPattern: place.pointee), (0x30...0x39).contains(digit) {
            row = row * 10 + Int(digit) - 0x30
            guard row <= mostRows else { return nil }
            place += 1
        }
        return column > 0 && row > 0 && place.pointee == 0 ? (column - 1, row) : nil
    }

    private func endCell() {
        guard fault == nil, row > 0 else { return }
        if buffer.isEmpty {
            if hasFormula, type != .text { add(.formula, 0) }
            return
        }
        switch type {
        case .shared:
            guard let index = buffer.index, parts.shared.indices.contains(index) else {
                fault = TableError(.damagedFile, "names a text that there is not: save the workbook again")
                return
            }
            addText(parts.shared[index])
        case .text: addText(buffer.number(in: parts.texts))
        case .truth: add(.truth, buffer.string == "1" || buffer.string == "true" ? 1 : 0)
        case .error: add(.error, 0)
        case .date:
            if let seconds = CalendarTime.seconds(iso: buffer.string) {
                add(.date, seconds)
            } else {
                addText(buffer.number(in: parts.texts))
            }
        case .number:
            guard let value = buffer.number, value.isFinite else { return addText(buffer.number(in: parts.texts)) }
            addNumber(value)
        }
    }

    private func addNumber(_ value: Double) {
        let shown = parts.styles.indices.contains(style) ? parts.styles[style] : .number
        // Excel keeps times to the millisecond.
        let seconds = (value * 86_400_000).rounded() / 1000
        switch shown {
        case .number: add(.number, value)
        case .clock where (0..<1).contains(value): add(.clock, seconds == 86_400 ? 0 : seconds)
        case .elapsed where value >= 0: add(.elapsed, seconds)
        case .elapsed: add(.noDate, 0)
        case .clock, .date:
            if let moment = SerialDate.seconds(value, countsFrom1904: parts.countsFrom1904) {
                add(.date, moment)
            } else {
                add(.noDate, 0)
            }
        }
    }

    private func addText(_ code: Int32) {
        // A text of blanks is none.
        guard !parts.texts.bytes(of: Int(code)).isEmpty else { return }
        add(.text, Double(code))
    }

    private func add(_ kind: SheetCell.Kind, _ value: Double) {
        room -= 1
        guard room >= 0 else {
            fault = TableError(.tooLarge, "has more cells than this machine has memory for: keep fewer rows or columns")
            return
        }
        while columns.count <= column { columns.append([]) }
        if let last = columns[column].last, Int(last.row) >= row { isOutOfOrder = true }
        columns[column].append(SheetCell(row: Int32(row), kind: kind, value: value))
    }

    /// Rows may come in any order; of a cell that is there twice, the last one counts.
    private func sort() {
        guard isOutOfOrder else { return }
        for index in columns.indices {
            let numbered = columns[index].enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }
            var cells: [SheetCell] = []
            for (_, cell) in numbered {
                if cells.last?.row == cell.row { cells.removeLast() }
                cells.append(cell)
            }
            columns[index] = cells
        }
        isOutOfOrder = false
    }

    private func merge(_ range: String) {
        let ends = range.split(separator: ":")
        guard ends.count == 2, let first = Self.place(String(ends[0])), let last = Self.place(String(ends[1])),
            last.column > first.column, first.row == last.row
        else { return }
        mergedRows.insert(Int32(first.row))
    }
}

/// Days as Excel counts them.
enum SerialDate {
    /// Seconds since 1970 of a number of days; nil where Excel shows no date.
    ///
    /// Counting from 1900, day 60 is the 29th of February 1900, which there was not; what is before it is a day off.
    static func seconds(_ value: Double, countsFrom1904: Bool) -> Double? {
        // The last day is 31 December 9999.
        guard value >= 0, value < (countsFrom1904 ? 2_957_004 : 2_958_466) else { return nil }
        let start: Double
        if countsFrom1904 {
            start = -24_107
        } else if (60..<61).contains(value) {
            return nil
        } else {
            start = value < 60 ? -25_568 : -25_569
        }
        return (value * 86_400_000).rounded() / 1000 + start * 86_400
    }
}
