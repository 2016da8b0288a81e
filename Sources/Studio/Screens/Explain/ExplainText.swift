import Cells
import CheckedNumbers
import Events

/// What the page of what columns do says.
struct ExplainText {
    let page: ExplainPage
    let found: RunExplanation
    let state: AppState
    let width: Int

    var document: Document {
        var text = Document()
        text.head = head
        switch page.tab {
        case .columns: text.add("", columnLines)
        case .column: text.add("", ColumnPicture(text: self).blocks)
        case .row: text.add("", RowPicture(text: self).lines)
        case .training: break
        }
        if !found.notes.isEmpty { text.add("", found.notes.map { TextLine($0, .muted) }) }
        return text
    }

    private var head: [TextLine] {
        let tabs = Self.tabs(page)
        var what = TextLine(found.target, .accent, .bold)
        if found.outputs.count > 1 { what.add("  " + found.outputs[page.output], .key, .bold) }
        what.add("  \(found.method), in the \(found.space)", .muted)
        if let error = found.error { what.add("  ± \(NumberFormat.significant(error, digits: 2)) at most", .warning) }
        let room = StudioLayout.interior(page.place(on: state.size)).height
        guard room >= 10 else { return [tabs] }
        let rows = "\(NumberFormat.grouped(found.rows.count)) of \(NumberFormat.grouped(found.rowTotal)) rows"
        return [
            tabs, what, TextLine("\(rows); absent columns: \(found.background)".shortened(to: max(8, width - 2)), .muted),
            TextLine(),
        ]
    }

    /// The tabs' names, that of the one shown marked.
    static func tabs(_ page: ExplainPage) -> TextLine {
        var tabs = TextLine()
        for tab in ExplainPage.Tab.allCases {
            let isShown = tab == page.tab
            tabs.add(label(tab, page), isShown ? .title : .muted, isShown ? [.bold, .underline] : [])
            tabs.add("   ")
        }
        return tabs
    }

    private static func label(_ tab: ExplainPage.Tab, _ page: ExplainPage) -> String {
        switch tab {
        case .columns: "all columns"
        case .column: page.column.flatMap { page.found?.columns[$0].name } ?? "a column"
        case .row: page.rowPlace.map { "row \(NumberFormat.grouped($0 + 1))" } ?? "a row"
        case .training: "while it trained"
        }
    }

    /// Lines that there is room for under the head.
    var room: Int { max(3, StudioLayout.interior(page.place(on: state.size)).height - 6) }

    /// Of so many things those around the cursor that there is room for.
    func window(_ count: Int, room: Int) -> Range<Int> {
        guard count > room else { return 0..<count }
        let start = min(max(0, page.cursor - room / 2), count - room)
        return start..<(start + room)
    }

    /// Columns of names.
    var nameWidth: Int {
        let longest = found.columns.map { TextWidth.of($0.name) }.max() ?? 8
        return min(longest, max(6, width / 5))
    }

    // MARK: - All columns

    private var columnLines: [TextLine] {
        let order = page.order, sizes = order.map { found.size($0, page.output) }
        let names = nameWidth, bars = max(4, min(24, width / 5)), dots = width - names - bars - 17
        let start = 2 + names + 10 + bars + 2
        let room = max(2, self.room - 3), height = dots >= 16 ? Swarm.height(of: order.count, room: room) : 1
        let swarm = Swarm(found, output: page.output, width: dots, glyphs: state.settings.glyphs)
        var lines: [TextLine] = []
        let chart = BarChart(sizes.map { BarChart.Bar("", $0, text: "") })
        for place in window(order.count, room: (room + height / 3) / (height + height / 3)) {
            let column = order[place], isChosen = place == page.cursor
            var line = TextLine(isChosen ? "▸ " : "  ", .key)
            let name = found.columns[column].name.shortened(to: names)
            line.add(name.padded(to: names), isChosen ? .title : .text, isChosen ? .bold : [])
            line.add(" " + NumberFormat.significant(sizes[place], digits: 3).leftPadded(to: 8) + " ", .text)
            line.add(chart.text(of: chart.bars[place], room: bars).padded(to: bars) + "  ", .accent)
            guard dots >= 16 else {
                lines.append(line)
                continue
            }
            // Heaps have a line between them.
            if height > 1, !lines.isEmpty { lines.append(TextLine(swarm.zeroLine, .muted, indent: start)) }
            for (row, parts) in swarm.lines(of: column, height: height).enumerated() {
                var drawn = row == height / 2 ? line : TextLine(String(repeating: " ", count: start))
                drawn.parts += parts
                lines.append(drawn)
            }
        }
        guard dots >= 16 else { return lines }
        lines.append(TextLine(swarm.axis, .muted, indent: start))
        lines.append(
            TextLine("a dot a row where the column adds so much;  ", .muted, indent: start).adding("low ", Swarm.roles[0])
                .adding("middling ", Swarm.roles[1]).adding("high", Swarm.roles[2]).adding(" values", .muted))
        return lines
    }
}

