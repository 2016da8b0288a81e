import Testing

@testable import Cells

extension DifferenceSeries {
    fileprivate mutating func update(_ curve: Series, minus other: Series) {
        var all = Int.max
        update(curve, minus: other, budget: &all)
    }
}

extension MeanSeries {
    fileprivate mutating func update(_ curves: [(series: Series, isEnded: Bool)]) {
        var all = Int.max
        update(curves, budget: &all)
    }
}

@Suite struct DerivedSeriesTests {
    private func points(_ values: [Double], every: Double = 1, from first: Double = 0) -> Series {
        Series(
            values.enumerated().map {
                SeriesPoint(step: first + Double($0) * every, epoch: Double($0), time: Double($0), value: $1)
            })
    }

    @Test func `a difference takes off the mean since the point before, and waits for the other curve`() {
        let validation = points([5, 4, 3], every: 2, from: 2)
        var difference = DifferenceSeries()
        difference.update(validation, minus: points([1, 3, 2, 2], from: 1))
        // Steps 1 and 2 have mean 2, steps 3 and 4 mean 2; step 6 is still to come.
        #expect((0..<difference.series.count).map { difference.series[$0].value } == [3, 2])
        difference.update(validation, minus: points([1, 3, 2, 2, 9, 1], from: 1))
        #expect((0..<difference.series.count).map { difference.series[$0].value } == [3, 2, -2])
    }

    @Test func `a mean has the spread of a sample, grows with its curves, and ends with the last of them`() {
        let first = points([1, 2, 3]), second = points([3, 4, 7])
        var mean = MeanSeries()
        mean.update([(points([1, 2]), false), (second, false)])
        #expect(mean.mean.count == 2)
        mean.update([(first, true), (second, true)])
        // By hand: sd of 1 and 3 is √2, of 3 and 7 it is √8.
        let lower = mean.band.lower, upper = mean.band.upper
        #expect((0..<3).map { mean.mean[$0].value } == [2, 3, 5])
        for (index, spread) in [Double(2).squareRoot(), Double(2).squareRoot(), Double(8).squareRoot()].enumerated() {
            #expect(abs(upper[index].value - mean.mean[index].value - spread) < 1e-12)
            #expect(abs(mean.mean[index].value - lower[index].value - spread) < 1e-12)
        }
        mean.update([(first, true), (points([3, 4, 7, 8, 9]), true)])
        #expect((0..<mean.mean.count).map { mean.mean[$0].value } == [2, 3, 5, 8, 9])
    }

    @Test func `in portions, a mean and a difference come out as at once, and say by their budget when they are whole`() {
        let curves = [(points(Samples.noisy(50, seed: 1)), true), (points(Samples.noisy(30, seed: 2), every: 2), true)]
        var whole = MeanSeries(), mean = MeanSeries(), difference = DifferenceSeries(), wholeDifference = DifferenceSeries()
        whole.update(curves)
        wholeDifference.update(curves[1].0, minus: curves[0].0)
        for (name, update) in [
            ("mean", { mean.update(curves, budget: &$0) }),
            ("difference", { difference.update(curves[1].0, minus: curves[0].0, budget: &$0) }),
        ] as [(String, (inout Int) -> Void)] {
            var calls = 0, budget = 0
            while budget <= 0, calls < 1000 {
                budget = 14
                update(&budget)
                calls += 1
            }
            #expect(calls > 7 && calls < 1000, "\(name)")
        }
        // Every step of the first, and those of the second after its end.
        #expect(mean.mean.count == 55)
        #expect((0..<55).allSatisfy { mean.mean[$0] == whole.mean[$0] && mean.band.upper[$0] == whole.band.upper[$0] })
        #expect(difference.series.count == wholeDifference.series.count)
        #expect((0..<difference.series.count).allSatisfy { difference.series[$0] == wholeDifference.series[$0] })
    }

    @Test func `a seed that diverged makes the mean not a number`() {
        var mean = MeanSeries()
        mean.update([(points([1, 2]), true), (points([1, .nan]), true)])
        #expect(mean.mean[0].value == 1)
        #expect(mean.mean[1].value.isNaN)
    }

