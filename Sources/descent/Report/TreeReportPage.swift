import Cells
import CheckedNumbers
import Clocks
import Events
import Training

/// The report of an XGBoost run as one self-contained page: no scripts, nothing loaded from anywhere.
struct TreeReportPage {
    let run: RunSummary
    let report: TreeReport
    /// The run's losses.
    let curves: [(metric: MetricName, points: [MetricPoint])]
    let alerts: [RaisedAlert]
    /// Seconds since 1970.
    let madeAt: Double

    private static let featuresShown = 20

    var html: String {
        let name = Markup.escaped(run.record.name)
        let sections = [head, losses, found, confusion, roc, residuals, courses, importance, hardest].joined()
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>\(name)</title><style>
            \(ReportStyle.css)
            \(Self.css)
            </style></head><body>
            <h1>\(name)</h1>
            <p class="quiet">XGBoost, \(report.roundCount) rounds, judged by \(NumberFormat.grouped(report.rowCount)) rows that it was not \
            trained on; \(WallClock.text(madeAt).prefix(16).split(separator: "T").joined(separator: " ")) UTC</p>
            \(sections)<footer>Made by Descent \(Markup.escaped(Engine.version)).</footer>
            </body></html>

            """
    }

    private static let css = """
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.6rem;margin:1rem 0}
        .facts div{border:1px solid;border-radius:.5rem;padding:.5rem .7rem}.facts b{display:block;font-size:1.25rem}
        figure.square svg{max-width:30rem}p.advice{margin:.2rem 0 1rem}
        \(ConfusionTable.css)
        """

    private func section(_ title: String, _ note: String, _ body: String) -> String {
        body.isEmpty
            ? ""
            : "<section><h2>\(Markup.escaped(title))</h2>\n<p class=\"quiet advice\">\(Markup.escaped(note))</p>\n\(body)</section>\n"
    }

    private func figure(_ svg: String) -> String { "<figure>\n\(svg)</figure>\n" }

    private static func percent(_ share: Double) -> String { NumberFormat.fixed(100 * share, decimals: 1) + " %" }

    // MARK: - What it comes to

    private var head: String {
        var facts: [(String, String)] = []
        if report.isClassification {
            if let micro = report.averages.first { facts.append(("accuracy", Self.percent(micro.f1))) }
            if let macro = report.averages.first(where: { $0.name == "macro" }) {
                facts.append(("F1, macro", NumberFormat.fixed(macro.f1, decimals: 3)))
            }
            if let area = report.area { facts.append(("area under ROC", NumberFormat.fixed(area, decimals: 3))) }
        } else {
            let mean = report.residualMean, deviation = report.residualDeviation
            facts.append(("RMSE", NumberFormat.significant((mean * mean + deviation * deviation).squareRoot())))
            facts.append(("mean residual", NumberFormat.significant(mean)))
        }
        facts.append(("the hardest tenth has", Self.percent(report.hardestShare) + " of the loss"))
        let cards = facts.map { "<div class=\"c-border\"><b>\(Markup.escaped($0.1))</b>\(Markup.escaped($0.0))</div>" }.joined()
        return "<div class=\"facts\">\(cards)</div>\n" + labels
    }

    private var labels: String {
        if report.isClassification {
            let total = max(1, report.scores.reduce(0) { $0 + $1.support })
            let bars = report.scores.map {
                BarChart.Bar(
                    $0.name, $0.support,
                    text: "\(NumberFormat.grouped(Int(nearestWithin: $0.support))), \(Self.percent($0.support / total))")
            }
            let chart = BarChart(Array(bars.prefix(Self.featuresShown)))
            return section(
                "What there is to say: \(report.target)", "Rows of each class among those that judge the model.",
                figure(chart.svg(title: "rows by class", theme: .descentLight, isEmbedded: true)))
        }
        guard let labels = report.labels else { return "" }
        return section(
            "What there is to say: \(report.target)", "How the target is spread over the rows that judge the model.",
            figure(histogram(labels, report.target)))
    }

    private func histogram(_ values: TreeReport.Distribution, _ title: String) -> String {
        Histogram(counts: values.counts, range: values.range).svg(
            title: title, width: 900, height: 320, theme: .descentLight, isEmbedded: true)
    }

    // MARK: - Learning

    private var losses: String {
        let drawn = curves.enumerated().map { place, curve in
            ChartSeries(
                label: curve.metric.text, badge: nil, color: .series(place), dash: place == 0 ? .solid : .dashed,
                series: Series(recorded: curve.points))
        }
        guard !drawn.isEmpty else { return "" }
        let chart = LineChart(series: drawn)
        return section(
            "Learning", LossAdvice.words(curves),
            figure(
                chart.svg(
                    title: "loss", width: 900, height: 380, xTitle: "round", theme: .descentLight, embeddedAs: "losses")))
    }

    private var courses: String {
        guard !report.courses.isEmpty else { return "" }
        let drawn = report.courses.prefix(10).enumerated().map { place, course in
            ChartSeries(
                label: course.group.words, badge: nil, color: .series(place), dash: place < 5 ? .solid : .dashed,
                series: Series(
                    recorded: course.points.map { MetricPoint(step: $0.round, epoch: 0, wallTime: 0, value: $0.value) }))
        }
        let title =
            report.isClassification ? "share of each class that is found" : "mean size of the error, by value of the target"
        let note =
            report.isClassification
            ? "A class that falls while others rise is given up for them." : "Where the target is rare, errors are large."
        return section(
            report.isClassification ? "Class by class, over the rounds" : "By value, over the rounds", note,
            figure(
                LineChart(series: Array(drawn)).svg(
                    title: title, width: 900, height: 380, xTitle: "round", theme: .descentLight, embeddedAs: "courses")))
    }

    /// What the debugger found.
    private var found: String {
        guard !alerts.isEmpty else { return "" }
        let items = alerts.map { raised -> String in
            let role: ColorRole = raised.cleared != nil ? .muted : raised.alert.severity == .issue ? .bad : .warning
            let remedies = raised.alert.remedies.map(\.text).joined(separator: "; or ")
            let words = "\(raised.alert.summary): \(raised.alert.cause)." + (remedies.isEmpty ? "" : " \(remedies).")
            let cleared = raised.cleared.map { " \($0.clearedWords)" } ?? ""
            return
                "<li><b class=\"\(role.styleClass())\">\(Markup.escaped(raised.alert.rule))</b> \(Markup.escaped(words + cleared))</li>\n"
        }
        return section("What the debugger found", "", "<ul>\n\(items.joined())</ul>\n")
    }

    // MARK: - Classes

    private var confusion: String {
        guard report.isClassification else { return "" }
        var body = ""
        if !report.confusion.isEmpty {
            body += ConfusionTable.html(report.classes, report.confusion)
        }
        let scores =
            report.scores.map {
                [$0.name, score($0.precision), score($0.recall), score($0.f1), $0.support.amount]
            }
            + report.averages.map { ["\($0.name) mean", score($0.precision), score($0.recall), score($0.f1), ""] }
        body += Self.table(["class", "precision", "recall", "F1", "rows"], scores)
        return section(
            "What was taken for what",
            "A row is what a row of the data is, a column what it was taken for; shaded by its share of the row.",
            body)
    }

    private func score(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 3) }

    private var roc: String {
        guard let area = report.area, !report.roc.isEmpty else { return "" }
        let curve = SquareCurve(report.roc.map { ($0.x, $0.y) }, xTitle: "false positive rate", yTitle: "true positive rate")
        return section(
            "ROC",
            "Area \(NumberFormat.fixed(area, decimals: 4)): how often a row of \(report.classes.last ?? "the class") scores above another.",
            "<figure class=\"square\">\n\(curve.svg(title: "receiver operating characteristic", theme: .descentLight))</figure>\n"
        )
    }

    // MARK: - Errors

    private var residuals: String {
        guard let residuals = report.residuals else { return "" }
        let mean = NumberFormat.significant(report.residualMean), deviation = NumberFormat.significant(report.residualDeviation)
        return section(
            "Residuals",
            "\(report.target) less the prediction: mean \(mean), deviation \(deviation). A healthy model's stand around 0, bell-shaped.",
            figure(histogram(residuals, "residuals")))
    }

    private var importance: String {
        let names = [
            "gain": "mean gain of its splits", "weight": "number of its splits", "cover": "mean rows its splits decide on",
        ]
        let charts = report.importance.filter { !$0.features.isEmpty }.map { measure -> String in
            let bars = measure.features.prefix(Self.featuresShown).map {
                BarChart.Bar($0.name, $0.value, text: $0.value.amount)
            }
            let chart = BarChart(Array(bars))
            return figure(
                chart.svg(
                    title: "\(measure.kind): \(names[measure.kind] ?? "")", theme: .descentLight, isEmbedded: true))
        }
        return section(
            "What it goes by",
            "The same features by three measures; what is large by one and small by another is used seldom and well, or often and little.",
            charts.joined())
    }

    private var hardest: String {
        let rows = report.hardest.map {
            [NumberFormat.grouped($0.record), $0.expected.words, $0.predicted.words, NumberFormat.significant($0.loss)]
        }
        return section(
            "The hardest rows",
            "The hardest tenth of the rows has \(Self.percent(report.hardestShare)) of the loss. Wrong labels and what no feature shows are among them.",
            figure(histogram(report.losses, "\(report.lossName) of each row"))
                + Self.table(["row", report.target, "taken for", report.lossName], rows))
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        func cells(_ name: String, _ texts: [String]) -> String {
            texts.enumerated().map { HTML.element(name, $1, class: $0 == 0 ? "text" : "number") }.joined()
        }
        return "<div class=\"scroll\"><table><thead><tr>\(cells("th", heads))</tr></thead><tbody>\n"
            + rows.map { "<tr>\(cells("td", $0))</tr>\n" }.joined() + "</tbody></table></div>\n"
    }
}

extension TreeReport.Group {
    var words: String {
        switch self {
        case .name(let name): name
        case .range(let range):
            "\(NumberFormat.significant(range.lowerBound)) to \(NumberFormat.significant(range.upperBound))"
        }
    }
}

extension TreeReport.Outcome {
    var words: String {
        switch self {
        case .name(let name): name
        case .number(let value): NumberFormat.significant(value)
        }
    }
}

extension Double {
    /// A count as one, and whatever else to four digits.
    var amount: String {
        self == rounded() ? NumberFormat.grouped(Int(nearestWithin: self)) : NumberFormat.significant(self)
    }
}
