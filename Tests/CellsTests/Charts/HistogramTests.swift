import Testing

@testable import Cells

@Suite struct HistogramTests {
    private let histogram = Histogram(counts: [4, 0, 8, 1], range: 0...40, marks: [.init(20, "◆")])

    private func lines(_ chart: Histogram, _ width: Int, _ height: Int) -> [String] {
        var buffer = CellBuffer(size: Size(width: width, height: height))
        chart.draw(into: &buffer, in: buffer.bounds)
        return buffer.textPlane
    }

    @Test func `bars stand on zero, have one width, and the axes say numbers`() {
        let drawn = lines(histogram, 44, 10)
        // A bin without values has no bar, one with a single value has one.
        let foot = drawn[7].drop { $0 != "│" }.dropFirst()
        let bars = foot.split(separator: " ").map(\.count)
        #expect(Set(bars).count == 1 && bars.count == 3)
        #expect(drawn.contains { $0.contains("5┤") })
        #expect(drawn[9].contains("10") && drawn[9].contains("30"))
        #expect(drawn[8].contains("◆"))
    }

    @Test func `the highest bin fills the plot and half as many half of it`() {
        var buffer = CellBuffer(size: Size(width: 44, height: 10))
        histogram.draw(into: &buffer, in: buffer.bounds)
        func height(ofBin bin: Int) -> Int {
            let columns = (0..<44).filter { histogram.bin(atX: $0, y: 0, in: buffer.bounds) == bin }
            let column = columns.first.map { $0 + 1 } ?? 0
            return (0..<8).reduce(0) { $0 + (buffer[column, $1].scalar == "█" ? 1 : 0) }
        }
        #expect(height(ofBin: 2) == 8)
        #expect(height(ofBin: 0) == 4)
        #expect(height(ofBin: 1) == 0)
    }

    @Test func `edges meet and the last one holds the largest value`() {
        #expect((0..<4).map { histogram.edges(ofBin: $0) } == [0...10, 10...20, 20...30, 30...40])
        let huge = Histogram(counts: [1, 1], range: -1e308...1e308)
        #expect(huge.edges(ofBin: 0) == -1e308...0)
        #expect(Histogram(counts: [3], range: 5...5).edges(ofBin: 0) == 5...5)
    }

    @Test func `on few columns several bins share a bar, and on any size nothing breaks`() {
        let many = Histogram(counts: Array(1...60), range: 0...1, cursor: 59)
        for width in 0...70 {
            for height in 0...9 { #expect(lines(many, width, height).count == height) }
        }
        #expect(lines(many, 20, 6).contains { $0.contains("█") })
        _ = lines(Histogram(counts: [1], range: 2...2), 30, 8)
        _ = lines(Histogram(counts: [2, 3], range: 0...Double.infinity), 30, 8)
    }

    @Test func `names of edges stand in place of numbers`() {
        var dates = histogram
        dates.edgeNames = ["May", "June", "July", "August", "September"]
        let foot = lines(dates, 60, 8)[7]
        #expect(foot.contains("May") && foot.contains("July") && !foot.contains("20"))
    }

    @Test func `written to a file, each bin has its edges and its count`() throws {
        #expect(histogram.csv() == "from,to,count\n0.0,10.0,4\n10.0,20.0,0\n20.0,30.0,8\n30.0,40.0,1\n")
        let svg = histogram.svg(title: "age <years>", theme: .descentDark)
        #expect(svg.hasPrefix("<svg") && svg.contains("age &lt;years&gt;"))
        // The ground, and a bar for each bin.
        #expect(svg.split(separator: "<rect").count - 1 == 5)
    }
}

@Suite struct BarChartTests {
    private let chart = BarChart([
        .init("monthly", 200, text: "200"), .init("half", 100, text: "100"), .init("hardly", 1, text: "1"),
        .init("none", 0, text: "0"), .init("loss", -100, text: "-100"),
    ])

    @Test func `a bar is as long as its amount, and what is not nothing shows`() {
        let lengths = chart.bars.map { chart.text(of: $0, room: 20).count }
        #expect(lengths == [20, 10, 1, 0, 10])
        #expect(chart.text(of: chart.bars[2], room: 20) == "╸")
        // What all others come to would be longer than the longest.
        var rest = BarChart.Bar("9 others", 1000, text: "1,000")
        rest.isDrawn = false
        #expect(chart.text(of: rest, room: 20).isEmpty)
    }

    @Test func `written to a file, names are quoted where they must be`() {
        let odd = BarChart([.init("a, b", 1.5, text: ""), .init("=1+1", 2, text: "")])
        let lines = odd.csv("value,count").split(separator: "\n")
        #expect(lines[0] == "value,count" && lines[1] == "\"a, b\",1.5")
        #expect(odd.svg(title: "t", theme: .descentDark).contains("a, b"))
    }
}
