import Cells
import CheckedNumbers
import Clocks
import Events

/// A column of a data set, large: what is known of its values, and how they are distributed, with a cursor on a part of them.
package struct ColumnDetail: Sendable {
    let column: ColumnProfile
    let rowCount: Int
    let cursor: Int?

    init(_ column: ColumnProfile, rowCount: Int, cursor: Int? = nil) {
        self.column = column
        self.rowCount = rowCount
        self.cursor = cursor
    }

    /// How numbers are distributed; nil for what is no number.
    package var histogram: Histogram? {
        guard let statistics = column.statistics, !statistics.histogram.isEmpty,
            statistics.minimum <= statistics.maximum
        else { return nil }
        let marks = [
            Histogram.Mark(statistics.lowerQuartile, "◇"), .init(statistics.upperQuartile, "◇"), .init(statistics.median, "◆"),
        ]
        let end = max(statistics.maximum, statistics.minimum + statistics.binWidth * Double(statistics.histogram.count))
        var histogram = Histogram(counts: statistics.histogram, range: statistics.minimum...end, marks: marks, cursor: cursor)
        if column.kind == "date" {
            let ends = histogram.counts.indices.map { histogram.edges(ofBin: $0) }
            histogram.edgeNames = ends.map { column.text($0.lowerBound) } + [column.text(statistics.maximum)]
        }
        return histogram
    }

    /// The most frequent values, and what all others come to.
    package var frequencies: BarChart {
        var bars = column.mostFrequent.map { frequency in
            BarChart.Bar(
                frequency.value, Double(frequency.count), text: NumberFormat.grouped(frequency.count),
                note: share(frequency.count))
        }
        let rest = column.count - column.mostFrequent.reduce(0) { $0 + $1.count }
        let others = column.distinct - column.mostFrequent.count
        let most = bars.map(\.value).max() ?? 0
        if rest > 0, others > 0, column.statistics == nil {
            var last = BarChart.Bar(
                "\(NumberFormat.grouped(others)) others", Double(rest), text: NumberFormat.grouped(rest), note: share(rest))
            last.isDrawn = false
            bars.append(last)
        }
        return BarChart(bars, most: most)
    }

    /// Bars that the cursor goes through.
    var barCount: Int { histogram?.counts.count ?? frequencies.bars.count }

    private func share(_ count: Int) -> String {
        guard column.count > 0 else { return "" }
        let share = Double(count) / Double(column.count)
        return NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)
    }

    // MARK: - In words

    private var facts: String {
        let missing = column.missing == 0 ? "none missing" : "\(NumberFormat.grouped(column.missing)) missing (\(missingShare))"
        return "\(NumberFormat.grouped(column.count)) present   \(missing)   \(NumberFormat.grouped(column.distinct)) distinct"
    }

    private var missingShare: String {
        let share = rowCount > 0 ? Double(column.missing) / Double(rowCount) : 0
        return NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)
    }

    /// `min 18.25   q1 ◇ 35.5   median ◆ 70.35 …`; values that stand in the file are written as they do there.
    private var quantiles: [(label: String, value: String)] {
        guard let statistics = column.statistics else { return [] }
        let quantiles = [
            ("min", column.text(statistics.minimum)), ("q1 ◇", column.text(statistics.lowerQuartile)),
            ("median ◆", column.text(statistics.median)), ("q3 ◇", column.text(statistics.upperQuartile)),
            ("max", column.text(statistics.maximum)), ("mean", column.text(statistics.mean)),
        ]
        let deviation = statistics.standardDeviation
        return quantiles + [
            (
                "sd",
                column.kind == "date" ? "\(NumberFormat.significant(deviation / 86_400, digits: 3)) days" : column.text(deviation)
            )
        ]
    }

    /// What the bar under the cursor stands for; nil without a cursor.
    package var readout: String? {
        guard let cursor else { return nil }
        if let histogram, histogram.counts.indices.contains(cursor) {
            let edges = histogram.edges(ofBin: cursor), count = histogram.counts[cursor]
            return "\(words(edges, isLast: cursor == histogram.counts.count - 1)): "
                + "\(NumberFormat.grouped(count)) \(count == 1 ? "row" : "rows"), \(part(count, of: histogram.total))"
        }
        let bars = frequencies.bars
        guard histogram == nil, bars.indices.contains(cursor) else { return nil }
        let listed = bars.prefix(cursor + 1).reduce(0) { $0 + Int(nearestWithin: $1.value) }
        let more = cursor > 0 ? "; with those above \(part(listed, of: column.count))" : ""
        return "\(bars[cursor].name): \(bars[cursor].text) rows, \(bars[cursor].note)" + more
    }

    /// From where to where a bin reaches: of whole numbers the first and the last.
    private func words(_ bin: ClosedRange<Double>, isLast: Bool) -> String {
        let lower = column.text(bin.lowerBound)
        if column.kind == "integer", let width = column.statistics?.binWidth, width > 0, width == width.rounded() {
            return width == 1 ? lower : "\(lower) to \(column.text(bin.lowerBound + width - 1))"
        }
        return "\(lower) to \(isLast ? "" : "under ")\(column.text(bin.upperBound))"
    }

    private func part(_ count: Int, of total: Int) -> String {
        guard total > 0 else { return "0 %" }
        let share = Double(count) / Double(total)
        return NumberFormat.percent(share, decimals: share < 0.1 ? 1 : 0)
    }

    // MARK: - Drawing

    func draw(into buffer: inout CellBuffer, in rect: Rect) {
        let area = rect.inset(horizontal: 1, vertical: 0)
        guard !area.isEmpty else { return }
        let isLow = area.height < 9
        var heading = TextLine(column.name, .title, .bold).adding("  " + column.kindAsWritten, .muted)
        if isLow {
            let missing = column.missing == 0 ? "none missing" : "\(missingShare) missing"
            heading.add("   \(missing), \(NumberFormat.compact(Double(column.distinct))) distinct", .muted)
        }
        buffer.write(heading, x: area.x, y: area.y, clip: area)
        var room = area.splitTop(1).rest
        func say(_ lines: [TextLine]) {
            for line in lines where !room.isEmpty {
                buffer.write(line, x: room.x, y: room.y, clip: room)
                room = room.splitTop(1).rest
            }
        }
        if !isLow {
            say([TextLine(facts, .muted)])
            say(TextLine.flow(quantiles, width: area.width).prefix(max(0, room.height - 7)).map { $0 })
        }
        if area.height >= 14 { room = room.splitTop(1).rest }
        drawDistribution(into: &buffer, in: room)
    }

    /// The chart, the line that says what is under the cursor, and, where there is room, the values that numbers have most often.
    private func drawDistribution(into buffer: inout CellBuffer, in room: Rect) {
        guard let histogram else {
            let (bars, rest) = room.splitTop(min(frequencies.bars.count, room.height >= 3 ? room.height - 1 : room.height))
            drawBars(frequencies, cursor: cursor, into: &buffer, in: bars)
            drawReadout(into: &buffer, in: rest.height > 2 ? rest.splitTop(1).rest.splitTop(1).top : rest.splitTop(1).top)
            return
        }
        let wanted = column.distinct < column.count ? min(column.mostFrequent.count, 10) : 0
        let listed = room.height >= 20 && wanted > 0 ? min(wanted, room.height - 17) : 0
        let most = room.height - (room.height >= 5 ? 1 : 0) - (listed > 0 ? listed + 2 : 0)
        // A histogram higher than wide says no more than one that is half as high.
        let (chart, under) = room.splitTop(min(most, max(8, room.width * 2 / 5)))
        histogram.draw(into: &buffer, in: chart)
        drawReadout(into: &buffer, in: under.splitTop(1).top)
        guard listed > 0 else { return }
        let list = under.splitTop(2).rest
        buffer.write("most frequent", x: list.x, y: list.y, Style(.title, on: .background, .bold), clip: list)
        drawBars(BarChart(Array(frequencies.bars.prefix(listed))), cursor: nil, into: &buffer, in: list.splitTop(1).rest)
    }

    private func drawReadout(into buffer: inout CellBuffer, in foot: Rect) {
        guard !foot.isEmpty else { return }
        if let readout {
            buffer.write(readout, x: foot.x, y: foot.y, Style(.mark, on: .background, .bold), clip: foot)
        } else if barCount > 0 {
            buffer.write(". and , move from bar to bar", x: foot.x, y: foot.y, Style(.faint), clip: foot)
        }
    }

    /// The bars, scrolled so that the one under the cursor is in view.
    private func drawBars(_ chart: BarChart, cursor: Int?, into buffer: inout CellBuffer, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let top = max(0, (cursor ?? 0) - rect.height + 1)
        for (row, line) in chart.lines(width: rect.width, cursor: cursor).dropFirst(top).prefix(rect.height).enumerated() {
            buffer.write(line, x: rect.x, y: rect.y + row, clip: rect)
        }
    }
}

extension ColumnProfile {
    /// A value of the column as one reads it: whole numbers as such, dates as dates.
    func text(_ value: Double) -> String {
        if kind == "date" {
            let span = (statistics?.maximum ?? 0) - (statistics?.minimum ?? 0)
            // Within a few days the hours count.
            return String(WallClock.text(value).prefix(span < 5 * 86_400 ? 16 : 10)).replacing("T", with: " ")
        }
        if kind == "integer", value == value.rounded(), abs(value) < 1e7 {
            return NumberFormat.grouped(Int(nearestWithin: value))
        }
        var text = NumberFormat.significant(value, digits: 5)
        guard text.contains("."), !text.contains("e") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }
}
