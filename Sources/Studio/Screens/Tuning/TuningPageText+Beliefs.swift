import Cells
import CheckedNumbers
import Events

/// What is believed of the objective: slices, what matters, and why a trial was tried.
extension TuningPageText {
    // MARK: - Slices

    var slices: Document {
        guard let surrogate = page.surrogate else { return nothing("computing …") }
        if let refusal = surrogate.refusal { return nothing(refusal) }
        let first = min(page.axis, standing.axes.count - 1), name = standing.axes[first].name
        let others = surrogate.through.filter { $0.key != name }
        var title = TextLine("\(metric) over \(name)", .title, .bold)
        title.add(width >= 80 ? "   mean ± 2 sd of \(surrogate.count) trials" : "", .muted)
        let hasPlane = !surrogate.plane.isEmpty, isWide = width >= 110 && hasPlane
        let top = isWide || !hasPlane ? height - 2 : max(8, (height - 3) / 2)
        let lineWidth = isWide ? (width - 2) / 2 - 1 : width - 2
        var line = DocumentChart(
            title: title, in: Rect(x: 0, y: 0, width: lineWidth, height: top), lineChart(surrogate, first), isOfCurves: true)
        let axis = standing.axes[first]
        line.placeNames = axis.isWord ? (0..<41).map { axis.text(at: Double($0) / 40) } : axis.ticks.map(TuningWords.value)
        line.axisNames = [0.0, 0.25, 0.5, 0.75, 1].map {
            .init(x: $0, text: TuningWords.value(axis.text(at: $0)), role: .muted)
        }
        let rest = TextLine("where " + (others.isEmpty ? "nothing else is searched" : TuningWords.settings(others)), .muted)
        let plane =
            hasPlane
            ? planeLines(
                surrogate, first, width: isWide ? width - 4 - lineWidth : width - 2,
                height: isWide ? height - 2 : height - top - 3) : []
        guard isWide else {
            return Document([.charts([line], height: top), .text([rest, TextLine()] + plane)])
        }
        // The plane stands beside the line.
        let shifted = plane.map { line in
            var line = line
            line.indent += lineWidth + 2
            return line
        }
        let missing = max(0, top - shifted.count)
        return Document([
            .charts([line], height: 0), .text(shifted + [TextLine](repeating: TextLine(), count: missing)), .text([rest]),
        ])
    }

    private func lineChart(_ surrogate: TuningSurrogate, _ axis: Int) -> LineChart {
        let count = max(2, surrogate.line.count)
        func series(_ value: (TuningBelief) -> Double) -> Series {
            Series(
                surrogate.line.enumerated().map { index, belief in
                    SeriesPoint(step: Double(index) / Double(count - 1), epoch: 0, time: 0, value: value(belief))
                })
        }
        let mean = ChartSeries(
            label: "mean", color: .accent, isFocused: true, series: series(\.middle),
            band: ChartBand(lower: series(\.low), upper: series(\.high)))
        let tried = standing.trials.filter { $0.outcome != nil }.compactMap { trial -> SeriesPoint? in
            guard let value = trial.value, let places = standing.places[trial.number], let place = places[axis] else {
                return nil
            }
            return SeriesPoint(step: place, epoch: 0, time: 0, value: value)
        }.sorted { $0.step < $1.step }
        var points = ChartSeries(label: "trials", color: .series2, isSecondary: true, series: Series(tried))
        points.isScatter = true
        let low = ChartSeries(label: "low", color: .muted, isSecondary: true, series: series(\.low))
        let high = ChartSeries(label: "high", color: .muted, isSecondary: true, series: series(\.high))
        var chart = chart([mean, low, high, points].filter { !$0.series.isEmpty })
        chart.isMeasuredOnX = true
        chart.viewport = ChartViewport(x: 0...1)
        chart.yFit = .robust
        return chart
    }

