import Testing

@testable import Cells

@Suite struct ChartExportTests {
    private func chart() -> LineChart {
        let falling = Series(
            (0..<5000).map { SeriesPoint(step: Double($0), epoch: Double($0) / 100, time: 10, value: 1 / Double($0 + 1)) })
        var chart = LineChart(series: [
            ChartSeries(label: "a <b> & \"c\"", badge: "A", color: .series1, series: falling),
            ChartSeries(label: "train", color: .series1, dash: .dotted, isSecondary: true, series: falling),
        ])
        chart.marks = [ChartMark(x: 20, scalar: "▲", role: .bad, label: "Overfit", kind: .point(y: 0.5))]
        return chart
    }

    /// Names of the elements in order, after checking that each is closed and nothing is left over: what an XML parser does.
    private func elements(_ svg: String) throws -> [String] {
        var open: [String] = [], all: [String] = []
        for piece in svg.split(separator: "<").map(String.init) {
            let tag = try #require(piece.split(separator: ">", omittingEmptySubsequences: false).first)
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter })
            if tag.hasPrefix("/") {
                #expect(open.popLast() == name)
            } else {
                all.append(name)
                if !tag.hasSuffix("/") { open.append(name) }
            }
        }
        #expect(open.isEmpty)
        return all
    }

    @Test func `points that no line joins are drawn as points`() throws {
        var points = ChartSeries(
            label: "rows", color: .series2,
            series: Series([(1.0, 5.0), (2, 1), (3, 9)].map { SeriesPoint(step: $0.0, epoch: 0, time: 0, value: $0.1) }))
        points.isScatter = true
        let svg = LineChart(series: [points]).svg(title: "", xTitle: "x", theme: .descentLight)
        let path = try #require(svg.split(separator: "<").first { $0.contains("stroke-linecap=\"round\"") }).description
        #expect(path.count { $0 == "M" } == 3 && !path.contains("L"), "\(path)")
        #expect(try elements(svg).first == "svg")
    }

    @Test func `an image is well formed, refers to nothing outside, and names what it shows`() throws {
        let svg = chart().svg(title: "loss", xTitle: "step", theme: .descentDark)
        let names = try elements(svg)
        #expect(names.first == "svg")
        #expect(names.filter { $0 == "path" }.count == 5)
        #expect(svg.contains("a &lt;b&gt; &amp; &quot;c&quot;"))
        #expect(svg.contains("<title>Overfit</title>"))
        #expect(!svg.contains("href"))
        #expect(svg.split(separator: "http").count == 2)
    }

    @Test func `however many points there are, an image stays small and keeps a spike of one point`() throws {
        var values = [Double](repeating: 0, count: 200_000)
        values[77_777] = 1
        let series = Series(values.enumerated().map { SeriesPoint(step: Double($0), epoch: 0, time: 0, value: $1) })
        let svg = LineChart(series: [ChartSeries(label: "a", series: series)]).svg(title: "", xTitle: "step", theme: .descentDark)
        #expect(svg.utf8.count < 200_000)
        let path = try #require(svg.split(separator: "\"").first { $0.hasPrefix("M") && $0.contains("L") && $0.count > 1000 })
        let rows = path.split(whereSeparator: { "ML".contains($0) }).compactMap {
            $0.split(separator: " ").last.flatMap { Double($0) }
        }
        let top = try #require(rows.min()), bottom = try #require(rows.max())
        #expect(bottom - top > 250)
    }

    @Test func `the colours are the theme's`() throws {
        let light = try Theme.parse("name = l\nkind = light\nbackground = 231 / white\ntext = 16 / black\n", file: "l.theme")
        #expect(chart().svg(title: "", xTitle: "", theme: light).contains("fill=\"#ffffff\""))
        #expect(chart().svg(title: "", xTitle: "", theme: .descentDark).contains("fill=\"#1c1c1c\""))
    }

    @Test func `in a page an image names its roles by class, which the page's style sheet knows in any theme`() throws {
        let svg = chart().svg(title: "loss", xTitle: "step", theme: .descentLight, embeddedAs: "here")
        _ = try elements(svg)
        #expect(svg.contains("<clipPath id=\"here\">") && svg.contains("url(#here)") && !svg.contains("http"))
        let classes = Set(svg.split(separator: "class=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) })
        #expect(classes.isSuperset(of: ["s-series1", "f-bad", "f-background", "f-text"]))
        for name in classes {
            for theme in [Theme.descentLight, .descentDark] { #expect(theme.styleSheet.contains(".\(name){")) }
        }
        #expect(Theme.descentDark.styleSheet.contains(".s-series1{stroke:#5fafff}"))
    }

    @Test func `CSV has every point in view, to the last digit`() throws {
        var chart = chart()
        chart.viewport.x = 2...4
        let lines = chart.csv(metrics: ["validation:loss", "train:loss"]).split(separator: "\n")
        #expect(lines.first == "curve,metric,step,epoch,examples,wall_time,value")
        #expect(lines.count == 7)
        #expect(lines[1] == "\"a <b> & \"\"c\"\"\",validation:loss,2,0.02,,10,0.3333333333333333")
        #expect(Double(lines[1].split(separator: ",").last ?? "") == 1.0 / 3)
    }

    @Test func `text has the title, the axes and what each curve says`() {
        let text = chart().text(title: "loss", width: 60, height: 12)
        #expect(text.hasPrefix("loss\n"))
        #expect(text.contains("A a <b> & \"c\"  0.0002"))
        #expect(text.split(separator: "\n").allSatisfy { $0.last != " " })
    }
}
