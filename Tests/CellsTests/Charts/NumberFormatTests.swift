import Testing

@testable import Cells

@Suite struct NumberFormatTests {
    @Test func `fixed decimals round and never say minus zero`() {
        #expect(NumberFormat.fixed(0.31214, decimals: 4) == "0.3121")
        #expect(NumberFormat.fixed(0.99996, decimals: 4) == "1.0000")
        #expect(NumberFormat.fixed(-0.00001, decimals: 3) == "0.000")
        #expect(NumberFormat.fixed(-2.5, decimals: 1) == "-2.5")
        #expect(NumberFormat.fixed(12, decimals: 0) == "12")
        #expect(NumberFormat.fixed(.nan, decimals: 2) == "nan")
        #expect(NumberFormat.fixed(-.infinity, decimals: 2) == "-inf")
        #expect(NumberFormat.fixed(1e300, decimals: 2) == "1.000e300")
    }

    @Test func `a value and its spread have one unit and as many decimals`() {
        let cases: [(Double, Double, String, String)] = [
            (23_380_000, 9_805_976, "23.38M", "9.81M"), (0.31214, 0.0201, "0.3121", "0.0201"), (41.234, 0.5, "41.23", "0.50"),
            (0.02, 1.5, "0.020", "1.500"), (1235, 12.4, "1235", "12"), (5, 0.000001, "5.000", "1.0e-6"),
            (-0.5, 0.25, "-0.5000", "0.2500"),
            (0, 0, "0", "0"),
        ]
        for (value, spread, first, second) in cases {
            let texts = NumberFormat.withSpread(value, spread)
            #expect(texts.value == first && texts.spread == second, "\(texts)")
        }
        #expect(NumberFormat.withSpread(.nan, 1).value == "nan")
    }

    @Test func `significant digits`() {
        let cases: [(Double, String)] = [
            (0.312134, "0.3121"), (41.234, "41.23"), (1234.6, "1235"), (123_456, "123456"), (9.99996, "10.00"),
            (1.2344e-7, "1.234e-7"), (1.5e12, "1.500T"), (0, "0"), (-0.05, "-0.05000"),
        ]
        for (value, text) in cases { #expect(NumberFormat.significant(value) == text) }
    }

    @Test func `compact numbers have SI suffixes and no trailing zeros`() {
        let cases: [(Double, String)] = [
            (41_234, "41.2k"), (1_050_000, "1.05M"), (999.6, "1k"), (12, "12"), (0.5, "0.5"), (0.001, "0.001"), (1e-5, "1e-5"),
            (2.5e9, "2.5G"), (-1500, "-1.5k"), (1e15, "1e15"), (999_999, "1M"),
        ]
        for (value, text) in cases { #expect(NumberFormat.compact(value) == text) }
    }

    @Test func `thousands are separated`() {
        #expect([0, 999, 1000, 20_640, -1_234_567].map(NumberFormat.grouped) == ["0", "999", "1,000", "20,640", "-1,234,567"])
        #expect(NumberFormat.grouped(.min) == "-9,223,372,036,854,775,808")
    }

    @Test func `deltas line up and carry their sign`() {
        #expect(NumberFormat.delta(0.306) == "+.306")
        #expect(NumberFormat.delta(-0.0712) == "−.071")
        #expect(NumberFormat.delta(1.25) == "+1.250")
        #expect(NumberFormat.delta(-0.0001) == "±.000")
    }

    @Test func `durations are told in two units`() {
        let cases: [(Double, String)] = [
            (0, "0s"), (0.0000123, "12.3µs"), (0.85, "850ms"), (4.2, "4.2s"), (59.6, "1m 00s"), (83, "1m 23s"),
            (7500, "2h 05m"), (273_600, "3d 4h"), (-4.2, "-4.2s"), (.nan, "nan"),
        ]
        for (value, text) in cases { #expect(NumberFormat.duration(value) == text) }
    }

    @Test func `percent, bytes and clock`() {
        #expect(NumberFormat.percent(0.934) == "93 %")
        #expect(NumberFormat.percent(0.5, decimals: 1) == "50.0 %")
        #expect([0, 999, 1000, 123_456_789, 9_960_000].map(NumberFormat.bytes) == ["0 B", "999 B", "1.0 kB", "123 MB", "10 MB"])
        #expect(NumberFormat.clock(50_531) == "14:02:11")
        #expect(NumberFormat.clock(-1, showsSeconds: false) == "23:59")
        #expect(NumberFormat.clock(0, utcOffsetSeconds: 5400) == "01:30:00")
    }

    @Test func `every double is written without a trap and short enough for a cell`() {
        var generator = SampleGenerator(seed: 9)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            for text in [
                NumberFormat.fixed(value, decimals: 4), NumberFormat.significant(value), NumberFormat.compact(value),
                NumberFormat.duration(value), NumberFormat.delta(value), NumberFormat.percent(value), NumberFormat.clock(value),
                NumberFormat.tick(value, step: abs(value) / 3), NumberFormat.elapsed(value, step: 5),
            ] { #expect(!text.isEmpty && text.count <= 24, "\(value): \(text)") }
            #expect(NumberFormat.fitted(value, width: 9).count <= 9, "\(value)")
        }
    }

    @Test func `written numbers read back as themselves`() {
        var generator = SampleGenerator(seed: 10)
        for _ in 0..<5000 {
            let value =
                Double.random(in: -1...1, using: &generator) * NumberFormat.powerOfTen(Int.random(in: -9...9, using: &generator))
            let text = NumberFormat.significant(value, digits: 6)
            let unit = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12][text.suffix(1)]
            let read = (Double(unit == nil ? text : String(text.dropLast())) ?? .nan) * (unit ?? 1)
            #expect(abs(read - value) <= abs(value) * 5.1e-6, "\(value) as \(NumberFormat.significant(value, digits: 6))")
        }
    }
}
