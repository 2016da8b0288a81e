import Cells
import CheckedNumbers
import Events

/// What the page of how good a model is says: measures, pictures, confusions, errors, the hardest rows.
struct ModelInsightsText {
    let insights: ModelInsights
    let glyphs: GlyphSet
    let width: Int
    let height: Int

    private static let chartHeight = 12
    /// Classes up to which a matrix is shown whole.
    private static let matrixLimit = 8

    var document: Document {
        var document = Document()
        let rows = NumberFormat.grouped(insights.rowCount)
        document.head = [TextLine(insights.target, .accent, .bold).adding("   \(rows) rows, \(insights.judged)", .muted)]
        document.add("measures", [.text([heading("Measures", "")]), .table(measures)])
        if let charts { document.add("pictures", [.text([heading("Pictures", chance)]), charts]) }
        if !insights.confusion.isEmpty { document.add("confusion", confusion) }
        if !insights.scores.isEmpty { document.add("classes", [.text([heading("Classes", "")]), .table(classes)]) }
        if let residuals = insights.residuals { document.add("residuals", spread(residuals)) }
        if !insights.hardest.isEmpty {
            let note = "where it is farthest off; wrong labels and what no column shows are among them"
            document.add("hardest rows", [.text([heading("Hardest rows", note)]), .table(hardest)])
        }
        return document
    }

    private func heading(_ title: String, _ note: String) -> TextLine {
        TextLine(title, .title, .bold).adding(note.isEmpty ? "" : "   " + note, .muted)
    }

    private func cell(_ text: String, _ role: ColorRole = .text) -> TableCell { TableCell(text: text, role: role) }

    private var measures: DocumentTable {
        let columns = [
            TableColumn(title: "measure", width: 20, priority: 0),
            TableColumn(title: "value", width: 12, isRight: true, priority: 1),
            TableColumn(title: "± over folds", width: 12, isRight: true, priority: 2),
        ]
        var rows = insights.measures.map { one in
            let digits = one.spread.map { NumberFormat.withSpread(one.value, $0) }
            return [
                cell(one.name, .muted), cell(digits?.value ?? NumberFormat.significant(one.value)),
                cell(digits?.spread ?? "", .muted),
            ]
        }
        if insights.curves.count == 1, let curves = insights.curves.first {
            for (name, value) in [("average_precision", curves.averagePrecision), ("brier", curves.brier)] {
                rows.append([cell(name, .muted), cell(NumberFormat.significant(value)), cell("")])
            }
        }
        return DocumentTable("measures", columns, rows, width: width - 2, indent: 2)
    }

    private var chance: String { insights.curves.isEmpty ? "dotted: never wrong" : "dotted: by chance, or never wrong" }

    private var charts: Document.Block? {
        let pictures = ModelInsightsCharts(insights).pictures
        guard !pictures.isEmpty, width >= 24 else { return nil }
        let perLine = max(1, min(3, min(pictures.count, width / 38))), tile = (width - 2) / perLine
        let lines = (pictures.count + perLine - 1) / perLine
        let placed = pictures.enumerated().map { place, picture in
            var chart = picture.chart
            chart.glyphs = glyphs
            let rect = Rect(
                x: place % perLine * tile, y: place / perLine * Self.chartHeight, width: tile - 1, height: Self.chartHeight - 1)
            return DocumentChart(title: TextLine(picture.title, .title, indent: 2), in: rect, chart, isOfCurves: true)
        }
        return .charts(placed, height: lines * Self.chartHeight)
    }

    // MARK: - Classes

    private var confusion: [Document.Block] {
        let classes = insights.classes
        let title = heading("Confusion", "rows: what it is; columns: what was said, the likeliest")
        guard classes.count <= Self.matrixLimit else {
            let wrong = strongestConfusions.map { one in
                TextLine("\(one.expected) as \(one.predicted) ", .text, indent: 2).adding(NumberFormat.grouped(one.count), .bad)
            }
            return [.text([title] + (wrong.isEmpty ? [TextLine("none", .good, indent: 2)] : wrong))]
        }
        let widest = min(14, max(7, classes.map { TextWidth.of($0) }.max() ?? 7) + 1)
        let columns =
            [TableColumn(title: "", width: widest, priority: 0)]
            + classes.enumerated().map {
                TableColumn(title: $1.shortened(to: widest - 1), width: widest, isRight: true, priority: $0 + 1)
            }
        let rows = classes.indices.map { row in
            [cell(classes[row], .muted)]
                + classes.indices.map { column in
                    let count = insights.confusion[row][column]
                    return cell(NumberFormat.grouped(count), row == column ? .good : count > 0 ? .bad : .muted)
                }
        }
        return [.text([title]), .table(DocumentTable("confusion", columns, rows, width: width - 2, indent: 2))]
    }