/// Rows as dots on a line for each column: where they stand says what the column adds, and their looks how large its value is.
struct Swarm {
    static let roles: [ColorRole] = [.series1, .muted, .series2]

    private let found: RunExplanation
    private let output: Int, width: Int
    private let glyphs: GlyphSet
    private let range: ClosedRange<Double>

    init(_ found: RunExplanation, output: Int, width: Int, glyphs: GlyphSet) {
        (self.found, self.output, self.width, self.glyphs) = (found, output, max(1, width), glyphs)
        let all = found.rows.indices.flatMap { row in found.columns.indices.map { found.value(row, output, $0) } }
            .filter(\.isFinite)
        let low = min(0, all.min() ?? 0), high = max(0, all.max() ?? 0)
        range = low...(high > low ? high : low + 1)
    }

    private func cell(_ value: Double) -> Int {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return min(width - 1, max(0, Int(roundedDownWithin: share * Double(width))))
    }

    /// Lines that each of so many columns has in so much room, with a line between them: 1, 3 or 5, so that one is in the middle.
    static func height(of count: Int, room: Int) -> Int {
        [5, 3].first { count * ($0 + 1) - 1 <= room } ?? 1
    }

    private var zeroGlyph: String { glyphs == .ascii ? "|" : "┊" }

    /// Where nothing is added, on a line without rows.
    var zeroLine: String { String(repeating: " ", count: cell(0)) + zeroGlyph }

    /// The column's rows, where many add alike in a heap over as many lines.
    ///
    /// - Parameter height: lines, odd.
    func lines(of column: Int, height: Int) -> [[TextLine.Part]] {
        var counts = [Int](repeating: 0, count: width), sums = [Double](repeating: 0, count: width)
        var known = [Int](repeating: 0, count: width)
        for row in found.rows.indices {
            let value = found.value(row, output, column)
            guard value.isFinite else { continue }
            let cell = cell(value), place = found.columns[column].places[row]
            counts[cell] += 1
            if place.isFinite { (sums[cell], known[cell]) = (sums[cell] + place, known[cell] + 1) }
        }
        let most = Double(max(1, counts.max() ?? 1)), zero = cell(0)
        let dots: [String] = glyphs == .ascii ? [".", "o", "O"] : ["·", "•", "●"]
        // Rows that all add the same are no heap.
        let half = counts.count { $0 > 0 } > 1 ? height / 2 : 0
        return (0..<height).map { line in
            let distance = abs(line - height / 2)
            return counts.indices.map { cell in
                let share = Double(counts[cell]) / most, weight = share.squareRoot()
                guard counts[cell] > 0, distance <= Int(nearestWithin: share * Double(half)) else {
                    return TextLine.Part(text: cell == zero ? zeroGlyph : " ", role: .muted, attributes: [])
                }
                let dot = dots[min(2, Int(roundedDownWithin: weight * 3))]
                let place = known[cell] > 0 ? sums[cell] / Double(known[cell]) : 0.5
                // Words have no low and high.
                let role = found.columns[column].numbers == nil ? .text : Self.roles[min(2, Int(roundedDownWithin: place * 3))]
                return TextLine.Part(text: dot, role: role, attributes: [])
            }
        }
    }

    /// The ends of the axis, and zero where it stands.
    var axis: String {
        let low = NumberFormat.significant(range.lowerBound, digits: 2),
            high = NumberFormat.significant(range.upperBound, digits: 2)
        var line = [Character](repeating: " ", count: width)
        func put(_ text: String, at start: Int) {
            for (offset, character) in text.enumerated() where line.indices.contains(start + offset) {
                line[start + offset] = character
            }
        }
        put(low, at: 0)
        put(high, at: width - high.count)
        let zero = cell(0)
        if zero > low.count, zero < width - high.count - 1 { put("0", at: zero) }
        return String(line)
    }
}
