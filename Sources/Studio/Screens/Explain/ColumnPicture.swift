import Cells
import CheckedNumbers
import Events

/// One column: what it adds over its values, and how the prediction goes with it alone.
struct ColumnPicture {
    let text: ExplainText

    private var found: RunExplanation { text.found }

    var blocks: [Document.Block] {
        guard let place = text.page.column else { return [] }
        let column = found.columns[place], isWide = text.width >= 110
        let height = max(8, isWide ? text.room - 2 : (text.room - 2) / 2), tile = isWide ? (text.width - 2) / 2 : text.width - 2
        var charts = [adds(place, Rect(x: 0, y: 0, width: tile - (isWide ? 1 : 0), height: height))]
        let second = Rect(x: isWide ? tile : 0, y: isWide ? 0 : height, width: tile, height: height)
        guard let dependence = text.page.dependences[column.name] else {
            return [
                .charts(charts, height: height), .text([TextLine("asking the model how it goes with \(column.name) …", .muted)]),
            ]
        }
        charts.append(goes(dependence, second))
        return [
            .charts(charts, height: isWide ? height : 2 * height), .text([spread(dependence, column, under: charts[1])]),
        ]
    }

    /// How many of the rows have each value: under the chart's axis where values are numbers, and else in words.
    private func spread(_ dependence: ColumnDependence, _ column: RunExplanation.Column, under chart: DocumentChart) -> TextLine {
        if dependence.numbers != nil, let numbers = column.numbers {
            let layout = chart.layout, range = layout.xRange, width = max(1, layout.plot.width)
            var counts = [Double](repeating: 0, count: width)
            for number in numbers where range.contains(number) {
                let share = (number - range.lowerBound) / (range.upperBound - range.lowerBound)
                counts[min(width - 1, Int(roundedDownWithin: share * Double(width)))] += 1
            }
            let shares = Sparkline.text(values: counts, width: width, glyphs: text.state.settings.glyphs, isCount: true)
            let start = chart.rect.x + layout.plot.x
            return TextLine("rows".shortened(to: start - 1).padded(to: start), .muted).adding(shares, .accent)
        }
        var line = TextLine("rows  ", .muted)
        for (word, share) in zip(dependence.texts, dependence.distribution) {
            line.add(word.isEmpty ? "missing" : word, .text)
            line.add(" \(NumberFormat.percent(share))   ", .accent)
        }
        return line
    }

    /// Numbers of a column's rows on the x axis: words have their order of appearance by number of rows.
    private func positions(_ column: RunExplanation.Column) -> (x: [Double], names: [DocumentChart.AxisName]) {
        if let numbers = column.numbers { return (numbers, []) }
        var counts: [String: Int] = [:]
        for word in column.texts { counts[word, default: 0] += 1 }
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, Double($0)) })
        return (column.texts.map { places[$0] ?? 0 }, names(order))
    }

    private func names(_ words: [String]) -> [DocumentChart.AxisName] {
        words.enumerated().map { place, word in
            DocumentChart.AxisName(x: Double(place), text: word.isEmpty ? "missing" : word, role: .muted)
        }
    }

    private func chart(_ series: [ChartSeries], _ names: [DocumentChart.AxisName], _ title: TextLine, _ rect: Rect)
        -> DocumentChart
    {
        var chart = LineChart(series: series)
        (chart.glyphs, chart.isColorless) = (text.state.settings.glyphs, text.state.isColorless)
        chart.isMeasuredOnX = true
        if names.count > 1 {
            chart.viewport = ChartViewport(x: -0.5...(Double(names.count) - 0.5), y: nil)
        }
        var placed = DocumentChart(title: title, in: rect, chart, isOfCurves: names.isEmpty)
        placed.axisNames = names
        return placed
    }

    /// What the column adds to each row, in three looks by the column it does most together with.
    private func adds(_ place: Int, _ rect: Rect) -> DocumentChart {
        let column = found.columns[place], (x, names) = positions(column)
        var title = TextLine("adds", .title, .bold)
        var groups: [(label: String, role: ColorRole, rows: [Int])] = [("", .accent, Array(found.rows.indices))]
        if let partner = column.partner {
            let places = found.columns[partner].places
            groups = ["low", "middling", "high"].enumerated().map { third, label in
                let rows = found.rows.indices.filter {
                    places[$0].isFinite && min(2, Int(roundedDownWithin: places[$0] * 3)) == third
                }
                return (label, Swarm.roles[third], rows)
            }
            title.add("   \(found.columns[partner].name) ", .muted)
            for group in groups { title.add(group.label + " ", group.role) }
        }
        let series = groups.map { group in
            let points = group.rows.filter { x[$0].isFinite }.map { (x[$0], found.value($0, text.page.output, place)) }
                .sorted { $0.0 < $1.0 }
            var series = ChartSeries(
                label: group.label, color: group.role,
                series: Series(points.map { SeriesPoint(step: $0.0, epoch: 0, time: 0, value: $0.1) }))
            series.isScatter = true
            return series
        }
        return chart(series, names, title, rect)
    }

    /// The mean prediction over the column's values, above those of single rows.
    private func goes(_ dependence: ColumnDependence, _ rect: Rect) -> DocumentChart {
        let count = dependence.texts.count, outputs = found.outputs.count, output = text.page.output
        let x = dependence.numbers ?? (0..<count).map(Double.init)
        func series(_ values: ArraySlice<Double>) -> Series {
            Series(zip(x, values).map { SeriesPoint(step: $0, epoch: 0, time: 0, value: $1) })
        }
        let rows = count > 0 ? dependence.lines.count / (count * outputs) : 0
        var all = (0..<rows).map { row in
            let start = (row * outputs + output) * count
            return ChartSeries(label: "", color: .muted, isDimmed: true, series: series(dependence.lines[start..<start + count]))
        }
        all.append(
            ChartSeries(
                label: "mean", color: .accent, isFocused: true,
                series: series(dependence.means[output * count..<(output + 1) * count])))
        let title = TextLine("prediction", .title, .bold).adding("  mean ", .accent).adding(
            "and single rows, by this column alone", .muted)
        return chart(all, dependence.numbers == nil ? names(dependence.texts) : [], title, rect)
    }
}
