import Cells
import CheckedNumbers
import Events
import Studio

/// How good a model is on rows that it did not learn from, as sections of a page.
struct InsightsSections {
    let insights: ModelInsights

    /// Classes up to which the matrix is shown, as Autopilot's report has it.
    private static let matrixLimit = 15

    static let css = """
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:.4rem}
        \(ConfusionTable.css)
        """

    var html: String { [measures, pictures, confusion, classes, residuals, hardest].joined() }

    private var measures: String {
        let rows = insights.measures.map { one -> [String] in
            let pair = one.spread.map { NumberFormat.withSpread(one.value, $0) }
            return [
                Markup.escaped(one.name), pair?.value ?? NumberFormat.significant(one.value), pair?.spread ?? "",
            ]
        }
        return "<h2>How good \(Markup.escaped(insights.model)) is</h2>\n"
            + HTML.element("p", "\(NumberFormat.grouped(insights.rowCount)) rows, \(insights.judged)", class: "quiet")
            + HTML.table([("measure", false), ("value", true), ("± over folds", true)], rows)
    }

    private var pictures: String {
        let figures = ModelInsightsCharts(insights).pictures.enumerated().map { place, picture in
            let image = picture.chart.svg(
                title: picture.title, width: 560, height: 380, xTitle: picture.xTitle, theme: .descentLight,
                embeddedAs: "insight-\(place)")
            return "<figure>\n\(image)</figure>\n"
        }
        return figures.isEmpty ? "" : "<div class=\"pair\">\n\(figures.joined())</div>\n"
    }

    private var confusion: String {
        guard !insights.confusion.isEmpty, insights.classes.count <= Self.matrixLimit else { return "" }
        return "<h3>What was taken for what</h3>\n"
            + HTML.element(
                "p", "Rows: what it is; columns: what was said, the likeliest; shaded by the share of the row.", class: "quiet")
            + ConfusionTable.html(insights.classes, insights.confusion)
    }

    private var classes: String {
        guard !insights.scores.isEmpty else { return "" }
        let rows = insights.scores.map { score -> [String] in
            let curves = insights.curves.first { $0.name == score.name }
            let numbers: [Double?] = [
                score.precision, score.recall, score.f1, curves?.rocArea, curves?.averagePrecision, curves?.brier,
            ]
            return [Markup.escaped(score.name), NumberFormat.grouped(Int(nearestWithin: score.support))]
                + numbers.map { value in value.map { NumberFormat.fixed($0, decimals: 4) } ?? "" }
        }
        let heads = ["rows", "precision", "recall", "F1", "area under ROC", "average precision", "Brier"]
        return "<h3>Classes</h3>\n" + HTML.table([("class", false)] + heads.map { ($0, true) }, rows)
    }

    private var residuals: String {
        guard let found = insights.residuals else { return "" }
        let chart = Histogram(counts: found.counts, range: found.least...max(found.least, found.most))
        let words =
            "\(insights.target) less what was predicted: mean \(NumberFormat.significant(found.mean)), deviation "
            + "\(NumberFormat.significant(found.deviation)); \(NumberFormat.grouped(found.outliers)) rows beyond three deviations"
        return "<h3>Residuals</h3>\n" + HTML.element("p", words, class: "quiet")
            + "<figure>\n\(chart.svg(title: "residuals", width: 900, height: 320, theme: .descentLight, isEmbedded: true))</figure>\n"
    }

    private var hardest: String {
        guard !insights.hardest.isEmpty else { return "" }
        let rows = insights.hardest.map {
            [
                NumberFormat.grouped($0.record), Markup.escaped($0.expected), Markup.escaped($0.predicted),
                NumberFormat.significant($0.miss),
            ]
        }
        let miss = insights.classes.isEmpty ? "error" : "probability short of 1"
        return "<h3>The hardest rows</h3>\n"
            + HTML.element("p", "Where it is farthest off. Wrong labels and what no column shows are among them.", class: "quiet")
            + HTML.table(
                [("record", true), (insights.target, true), ("predicted", true), (miss, true)], rows)
    }
}
