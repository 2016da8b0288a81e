import Cells

/// As much of a terminal as it takes to know what is on the screen: printing, cursor moves, erasing, inserting, deleting,
/// scroll regions, repeats, the alternate screen, and the private modes that are on. Colours are ignored.
package struct VirtualScreen {
    package private(set) var width: Int
    package private(set) var height: Int
    package private(set) var cursor = (x: 0, y: 0)
    /// The private modes that are on: 7 wrapping, 25 the cursor, 1049 the alternate screen, 2004 bracketed paste, …
    package private(set) var modes: Set<Int> = [7, 25]
    /// How many synchronized frames have ended.
    package private(set) var frames = 0

    private var cells: [[Unicode.Scalar]]
    private var otherCells: [[Unicode.Scalar]]
    private var savedCursor = (x: 0, y: 0)
    private var region: ClosedRange<Int>
    private var wrapsNext = false
    private var last: Unicode.Scalar = " "
    private var state = State.ground
    private var parameters: [UInt8] = []
    private var text: [UInt8] = []

    private enum State { case ground, escape, control, string, stringEscape, charset }

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        cells = Array(repeating: Array(repeating: " ", count: width), count: height)
        otherCells = cells
        region = 0...(max(1, height) - 1)
    }

    /// The rows as text, trailing spaces removed.
    package var lines: [String] {
        cells.map { row in
            var line = String.UnicodeScalarView(row.filter { $0 != Cell.continuation })
            while line.last == " " { line.removeLast() }
            return String(line)
        }
    }

    package func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

    package mutating func resize(width: Int, height: Int) {
        cells = Self.resized(cells, width, height)
        otherCells = Self.resized(otherCells, width, height)
        (self.width, self.height) = (width, height)
        cursor = (min(cursor.x, width - 1), min(cursor.y, height - 1))
        region = 0...(height - 1)
    }

    private static func resized(_ cells: [[Unicode.Scalar]], _ width: Int, _ height: Int) -> [[Unicode.Scalar]] {
        (0..<height).map { y in (0..<width).map { x in y < cells.count && x < cells[y].count ? cells[y][x] : " " } }
    }

    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { take(byte) }
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: ground(byte)
        case .escape: escape(byte)
        case .charset: state = .ground
        case .string:
            if byte == 0x07 { state = .ground } else if byte == 0x1B { state = .stringEscape }
        case .stringEscape: state = byte == 0x5C ? .ground : .string
        case .control:
            if (0x40...0x7E).contains(byte) {
                state = .ground
                control(byte)
            } else {
                parameters.append(byte)
            }
        }
    }

    private mutating func ground(_ byte: UInt8) {
        if byte >= 0x80 {
            collect(byte)
            return
        }
        text.removeAll()
        switch byte {
        case 0x1B: state = .escape
        case 0x08:
            cursor.x = max(0, cursor.x - 1)
            wrapsNext = false
        case 0x09: move(x: min(width - 1, (cursor.x / 8 + 1) * 8), y: cursor.y)
        case 0x0A, 0x0B, 0x0C: lineFeed()
        case 0x0D: move(x: 0, y: cursor.y)
        case 0x20...0x7E: put(Unicode.Scalar(byte))
        default: break
        }
    }

    /// Gathers a character of several bytes.
    private mutating func collect(_ byte: UInt8) {
        if byte >= 0xC0 { text.removeAll() }
        text.append(byte)
        guard let lead = text.first, text.count == (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) else { return }
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { put(scalar) }
        text.removeAll()
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        let size = TextWidth.of(scalar)
        guard size > 0 else { return }
        if wrapsNext || cursor.x + size > width {
            cursor.x = 0
            lineFeed()
        }
        wrapsNext = false
        cells[cursor.y][cursor.x] = scalar
        if size == 2, cursor.x + 1 < width { cells[cursor.y][cursor.x + 1] = Cell.continuation }
        last = scalar
        if cursor.x + size >= width {
            cursor.x = width - 1
            wrapsNext = true
        } else {
            cursor.x += size
        }
    }

    private mutating func move(x: Int, y: Int) {
        cursor = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
        wrapsNext = false
    }

    private mutating func lineFeed() {
        if cursor.y == region.upperBound { scroll(1, in: region) } else if cursor.y < height - 1 { cursor.y += 1 }
    }

    /// Moves the rows of a region up, or down if `count` is negative.
    private mutating func scroll(_ count: Int, in region: ClosedRange<Int>) {
        let blank = Array(repeating: Unicode.Scalar(" "), count: width)
        for _ in 0..<min(abs(count), region.count) {
            cells.remove(at: count > 0 ? region.lowerBound : region.upperBound)
            cells.insert(blank, at: count > 0 ? region.upperBound : region.lowerBound)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        state = .ground
        switch byte {
        case UInt8(ascii: "["):
            parameters.removeAll()
            state = .control
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"): state = .string
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "#"): state = .charset
        case UInt8(ascii: "7"): savedCursor = cursor
        case UInt8(ascii: "8"): move(x: savedCursor.x, y: savedCursor.y)
        case UInt8(ascii: "D"): lineFeed()
        case UInt8(ascii: "E"):
            cursor.x = 0
            lineFeed()
        case UInt8(ascii: "M"):
            if cursor.y == region.lowerBound { scroll(-1, in: region) } else { move(x: cursor.x, y: cursor.y - 1) }
        case UInt8(ascii: "c"): self = VirtualScreen(width: width, height: height)
        default: break
        }
    }

    private mutating func control(_ final: UInt8) {
        let isPrivate = parameters.first == UInt8(ascii: "?")
        let plain = parameters.allSatisfy { (0x30...0x3B).contains($0) }
        let numbers = parameters.drop { $0 == UInt8(ascii: "?") }
            .split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { field in field.reduce(0) { (0x30...0x39).contains($1) ? min($0 * 10 + Int($1 - 0x30), 99_999) : $0 } }
        if isPrivate {
            for number in numbers { setMode(number, final == UInt8(ascii: "h")) }
            return
        }
        guard plain else { return }
        let first = numbers.first ?? 0
        let count = max(1, first)
        switch final {
        case UInt8(ascii: "A"): move(x: cursor.x, y: cursor.y - count)
        case UInt8(ascii: "B"), UInt8(ascii: "e"): move(x: cursor.x, y: cursor.y + count)
        case UInt8(ascii: "C"), UInt8(ascii: "a"): move(x: cursor.x + count, y: cursor.y)
        case UInt8(ascii: "D"): move(x: cursor.x - count, y: cursor.y)
        case UInt8(ascii: "E"): move(x: 0, y: cursor.y + count)
        case UInt8(ascii: "F"): move(x: 0, y: cursor.y - count)
        case UInt8(ascii: "G"), UInt8(ascii: "`"): move(x: count - 1, y: cursor.y)
        case UInt8(ascii: "d"): move(x: cursor.x, y: count - 1)
        case UInt8(ascii: "H"), UInt8(ascii: "f"):
            move(x: max(1, numbers.count > 1 ? numbers[1] : 1) - 1, y: count - 1)
        case UInt8(ascii: "b"): for _ in 0..<min(count, width * height) { put(last) }
        case UInt8(ascii: "r"): setRegion(numbers)
        default: edit(final, first, count)
        }
    }

    private mutating func edit(_ final: UInt8, _ first: Int, _ count: Int) {
        switch final {
        case UInt8(ascii: "J"): eraseScreen(first)
        case UInt8(ascii: "K"):
            erase(row: cursor.y, first == 0 ? cursor.x..<width : first == 1 ? 0..<(cursor.x + 1) : 0..<width)
        case UInt8(ascii: "X"): erase(row: cursor.y, cursor.x..<min(width, cursor.x + count))
        case UInt8(ascii: "P"):
            let gone = min(count, width - cursor.x)
            cells[cursor.y].removeSubrange(cursor.x..<(cursor.x + gone))
            cells[cursor.y] += Array(repeating: " ", count: gone)
        case UInt8(ascii: "@"):
            let added = min(count, width - cursor.x)
            cells[cursor.y].insert(contentsOf: Array(repeating: " ", count: added), at: cursor.x)
            cells[cursor.y].removeLast(added)
        case UInt8(ascii: "L") where region.contains(cursor.y): scroll(-count, in: cursor.y...region.upperBound)
        case UInt8(ascii: "M") where region.contains(cursor.y): scroll(count, in: cursor.y...region.upperBound)
        case UInt8(ascii: "S"): scroll(count, in: region)
        case UInt8(ascii: "T"): scroll(-count, in: region)
        default: break
        }
    }

    private mutating func setRegion(_ numbers: [Int]) {
        let top = max(1, numbers.first ?? 1), bottom = numbers.count > 1 && numbers[1] > 0 ? min(numbers[1], height) : height
        region = top < bottom ? (top - 1)...(bottom - 1) : 0...(height - 1)
        move(x: 0, y: 0)
    }

    private mutating func eraseScreen(_ part: Int) {
        switch part {
        case 0:
            erase(row: cursor.y, cursor.x..<width)
            for y in (cursor.y + 1)..<max(cursor.y + 1, height) { erase(row: y, 0..<width) }
        case 1:
            for y in 0..<cursor.y { erase(row: y, 0..<width) }
            erase(row: cursor.y, 0..<(cursor.x + 1))
        default: for y in 0..<height { erase(row: y, 0..<width) }
        }
    }

    private mutating func erase(row: Int, _ columns: Range<Int>) {
        for x in columns { cells[row][x] = " " }
    }

    private mutating func setMode(_ mode: Int, _ isOn: Bool) {
        let wasOn = modes.contains(mode)
        if isOn { modes.insert(mode) } else { modes.remove(mode) }
        if mode == 2026, !isOn, wasOn { frames += 1 }
        guard mode == 1049 || mode == 47 || mode == 1047, wasOn != isOn else { return }
        swap(&cells, &otherCells)
        if isOn {
            savedCursor = cursor
            eraseScreen(2)
        } else {
            move(x: savedCursor.x, y: savedCursor.y)
        }
    }
}
