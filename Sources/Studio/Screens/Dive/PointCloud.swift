import Cells
import CheckedNumbers
import PrintableText

/// Two columns of numbers as dots, darker where many rows lie, with the line of least squares.
struct PointCloud {
    let points: ColumnAnswer.Points
    let x: String, y: String
    let isAscii: Bool

    init(_ points: ColumnAnswer.Points, x: String, y: String, isAscii: Bool) {
        (self.points, self.x, self.y, self.isAscii) = (points, x, y, isAscii)
    }

    /// Room for the numbers at the left.
    private static let axis = 10

    func draw(into buffer: inout CellBuffer, in rect: Rect) {
        let chart = Rect(x: rect.x + Self.axis, y: rect.y, width: rect.width - Self.axis - 1, height: rect.height - 2)
        guard chart.width > 4, chart.height > 2 else {
            return buffer.writeEmpty(["too little room for points"], in: rect, on: .popup)
        }
        let muted = Style(.muted, on: .popup)
        for row in 0..<chart.height { buffer[chart.x - 1, chart.y + row] = Cell(isAscii ? "|" : "│", Style(.border, on: .popup)) }
        for column in 0..<chart.width {
            buffer[chart.x + column, chart.maxY] = Cell(isAscii ? "-" : "─", Style(.border, on: .popup))
        }
        let heights = [points.y.upperBound, (points.y.lowerBound + points.y.upperBound) / 2, points.y.lowerBound]
        for (value, row) in zip(heights, [0, chart.height / 2, chart.height - 1]) {
            buffer.write(
                NumberFormat.fitted(value, width: 8), endingAt: chart.x - 2, y: chart.y + row, muted, clip: rect)
        }
        buffer.write(NumberFormat.fitted(points.x.lowerBound, width: 9), x: chart.x, y: chart.maxY + 1, muted, clip: rect)
        buffer.write(
            NumberFormat.fitted(points.x.upperBound, width: 9), endingAt: chart.maxX, y: chart.maxY + 1, muted, clip: rect)
        let title = "\(x.printable) →  \(y.printable) ↑"
        buffer.write(
            title, x: chart.x + max(10, (chart.width - TextWidth.of(title)) / 2), y: chart.maxY + 1,
            Style(.text, on: .popup), clip: rect)
        drawDots(into: &buffer, in: chart)
    }

    private func drawDots(into buffer: inout CellBuffer, in chart: Rect) {
        let (across, down) = (chart.width * 2, chart.height * 4)
        var counts = [Int](repeating: 0, count: across * down)
        let size = points.grid.count
        // Each place of the grid is a dot, so that no row is hidden; a large screen has more dots than places.
        for (row, line) in points.grid.enumerated() {
            for (column, count) in line.enumerated() where count > 0 {
                let dotX = column * across / size, dotY = down - 1 - row * down / size
                counts[dotY * across + dotX] += count
            }
        }
        let cells = (0..<chart.height * chart.width).map { cell in
            let (row, column) = cell.quotientAndRemainder(dividingBy: chart.width)
            return (0..<8).reduce(0) { $0 + counts[(row * 4 + $1 / 2) * across + column * 2 + $1 % 2] }
        }
        let most = Double(max(1, cells.max() ?? 1))
        for (cell, count) in cells.enumerated() where count > 0 {
            let (row, column) = cell.quotientAndRemainder(dividingBy: chart.width)
            // By the root: a few rows are to be told from none, and many from most. Where no cell has many, all are alike.
            let depth = most > 8 ? Double(count).squareRoot() / most.squareRoot() : 0
            let role: ColorRole = depth > 0.66 ? .warning : depth > 0.33 ? .accent : .series1
            let scalar =
                isAscii
                ? ".:o#".unicodeScalars.map { $0 }[min(3, Int(roundedDownWithin: depth * 4))]
                : braille(counts, across, row, column)
            buffer[chart.x + column, chart.y + row] = Cell(scalar, Style(role, on: .popup))
        }
        drawLine(into: &buffer, in: chart)
    }

    /// The bits of a braille character's dots: 1 2 3 7 on the left, 4 5 6 8 on the right.
    private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    private func braille(_ counts: [Int], _ across: Int, _ row: Int, _ column: Int) -> Unicode.Scalar {
        var mask: UInt32 = 0
        for y in 0..<4 {
            for x in 0..<2 where counts[(row * 4 + y) * across + column * 2 + x] > 0 { mask |= Self.bits[y][x] }
        }
        return Unicode.Scalar(0x2800 + mask) ?? "."
    }

    private func drawLine(into buffer: inout CellBuffer, in chart: Rect) {
        let spread = points.x.upperBound - points.x.lowerBound, rise = points.y.upperBound - points.y.lowerBound
        guard points.slope.isFinite, spread > 0, rise > 0 else { return }
        for dot in 0..<chart.width * 2 {
            let value = points.x.lowerBound + (Double(dot) + 0.5) / Double(chart.width * 2) * spread
            let share = (points.slope * value + points.intercept - points.y.lowerBound) / rise
            guard (0..<1).contains(share) else { continue }
            let up = Int(roundedDownWithin: share * Double(chart.height * 4)), row = chart.height * 4 - 1 - up
            let (x, y) = (chart.x + dot / 2, chart.y + row / 4)
            // Dots of rows stay, in the line's colour.
            let own = (buffer[x, y].scalar.value & 0xFF00) == 0x2800 ? buffer[x, y].scalar.value & 0xFF : 0
            let scalar = Unicode.Scalar(0x2800 + (own | Self.bits[row % 4][dot % 2])) ?? "-"
            buffer[x, y] = Cell(isAscii ? "-" : scalar, Style(.bad, on: .popup, .bold))
        }
    }
}