    /// The objective over two parameters: the darker, the better; bright where the model knows much.
    private func planeLines(_ surrogate: TuningSurrogate, _ first: Int, width: Int, height: Int) -> [TextLine] {
        guard let query = page.surrogateQuery, let second = query.second, let columns = surrogate.plane.first?.count else {
            return []
        }
        let rows = max(4, min(surrogate.plane.count, height - 4))
        let plane = (0..<rows).map { surrogate.plane[$0 * surrogate.plane.count / rows] }
        let one = standing.axes[first], other = standing.axes[second]
        let all = plane.joined(), middles = all.map(\.middle).filter(\.isFinite)
        guard let least = middles.min(), let most = middles.max() else { return [] }
        let spreads = all.map { $0.high - $0.low }.sorted(), usual = spreads[spreads.count / 2]
        let isUp = record.objective.direction == .maximised
        let room = max(1, min(columns, width - 14))
        let cross = (
            column: min(room - 1, Int(roundedDownWithin: page.crosshair.x * Double(room))),
            row: min(plane.count - 1, Int(roundedDownWithin: (1 - page.crosshair.y) * Double(plane.count)))
        )
        let cells = plane.map { row in (0..<room).map { row[$0 * columns / room] } }
        let shades = HeatMap(
            cells.map { row in
                row.map { belief in
                    let share = most > least ? (belief.middle - least) / (most - least) : 0
                    return 0.001 + 0.998 * (isUp ? share : 1 - share)
                }
            }
        ).lines(glyphs: state.settings.glyphs)
        let tried = triedCells(first, second, columns: room, rows: cells.count)
        var lines = [
            TextLine("\(other.name) ", .title, .bold).adding("over ", .muted).adding(one.name, .title, .bold)
                .adding(width >= 50 ? "   darker is better, grey little known" : "", .muted)
        ]
        for (row, text) in shades.enumerated() {
            let place = 1 - (Double(row) + 0.5) / Double(cells.count)
            let isLabelled = row == 0 || row == cells.count - 1 || row == cells.count / 2
            let label = isLabelled ? TuningWords.value(other.text(at: place)).shortened(to: 11) : ""
            var line = TextLine(String(repeating: " ", count: max(0, 11 - TextWidth.of(label))) + label + " ", .muted)
            for (column, character) in text.enumerated() {
                let isCross = row == cross.row && column == cross.column
                let isKnown = cells[row][column].high - cells[row][column].low <= usual
                let mark = isCross ? "+" : tried.contains(row * room + column) ? "•" : String(character)
                let role: ColorRole = isCross ? .key : mark == "•" ? .warning : isKnown ? .accent : .muted
                if line.parts.last?.role == role, line.parts.last?.attributes == (isCross ? .bold : []) {
                    line.parts[line.parts.count - 1].text += mark
                } else {
                    line.add(mark, role, isCross ? .bold : [])
                }
            }
            lines.append(line)
        }
        let left = TuningWords.value(one.text(at: 0)), right = TuningWords.value(one.text(at: 1))
        let gap = max(1, room - TextWidth.of(left) - TextWidth.of(right))
        lines.append(TextLine(String(repeating: " ", count: 12) + left + String(repeating: " ", count: gap) + right, .muted))
        let belief = cells[cross.row][cross.column]
        let x = (Double(cross.column) + 0.5) / Double(room), y = 1 - (Double(cross.row) + 0.5) / Double(cells.count)
        let cross1 = "\(one.name) \(TuningWords.value(one.text(at: x)))"
        lines.append(
            TextLine("+ \(cross1), \(other.name) \(TuningWords.value(other.text(at: y)))", .key, indent: 2))
        lines.append(TextLine(words(belief), .text, .bold, indent: 4))
        return lines
    }

    private func triedCells(_ first: Int, _ second: Int, columns: Int, rows: Int) -> Set<Int> {
        var cells: Set<Int> = []
        for trial in standing.trials {
            guard let places = standing.places[trial.number], let x = places[first], let y = places[second] else { continue }
            let column = min(columns - 1, max(0, Int(roundedDownWithin: x * Double(columns))))
            cells.insert(min(rows - 1, max(0, Int(roundedDownWithin: (1 - y) * Double(rows)))) * columns + column)
        }
        return cells
    }

    private func words(_ belief: TuningBelief) -> String {
        "\(NumberFormat.significant(belief.middle)) (\(NumberFormat.significant(belief.low)) to \(NumberFormat.significant(belief.high)))"
    }

    // MARK: - What matters

    var importance: Document {
        guard let surrogate = page.surrogate else { return nothing("computing …") }
        if let refusal = surrogate.refusal { return nothing(refusal) }
        guard let importance = surrogate.importance, !importance.shares.isEmpty else {
            return nothing("what matters how much is not known yet: more trials tell it")
        }
        let bars = BarChart(
            importance.shares.map {
                BarChart.Bar(
                    $0.names.joined(separator: " × "), $0.share, text: NumberFormat.percent($0.share),
                    note: $0.deviation > 0 ? "± \(NumberFormat.percent($0.deviation))  \($0.certainty)" : $0.certainty)
            })
        var document = Document([
            .table(DocumentTable("importance", bars, header: ["parameter", "share"], width: width - 2))
        ])
        document.sections[0].blocks.insert(
            .text([
                TextLine(
                    "shares of what \(metric) differs by, from \(importance.count) trials; the model foretells "
                        + "\(NumberFormat.percent(max(0, importance.explained))) of trials it was not shown", .muted)
            ]), at: 0)
        return document
    }

