import Testing

@testable import Debugging

/// Windows against the same computed from scratch at every value.
@Suite struct RollingTests {
    /// Values with ties, jumps and a large offset.
    private func values(_ seed: UInt64, _ count: Int) -> [Double] {
        var chance = Chance(seed)
        return (0..<count).map { place in
            switch seed % 3 {
            case 0: Double(chance.index(below: 5))
            case 1: 1e6 + chance.normal()
            default: chance.normal() * (place % 50 == 0 ? 1e9 : 1)
            }
        }
    }

    private func windows(_ values: [Double], _ length: Int) -> [ArraySlice<Double>?] {
        values.indices.map { $0 + 1 >= length ? values[($0 + 1 - length)...$0] : nil }
    }

    @Test(arguments: [1, 2, 3, 7, 64, 99], 1...6) func extremesAreThoseOfTheWindow(length: Int, seed: Int) {
        let values = values(UInt64(seed), 300)
        var smallest = RollingExtreme(window: length, isMaximum: false), largest = RollingExtreme(window: length, isMaximum: true)
        let (found, most) = (values.map { smallest.add($0) }, values.map { largest.add($0) })
        #expect(found == windows(values, length).map { $0?.min() })
        #expect(most == windows(values, length).map { $0?.max() })
    }

    @Test(arguments: [1, 2, 3, 7, 64, 99], 1...6) func theMedianIsThatOfTheWindow(length: Int, seed: Int) {
        let values = values(UInt64(seed), 300)
        var rolling = RollingMedian(window: length)
        let expected = windows(values, length).map { window -> Double? in
            guard let sorted = window?.sorted() else { return nil }
            let middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
        }
        let found = values.map { rolling.add($0) }
        #expect(found == expected)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 99], 1...6) func meanAndDeviationAreThoseOfTheWindow(length: Int, seed: Int) throws {
        let values = values(UInt64(seed), 1_000)
        var rolling = RollingMoments(window: length)
        for (value, window) in zip(values, windows(values, length)) {
            let found = rolling.add(value)
            guard let window else {
                #expect(found == nil)
                continue
            }
            let count = Double(window.count), mean = window.reduce(0, +) / count
            let squares = window.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = count > 1 ? (squares / (count - 1)).squareRoot() : 0
            // A value of 1e9 that has left the window leaves its rounding behind for as long as the window is.
            let scale = values.map(abs).max() ?? 1
            #expect(abs((try #require(found)).mean - mean) <= 1e-12 * scale)
            #expect(abs((try #require(found)).deviation - deviation) <= 1e-6 * max(scale, 1) * 0.1 + 1e-9)
        }
    }

    @Test func whatWasBeforeIsWhatWasAddedThen() {
        var delay = Delay(3)
        let found = (1...6).map { delay.add(Double($0)) }
        #expect(found == [nil, nil, nil, 1, 2, 3])
    }
}