    @Test(arguments: [0.0, 0.5]) func `the turns of a wave are found where they are`(smoothing: Double) {
        // Peaks at 25, 125, 225; valleys at 75, 175, 275; noise of less than a twentieth is no turn.
        let series = points((0..<300).map { sine(Double($0) / 100) + ($0 % 2 == 0 ? 0.02 : -0.02) })
        var chart = LineChart(series: [ChartSeries(label: "a", series: series)])
        chart.smoothing = smoothing
        let layout = chart.layout(in: Rect(x: 0, y: 0, width: 160, height: 30))
        let turns = chart.extrema(of: chart.series[0], in: layout)
        #expect(turns.count == 6)
        for (turn, place) in zip(turns, [25.0, 75, 125, 175, 225, 275]) { #expect(abs(turn - place) <= 4, "\(turns)") }
    }

    private func sine(_ turns: Double) -> Double {
        // Bhaskara's approximation, from -1 to 1 with a period of 1.
        let part = turns - turns.rounded(.down), half = part < 0.5 ? part : part - 0.5
        let product = 4 * half * (0.5 - half) * 4
        let value = 4 * product / (5 - product)
        return part < 0.5 ? value : -value
    }

    @Test func `by distance, evenly spaced points are smoothed as by points, and a crowd counts no more than one`() {
        let even = Samples.series(Samples.noisy(200, seed: 1))
        for index in stride(from: 0, to: 200, by: 7) {
            let difference = even.smoothedValue(at: index, weight: 0.8) - even.smoothedValue(at: index, weight: 0.8, along: .step)
            #expect(abs(difference) < 1e-6)
        }
        // By hand: three points of 0 at 0, 1, 2 and one of 1 at 9 have a mean spacing of 3, so each x weighs 0.5^(distance / 3).
        let uneven = Series([(0.0, 0.0), (1, 0), (2, 0), (9, 1)].map { SeriesPoint(step: $0.0, epoch: 0, time: 0, value: $0.1) })
        let weights = [9.0, 8, 7].map { power(0.5, $0 / 3) }
        let expected = 1 / (1 + weights.reduce(0, +))
        #expect(abs(uneven.smoothedValue(at: 3, weight: 0.5, along: .step) - expected) < 1e-6)
    }

    private func power(_ base: Double, _ exponent: Double) -> Double {
        // 2^-x by halving: exact to 1e-9 over the range used.
        var result = 1.0, factor = base, rest = exponent
        while rest >= 1 { (result, rest) = (result * base, rest - 1) }
        for _ in 0..<40 {
            factor = factor.squareRoot()
            rest *= 2
            if rest >= 1 { (result, rest) = (result * factor, rest - 1) }
        }
        return result
    }

    @Test func `a band is smoothed as its curve is, so that it stays around it`() throws {
        let mean = points((0..<50).map { 10 - Double($0) / 5 })
        let band = ChartBand(
            lower: points((0..<50).map { 9 - Double($0) / 5 }), upper: points((0..<50).map { 11 - Double($0) / 5 }))
        var chart = LineChart(series: [ChartSeries(label: "a", series: mean, band: band)])
        for smoothing in [0, 0.9] {
            chart.smoothing = smoothing
            for index in 1..<49 {
                let centre = chart.smoothed(mean, at: index)
                let lower = try #require(chart.edge(band.lower)(Double(index)))
                #expect(abs(centre - lower - 1) < 1e-6)
            }
        }
    }

    @Test func `y fits the main curves and not the noise of secondary ones, unless all is wanted`() {
        var noise = [Double](repeating: 0.5, count: 400)
        for index in stride(from: 0, to: 400, by: 100) { noise[index] = 30 }
        var chart = LineChart(series: [
            ChartSeries(label: "validation", series: points((0..<400).map { 1 - Double($0) / 800 })),
            ChartSeries(label: "train", isSecondary: true, series: points(noise)),
        ])
        let rect = Rect(x: 0, y: 0, width: 80, height: 20)
        #expect(chart.layout(in: rect).yRange.upperBound < 1.2)
        chart.yFit = .whole
        #expect(chart.layout(in: rect).yRange.upperBound > 30)
    }

    @Test func `of many noisy values the line has the room, wherever it runs`() {
        // Falls from 9 to 1 at once, then stays; noise of 3 around it.
        let noise = (0..<20_000).map { (index: Int) in Double(index * 7919 % 1000) / 1000 * 6 - 3 }
        let train = noise.enumerated().map { ($0.offset < 1000 ? 9 - Double($0.offset) / 125 : 1) + $0.element }
        let chart = LineChart(series: [
            ChartSeries(label: "validation", series: points((1..<20).map { _ in 1 })),
            ChartSeries(label: "train", isSecondary: true, series: points(train)),
        ])
        let range = chart.layout(in: Rect(x: 0, y: 0, width: 80, height: 20)).yRange
        #expect(range.upperBound > 7 && range.upperBound < 10)
        #expect(range.lowerBound > -2.5 && range.lowerBound < -1)
    }

    @Test func `a curve that counts steps alone has no place on the axis of epochs`() {
        var series = Series()
        series.append(SeriesPoint(step: 1, epoch: 0, time: 0, value: 5))
        #expect(series.knows(.epoch))
        series.append(SeriesPoint(step: 2, epoch: 0, time: 1, value: 4))
        #expect(!series.knows(.epoch) && series.knows(.step) && series.xExtent(on: .epoch) == nil)
        var chart = LineChart(series: [ChartSeries(label: "a", series: series)])
        (chart.xAxis, chart.cursor) = (.epoch, 3)
        #expect(chart.readout().map(\.value) == [4])
        series.append(SeriesPoint(step: 3, epoch: 1, time: 2, value: 3))
        #expect(series.knows(.epoch))
    }

    @Test func `the whole fit stands still while x is zoomed`() {
        var chart = LineChart(series: [ChartSeries(label: "a", series: points([5, 4, 3, 2, 1]))])
        let rect = Rect(x: 0, y: 0, width: 80, height: 20)
        chart.yFit = .whole
        let before = chart.layout(in: rect).yRange
        chart.viewport.x = 3...4
        #expect(chart.layout(in: rect).yRange == before)
        chart.yFit = .window
        #expect(chart.layout(in: rect).yRange.upperBound < 3)
    }

    @Test func `examples are epochs times rows, and nothing where the rows are not known`() {
        var series = points([3, 2, 1])
        #expect(series.xExtent(on: .examples) == nil)
        series.examplesPerEpoch = 160
        #expect(series.xExtent(on: .examples) == 0...320)
        #expect(series.nearestIndex(to: 150, on: .examples) == 1)
        var chart = LineChart(series: [ChartSeries(label: "a", series: series)])
        chart.xAxis = .examples
        chart.cursor = 320
        #expect(chart.readout().first?.value == 1)
        #expect(chart.xText(320) == "320")
    }
}
