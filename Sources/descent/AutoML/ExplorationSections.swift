import Cells
import Events

/// What an AutoML job saw in its data, as sections of a page.
struct ExplorationSections {
    let exploration: DataExploration

    private static let mostClasses = 30, mostColumns = 100

    var html: String { [overview, target, columns, correlations, sample].joined() }

    private var overview: String {
        let profile = exploration.profile, kinds = Dictionary(grouping: profile.columns, by: \.kind).mapValues(\.count)
        let words = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(
            separator: ", ")
        let missing = profile.rowCount - exploration.rowCount
        let cells = profile.columns.reduce(0) { $0 + $1.missing }
        let facts = [
            ("rows", NumberFormat.grouped(profile.rowCount)), ("columns", "\(profile.columns.count): \(words)"),
            ("rows without a target", NumberFormat.grouped(missing)),
            (
                "rows that repeat an earlier one",
                "\(NumberFormat.grouped(exploration.repeatedRows)) (\(share(exploration.repeatedRows, profile.rowCount)))"
            ),
            (
                "cells without a value",
                "\(NumberFormat.grouped(cells)) (\(share(cells, profile.rowCount * profile.columns.count)))"
            ), ("size", NumberFormat.bytes(profile.byteCount)),
        ]
        return "<h2>The data before training</h2>\n"
            + HTML.table([("", false), ("", false)], facts.map { [$0.0, $0.1].map(Markup.escaped) })
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        NumberFormat.percent(Double(part) / Double(max(1, whole)), decimals: 1)
    }

    private var target: String {
        let title = "<h3>The target: \(Markup.escaped(exploration.target))</h3>\n"
        if !exploration.classes.isEmpty {
            let total = exploration.classes.reduce(0) { $0 + $1.count }
            let bars = exploration.classes.prefix(Self.mostClasses).map {
                BarChart.Bar(
                    $0.value, Double($0.count), text: "\(NumberFormat.grouped($0.count)), \(share($0.count, total))")
            }
            return title + figure(BarChart(bars).svg(title: "rows of each class", theme: .descentLight, isEmbedded: true))
        }
        guard let column = exploration.targetColumn, let statistics = column.statistics else { return title }
        let chart = Histogram(
            counts: statistics.histogram, range: statistics.minimum...max(statistics.minimum, statistics.maximum))
        let numbers = [
            ("mean", statistics.mean), ("deviation", statistics.standardDeviation), ("least", statistics.minimum),
            ("lower quartile", statistics.lowerQuartile), ("median", statistics.median),
            ("upper quartile", statistics.upperQuartile), ("largest", statistics.maximum),
        ]
        return title
            + figure(
                chart.svg(title: exploration.target, width: 900, height: 320, theme: .descentLight, isEmbedded: true))
            + HTML.table(numbers.map { ($0.0, true) }, [numbers.map { Markup.escaped(NumberFormat.significant($0.1)) }])
    }

    private func figure(_ svg: String) -> String { "<figure>\n\(svg)</figure>\n" }

    private var columns: String {
        let told = exploration.told.compactMap { one in exploration.profile.columns.first { $0.name == one.column } }
        let rest = exploration.profile.columns.filter { $0.name != exploration.target && exploration.told($0.name) == nil }
        let rows = (told + rest).prefix(Self.mostColumns).map { column -> [String] in
            let one = exploration.told(column.name), total = column.count + column.missing
            let bar = one.map {
                "<span class=\"bar\" style=\"width:\(NumberFormat.fixed($0.power * 6, decimals: 2))rem\"></span>"
            }
            let statistics = column.statistics.map { statistics in
                "\(NumberFormat.significant(statistics.minimum, digits: 3)) … \(NumberFormat.significant(statistics.median, digits: 3)) … "
                    + NumberFormat.significant(statistics.maximum, digits: 3)
            }
            let frequent = column.mostFrequent.prefix(3).map { "\($0.value.shortened(to: 24)) (\(share($0.count, total)))" }
                .joined(separator: ", ")
            return [
                Markup.escaped(column.name), Markup.escaped(column.kind),
                (bar ?? "") + (one.map { NumberFormat.percent($0.power) } ?? ""),
                one?.correlation.map { Markup.escaped(NumberFormat.delta($0, decimals: 2)) } ?? "",
                column.missing == 0 ? "" : share(column.missing, total), NumberFormat.grouped(column.distinct),
                Markup.escaped(statistics ?? frequent),
            ]
        }
        let left = exploration.profile.columns.count - 1 - rows.count
        return "<h3>Columns</h3>\n"
            + HTML.element(
                "p",
                "How much of \(exploration.target) each column tells by itself, of rows that this was not learned from: 0 % nothing, "
                    + "100 % all. The correlation is Pearson's.", class: "quiet")
            + HTML.table(
                [
                    ("column", false), ("kind", false), ("tells", false), ("correlation", true), ("missing", true),
                    ("distinct", true), ("least … median … largest, or most frequent", false),
                ], rows) + (left > 0 ? HTML.element("p", "and \(left) more columns", class: "quiet") : "")
    }

    private var correlations: String {
        guard exploration.numeric.count > 1 else { return "" }
        let heads = exploration.numeric.map { HTML.element("th", $0.shortened(to: 12)) }.joined()
        let rows = zip(exploration.numeric, exploration.correlations).map { name, row in
            let cells = row.map { value in
                ConfusionTable.cell(
                    value == 1 ? "1" : NumberFormat.delta(value, decimals: 2), share: abs(value), value < 0 ? .bad : .good)
            }
            return "<tr>\(HTML.element("th", name.shortened(to: 24)))\(cells.joined())</tr>\n"
        }
        return """
            <h3>Correlations</h3>
            <div class="scroll"><table class="matrix"><thead><tr><th></th>\(heads)</tr></thead><tbody>
            \(rows.joined())</tbody></table></div>

            """
    }

    private var sample: String {
        guard !exploration.sample.isEmpty else { return "" }
        return "<h3>The first rows</h3>\n"
            + HTML.table(
                exploration.profile.columns.map { ($0.name, $0.statistics != nil) },
                exploration.sample.map { $0.map(Markup.escaped) })
    }
}
