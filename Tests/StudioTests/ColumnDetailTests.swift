import Cells
import Events
import Testing

@testable import Studio

@Suite("A column, large")
struct ColumnDetailTests {
    private func zoomed(_ width: Int, _ height: Int, down: Int = 0) -> AppState {
        var state = SampleStudio.busy(width, height)
        state.press("1", "z")
        for _ in 0..<down { state.press("j") }
        return state
    }

    @Test(
        "the selected column shows its distribution, quantiles and missing values at every size",
        arguments: [(80, 24), (120, 40), (200, 60)])
    func shown(_ width: Int, _ height: Int) {
        let text = Frame(zoomed(width, height, down: 1)).text
        for word in ["monthly_charges", "missing", "distinct", "█", "◆"] { #expect(text.contains(word), "\(word)") }
        // Axes have numbers.
        #expect(text.contains("┤") && (text.contains("50") || text.contains("40")))
        if height >= 40 {
            for word in ["q1 ◇ 35.5", "median ◆ 70.35", "max 118.75", "112 missing (0.6 %)"] {
                #expect(text.contains(word), "\(word)")
            }
        }
        if height >= 60 { #expect(text.contains("most frequent") && text.contains("20.05")) }
    }

    @Test("at 200 columns the table and the column stand side by side")
    func beside() {
        let state = zoomed(200, 60)
        let page = state.datasets.page(in: state.layout.interior(.datasets))
        #expect(page.isBeside && page.column.width >= 70 && page.column.height > 40)
        #expect(!page.column.intersection(page.columns).isEmpty == false)
        let small = zoomed(80, 24)
        let low = small.datasets.page(in: small.layout.interior(.datasets))
        #expect(!low.isBeside && low.column.height >= 7 && low.columns.height >= 5)
    }

    @Test("a cursor goes from bin to bin, round and round, and says what a bin holds")
    func cursor() {
        var state = zoomed(120, 40)
        state.press(".")
        #expect(Frame(state).text.contains("0 to under 7.2: 30 rows, 20 %"))
        state.press(",")
        #expect(state.datasets.chartCursor == 9)
        #expect(Frame(state).text.contains("64.8 to 72: 25 rows"))
        // Another column has a cursor of its own.
        state.press("j")
        #expect(state.datasets.chartCursor == nil)
    }

    @Test("of a column of categories the cursor says the share, and with those above")
    func categories() {
        var state = zoomed(120, 40, down: 3)
        state.press(".", ".")
        #expect(Frame(state).text.contains("one year: 4,180 rows, 21 %; with those above 76 %"))
    }

    @Test("e writes the chart as an image or as numbers, and the table of columns")
    func export() throws {
        var state = zoomed(120, 40)
        state.press("e")
        let menu = try #require(state.top as? Menu)
        #expect(MenuEntry.entries(of: menu, state).count == 3)
        guard case .exportFigure("churn-tenure.svg", "tenure of churn.csv", let figure)? = state.press("enter").first else {
            Issue.record("no image was written")
            return
        }
        #expect(figure.svg(title: "tenure", theme: .descentDark).contains("<rect"))
        state.press("e", "down")
        guard case .exportText("churn-tenure.csv", let bins)? = state.press("enter").first else {
            Issue.record("no numbers")
            return
        }
        #expect(bins.split(separator: "\n").count == 11 && bins.contains("0.0,7.2,30"))
        state.press("e", "down", "down")
        guard case .exportText("churn-columns.csv", let table)? = state.press("enter").first else {
            Issue.record("no table")
            return
        }
        #expect(table.split(separator: "\n").count == 7)
        #expect(table.contains("monthly_charges,numeric,19888,112,1585,64.76,30.09,18.25,35.5,70.35,89.85,118.75,20.05"))
    }

    @Test("dates read as dates, not as seconds")
    func dates() {
        var column = ColumnProfile(
            name: "day", kind: "date", count: 3, missing: 0, distinct: 3, statistics: nil, mostFrequent: [])
        column.statistics = .init(
            mean: 1.64e9, standardDeviation: 86_400, minimum: 1.6e9, lowerQuartile: 1.61e9, median: 1.64e9, upperQuartile: 1.65e9,
            maximum: 1.7e9, histogram: [1, 0, 1, 1])
        let detail = ColumnDetail(column, rowCount: 3, cursor: 0)
        #expect(detail.readout == "2020-09-13 to under 2021-06-29: 1 row, 33 %")
        #expect(detail.histogram?.edgeNames.last == "2023-11-14")
    }

    @Test("without a column or outside of the page the keys say why")
    func refusal() {
        var state = SampleStudio.busy(120, 40)
        state.press("1", ".")
        #expect(state.toast?.text == "enter shows the dataset's columns and charts")
        state.press("e")
        #expect(state.top == nil)
    }
}