    private var strongestConfusions: [(expected: String, predicted: String, count: Int)] {
        let classes = insights.classes
        var found: [(expected: String, predicted: String, count: Int)] = []
        for row in classes.indices {
            for column in classes.indices where row != column && insights.confusion[row][column] > 0 {
                found.append((classes[row], classes[column], insights.confusion[row][column]))
            }
        }
        return Array(found.sorted { $0.count > $1.count }.prefix(10))
    }

    private var classes: DocumentTable {
        let widest = insights.classes.map { TextWidth.of($0) }.max() ?? 8
        let heads = ["precision", "recall", "f1", "rows", "roc_auc", "avg. precision", "brier"]
        let columns =
            [TableColumn(title: "class", width: min(26, max(8, widest)), priority: 0)]
            + heads.enumerated().map { TableColumn(title: $1, width: max(9, $1.count), isRight: true, priority: $0 + 1) }
        let rows = insights.scores.prefix(30).map { score in
            let curves = insights.curves.first { $0.name == score.name }
            let numbers: [Double?] = [
                score.precision, score.recall, score.f1, nil, curves?.rocArea, curves?.averagePrecision, curves?.brier,
            ]
            return [cell(score.name, .muted)]
                + numbers.enumerated().map { place, value in
                    place == 3
                        ? cell(NumberFormat.grouped(Int(nearestWithin: score.support)))
                        : cell(value.map { NumberFormat.fixed($0, decimals: 3) } ?? "")
                }
        }
        return DocumentTable("classes", columns, rows, width: width - 2, indent: 2)
    }

    // MARK: - Numbers

    private func spread(_ residuals: ModelInsights.Residuals) -> [Document.Block] {
        let bins = Self.halved(residuals.counts), size = (residuals.most - residuals.least) / Double(max(1, bins.count))
        let bars = bins.enumerated().map { place, count in
            BarChart.Bar(
                "from \(NumberFormat.significant(residuals.least + size * Double(place), digits: 3))", Double(count),
                text: NumberFormat.grouped(count))
        }
        let far = "\(residuals.outliers) beyond three deviations"
        let note =
            "what is less what was predicted: mean \(NumberFormat.significant(residuals.mean)), deviation "
            + "\(NumberFormat.significant(residuals.deviation)), \(far)"
        return [
            .text([heading("Residuals", note)]),
            .table(
                DocumentTable("residuals", BarChart(bars), header: ["residual", "rows"], width: min(width - 2, 90), indent: 2)),
        ]
    }

    /// As half as many bins, for a screen's few lines.
    private static func halved(_ counts: [Int]) -> [Int] {
        stride(from: 0, to: counts.count, by: 2).map { counts[$0] + ($0 + 1 < counts.count ? counts[$0 + 1] : 0) }
    }

    private var hardest: DocumentTable {
        let miss = insights.classes.isEmpty ? "error" : "probability short of 1"
        let columns = [
            TableColumn(title: "record", width: 10, isRight: true, priority: 0),
            TableColumn(title: insights.target.shortened(to: 20), width: 20, isRight: true, priority: 1),
            TableColumn(title: "predicted", width: 20, isRight: true, priority: 2),
            TableColumn(title: miss, width: max(12, miss.count), isRight: true, priority: 3),
        ]
        let rows = insights.hardest.map { row in
            // The right class may be as hard as it gets.
            let role: ColorRole = insights.classes.isEmpty || row.predicted == row.expected ? .text : .bad
            return [
                cell(NumberFormat.grouped(row.record)), cell(row.expected.shortened(to: 20)),
                cell(row.predicted.shortened(to: 20), role), cell(NumberFormat.significant(row.miss), .muted),
            ]
        }
        return DocumentTable("hardest", columns, rows, width: width - 2, indent: 2)
    }
}
