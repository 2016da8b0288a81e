import Foundation
import JSON
import Testing

@testable import Monitoring

/// What scipy and evidently say, and Deequ's definitions: make_reference.py.
struct Reference {
    static let json: JSONValue = {
        guard let url = Bundle.module.url(forResource: "reference", withExtension: "json", subdirectory: "Files"),
            let text = try? String(contentsOf: url, encoding: .utf8), let json = try? JSONValue(parsing: text)
        else { return .null }
        return json
    }()

    static func sketch(_ json: JSONValue?) -> QuantileSketch {
        var sketch = QuantileSketch()
        for value in (json?.array ?? []).compactMap(\.double) { sketch.add(value) }
        return sketch
    }

    static func texts(_ json: JSONValue?) -> TextStatistics {
        var counts: [String: Int] = [:]
        for value in (json?.array ?? []).compactMap(\.string) { counts[value, default: 0] += 1 }
        return TextStatistics(counts)
    }
}

@Suite("Distances of distributions")
struct DistanceTests {
    private func isNear(_ value: Double?, _ expected: Double?, _ tolerance: Double = 1e-9) -> Bool {
        guard let value, let expected else { return value == nil && expected == nil }
        return abs(value - expected) <= tolerance * max(1, abs(expected))
    }

    @Test func `numbers as scipy and evidently measure them`() throws {
        let cases = try #require(Reference.json["numbers"]?.array)
        #expect(cases.count == 4)
        for each in cases {
            let name = each["name"]?.string ?? ""
            let first = Reference.sketch(each["first"]), second = Reference.sketch(each["second"])
            let gap = Distance.ofNumbers(first, second), shares = Shares(first, second), ranks = RankTests(first, second)
            #expect(isNear(gap, each["distance"]?.double), "\(name)")
            #expect(isNear(Distance.robust(gap, first.count, second.count), each["robust"]?.double), "\(name)")
            #expect(isNear(Distance.wasserstein(first, second), each["wasserstein"]?.double), "\(name)")
            #expect(isNear(Distance.stabilityIndex(shares.first, shares.second), each["psi"]?.double), "\(name)")
            #expect(isNear(Distance.jensenShannon(shares.first, shares.second), each["jensen_shannon"]?.double), "\(name)")
            #expect(isNear(ranks.ofPlace, each["place"]?.double), "\(name)")
            // scipy gives equal values the mean of their squares, and this the square of their mean.
            #expect(isNear(ranks.ofSpread, each["spread"]?.double, name == "ties" ? 0.02 : 1e-9), "\(name)")
            // An approximation beside scipy's exact value; both take ties for chance.
            let chance = Chance.ofDistance(gap, Double(first.count), Double(second.count)), exact = each["chance"]?.double ?? 0
            #expect(chance > exact * 0.8 && chance < exact * 1.2 + 1e-4, "\(name): \(chance) beside \(exact)")
        }
    }

    @Test func `texts as evidently and Deequ measure them`() throws {
        let cases = try #require(Reference.json["texts"]?.array)
        #expect(cases.count == 4)
        for each in cases {
            let name = each["name"]?.string ?? ""
            let first = Reference.texts(each["first"]), second = Reference.texts(each["second"]), shares = Shares(first, second)
            #expect(isNear(Distance.ofTexts(first, second), each["distance"]?.double), "\(name)")
            #expect(isNear(Distance.chiSquaredChance(first, second), each["chi_square"]?.double), "\(name)")
            #expect(isNear(Distance.stabilityIndex(shares.first, shares.second), each["psi"]?.double), "\(name)")
            #expect(isNear(Distance.jensenShannon(shares.first, shares.second), each["jensen_shannon"]?.double), "\(name)")
        }
    }

    @Test func `chances as scipy has them`() throws {
        for each in try #require(Reference.json["fisher"]?.array) {
            let numbers = (each.array ?? []).compactMap(\.double), counts = numbers.prefix(4).map { Int($0) }
            let chance = Chance.ofMore(counts[2], of: counts[3], than: counts[0], of: counts[1])
            #expect(isNear(chance, numbers[4], 1e-8), "\(counts)")
        }
        for each in try #require(Reference.json["chi_square_tail"]?.array) {
            let numbers = (each.array ?? []).compactMap(\.double)
            let tail = Chance.ofChiSquare(numbers[0], freedom: numbers[1])
            #expect(abs(tail / numbers[2] - 1) < 1e-9, "\(numbers)")
        }
    }

    /// Allowances of the facts: 1.8 · √((n + m) / (n · m)).
    @Test(arguments: [(1000, 100, 0.189), (1000, 1000, 0.080), (10_000, 1_000, 0.060), (100_000, 10_000, 0.019)])
    func `few rows are allowed more`(baseline: Int, now: Int, allowance: Double) {
        #expect(abs(1 - Distance.robust(1, baseline, now) - allowance) < 0.0005)
        #expect(Distance.robust(allowance * 0.9, baseline, now) == 0)
    }
}

@Suite("Sketches of quantiles")
struct QuantileSketchTests {
    /// Values that come in no order: multiples of a number that shares no divisor with their count.
    private func values(_ count: Int) -> [Double] { (0..<count).map { Double($0 * 7919 % count) } }

    @Test func `few values are all there`() {
        var sketch = QuantileSketch()
        for value in values(2000) { sketch.add(value) }
        #expect(sketch.weighted.map(\.value) == (0..<2000).map(Double.init))
    }

    @Test func `of many a share is known to a thousandth, in a bounded space, however they are split`() {
        var whole = QuantileSketch(), parts = [QuantileSketch(), QuantileSketch(), QuantileSketch()]
        for (place, value) in values(300_000).enumerated() {
            whole.add(value)
            parts[place % 3].add(value)
        }
        var merged = parts[0]
        merged.merge(parts[1])
        merged.merge(parts[2])
        for sketch in [whole, merged] {
            #expect(sketch.count == 300_000)
            let weighted = sketch.weighted
            #expect(weighted.count < 8000)
            #expect(weighted.reduce(0) { $0 + $1.weight } == 300_000)
            var below = 0.0, worst = 0.0
            for (value, weight) in weighted {
                below += weight
                worst = max(worst, abs(below - value) / 300_000)
            }
            #expect(worst < 3.0 / 2048, "\(worst)")
        }
    }

    @Test func `what was written down is what was there, and what no sketch has is none`() throws {
        var sketch = QuantileSketch(size: 64)
        for value in values(5000) { sketch.add(value) }
        let read = try #require(QuantileSketch(levels: sketch.levels, size: 64, shrinking: sketch.shrinking))
        #expect(read.count == 5000 && read.weighted.map(\.value) == sketch.weighted.map(\.value))
        #expect(QuantileSketch(levels: [[.nan]], size: 64, shrinking: 0.64) == nil)
        #expect(QuantileSketch(levels: [], size: 64, shrinking: 0.64) == nil)
        #expect(QuantileSketch(levels: [[1]], size: 64, shrinking: 2) == nil)
        #expect(QuantileSketch(levels: [[Double]](repeating: [1, 2], count: 60), size: 64, shrinking: 0.64) == nil)
    }
}