    // MARK: - Why a trial was tried

    var why: Document {
        var document = Document()
        if let trial = page.chosenTrial {
            let run = state.runs[trial.run]?.record.name ?? trial.run.text
            var lines = [
                TextLine("trial \(trial.number + 1)", .title, .bold).adding("  ").adding(
                    "\(state.runs.letter(of: trial.run)) \(run)", state.runs.role(of: trial.run), .bold,
                    link: .run(trial.run))
            ]
            lines += guess(page.surrogate?.chosen, why: trial.why)
            if let value = value(of: trial) { lines += outcome(trial, value) }
            document.add(
                "",
                [
                    .text(lines + [TextLine()]),
                    .table(values(trial.values, standing.places[trial.number] ?? [], "trial \(trial.number + 1)")),
                ])
        }
        if let next = page.surrogate?.next, !record.status.isFinal {
            let title = TextLine("the next one, as things stand", .title, .bold)
            document.add(
                "",
                [.text([title] + guess(next, why: next.why) + [TextLine()]), .table(values(next.values, next.places, "next"))])
        } else if page.surrogate == nil {
            document.add("", [TextLine("computing …", .muted)])
        }
        return document
    }

    /// What it tries, where that lies in each range, and what the best trial had.
    private func values(_ values: [String: String], _ places: [Double?], _ name: String) -> DocumentTable {
        let barWidth = max(8, min(40, width - 60)), isAscii = state.settings.glyphs == .ascii
        let columns = [
            TableColumn(title: "", width: 1, priority: 9),
            TableColumn(title: "parameter", width: max(9, standing.axes.map { TextWidth.of($0.name) }.max() ?? 9), priority: 0),
            TableColumn(title: name, width: 10, isRight: true, priority: 1),
            TableColumn(title: "best", width: 10, isRight: true, priority: 2),
            TableColumn(title: "in its range", width: max(12, barWidth), priority: 4),
            TableColumn(title: "range", width: 30, priority: 5, isFlexible: true, least: 10, most: 40),
        ]
        let best = standing.best
        let cells = standing.axes.enumerated().map { index, axis -> [TableCell] in
            let place = places.indices.contains(index) ? places[index] : nil
            var bar = [Character](repeating: isAscii ? "-" : "·", count: barWidth)
            if let place {
                bar[min(barWidth - 1, max(0, Int(roundedDownWithin: place * Double(barWidth))))] = isAscii ? "o" : "●"
            }
            return [
                TableCell(text: " "), TableCell(text: axis.name),
                TableCell(text: values[axis.name].map(TuningWords.value) ?? "–", attributes: .bold),
                TableCell(text: best?.values[axis.name].map(TuningWords.value) ?? "–", role: .good),
                TableCell(text: place == nil ? "" : String(bar), role: .accent),
                TableCell(text: String(axis.range.dropFirst(axis.name.count + 1)), role: .muted),
            ]
        }
        return DocumentTable(name, columns, cells, width: width - 2)
    }

    private func guess(_ guess: TuningSurrogate.Guess?, why: String) -> [TextLine] {
        var lines = TextWrap.lines(why, width: max(8, width - 6)).map { TextLine($0, .accent, indent: 2) }
        guard let guess else { return lines }
        if let belief = guess.belief {
            var line = TextLine("the model of the \(guess.count) trials before it expected ", .muted, indent: 2)
            line.add(words(belief), .text, .bold)
            lines.append(line)
            if let chance = guess.chance {
                lines.append(
                    TextLine("and gave it a chance of \(Self.percent(chance)) to be the best so far", .muted, indent: 2))
            }
        } else {
            lines.append(TextLine("too few trials had ended before it for a model", .muted, indent: 2))
        }
        return lines
    }

    private static func percent(_ share: Double) -> String { share < 0.01 ? "under 1 %" : NumberFormat.percent(share) }

    private func outcome(_ trial: TuningTrial, _ value: Double) -> [TextLine] {
        var line = TextLine(trial.outcome == nil ? "so far it has " : "it came to ", .muted, indent: 2)
        line.add(NumberFormat.significant(value), trial.run == standing.best?.run ? .good : .text, .bold)
        if let belief = page.surrogate?.chosen?.belief, trial.outcome == .completed {
            let isUp = record.objective.direction == .maximised
            let isIn = value >= belief.low && value <= belief.high
            let isBetter = isUp ? value > belief.high : value < belief.low
            line.add(isIn ? ", as was expected" : isBetter ? ", better than was expected" : ", worse than was expected", .muted)
        }
        let rest = trial.reason.isEmpty || trial.outcome == .completed ? [] : [TextLine(trial.reason, .muted, indent: 2)]
        return [line] + rest
    }
}
