import Numerics
import Tables
import Testing

@testable import Monitoring

/// What neither a column nor a pair shows: three columns together, and changes that are slow.
@Suite struct TogetherTests {
    /// Columns, each by itself and every two of them alike in both; of the first three the product is above 0 in so much of the rows. Where it is so in
    /// 0.85 of a window's rows, no order of rows has a larger area than 0.675.
    private func table(_ count: Int, seed: UInt64, positive: Double = 0.5, columns width: Int = 6) -> Table {
        var random = RandomSource(seed: seed)
        func uniform() -> Double { Double(random.integer(below: 1 << 30)) / Double(1 << 30) }
        var columns = [[Double]](repeating: [], count: width)
        for _ in 0..<count {
            var row = (0..<width).map { _ in uniform() * 2 - 1 }
            let isPositive = uniform() < positive
            if (row[0] * row[1] * row[2] > 0) != isPositive { row[2] = -row[2] }
            for (place, value) in row.enumerated() { columns[place].append(value) }
        }
        return Table(columns: columns.enumerated().map { Column(name: "c\($0)", kind: .numeric, storage: .numbers($1)) })
    }

    private func report(_ baseline: Baseline, _ window: Table) throws -> DataQualityReport {
        try DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints).report(
            on: DatasetStatistics(window, as: baseline.statistics), rows: window, reference: baseline.reference)
    }

    @Test func threeColumnsTogetherAreSeenWhereNoneAndNoTwoShowIt() throws {
        let baseline = try Baseline(table(2000, seed: 1)), found = try report(baseline, table(1500, seed: 2, positive: 0.85))
        let together = try #require(found.together)
        #expect(together.area > 0.6 && together.area < 0.68 && together.error < 0.02, "\(together)")
        #expect(Set(together.columns) == ["c0", "c1", "c2"], "\(together)")
        #expect(
            found.violations.count == 1 && found.violations[0].description.contains("by columns together"), "\(found.violations)")
        // Without the rows there is nothing to be seen.
        let blind = try DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints).report(
            on: DatasetStatistics(table(1500, seed: 2, positive: 0.85), as: baseline.statistics))
        #expect(blind.violations.isEmpty)
    }

    /// scipy 1.17.1: `scipy.stats.t.sf`.
    @Test(arguments: [
        (-1.5, 8, 0.9139983540240444), (0.7, 2, 0.2781965123164327), (3.5, 8, 0.0040395411302059),
        (3.5, 24, 0.00092118217733), (5.0, 24, 2.07842818e-05),
    ])
    func deviatesOfAFewAreLikelierToBeLarge(deviate: Double, freedom: Int, expected: Double) {
        #expect(abs(Chance.ofDeviate(deviate, freedom: freedom) / expected - 1) < 1e-8)
    }

    @Test func quietWindowsAreGuessedAtAndSaidNothingOf() throws {
        let reference = try #require(DomainClassifier(reference: table(400, seed: 1, columns: 3)))
        var areas: [Double] = [], unlikely = 0
        for seed in 0..<40 {
            let outcome = try #require(reference.compare(table(200, seed: UInt64(100 + seed), columns: 3), limit: 1))
            areas.append(outcome.area)
            if outcome.chance < 0.05 { unlikely += 1 }
        }
        // 2 of 40 are to be expected; more than 6 are there in 1 of 200 tries.
        #expect(unlikely <= 6, "\(unlikely)")
        #expect(abs(areas.reduce(0, +) / 40 - 0.5) < 0.015)
    }

    @Test func rowsOfTheReferenceAreKeptWithTheBaselineAndReadAgain() throws {
        let table = table(2500, seed: 3), kept = try #require(DomainClassifier.reference(of: table))
        #expect(kept.rowCount == 2000 && kept.columns.count == 6)
        #expect(DomainClassifier.reference(of: self.table(50, seed: 1)) == nil)
    }

    // MARK: - Slow changes

    /// Kendall's S by `scipy.stats.kendalltau` of scipy 1.17.1, and `2 · norm.sf((S − 1) / √(n (n − 1) (2 n + 5) / 18))`.
    @Test func trendsAreAsLikelyAsKendallHasIt() {
        #expect(abs(WindowTrend.chance([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) - 8.303_070e-05) < 1e-9)
        #expect(abs(WindowTrend.chance([3, 1, 4, 1.5, 5, 9, 2, 6, 5.5, 3.5]) - 0.210_497_7) < 1e-6)
        #expect(WindowTrend.chance([2, 2, 2, 2]) == 1)
    }

    @Test func aSlowRiseIsSeenOverManyWindowsAndNotInOne() throws {
        func values(_ count: Int, at mean: Double, seed: UInt64) -> [Double] {
            var random = RandomSource(seed: seed)
            // Of deviation 1, nearly normal.
            return (0..<count).map { _ in
                (0..<12).reduce(mean - 6) { sum, _ in sum + Double(random.integer(below: 1 << 20)) / Double(1 << 20) }
            }
        }
        func window(_ place: Int, _ rise: Double) -> DatasetStatistics {
            let numbers = values(100, at: rise * Double(place), seed: UInt64(place) + 50)
            return DatasetStatistics(Table(columns: [Column(name: "x", kind: .numeric, storage: .numbers(numbers))]))
        }
        let baseline = try Baseline(
            Table(columns: [Column(name: "x", kind: .numeric, storage: .numbers(values(1000, at: 0, seed: 7)))]))
        let check = DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints)
        func violations(_ rise: Double) throws -> [ConstraintViolation] {
            let windows = (0..<24).map { window($0, rise) }
            // By itself the last shows nothing.
            #expect(try check.report(on: windows[23]).violations.isEmpty)
            return try check.report(on: windows[23], earlier: windows.dropLast().map(\.moments)).violations
        }
        let risen = try violations(0.014)
        #expect(risen.count == 1 && risen.first?.description.hasPrefix("it rises slowly: over 24 windows") == true, "\(risen)")
        #expect(try violations(0).isEmpty)
    }

    // MARK: - Without labels

    @Test func whatAModelIsWorthIsEstimatedByHowSureItIs() throws {
        var random = RandomSource(seed: 7)
        func uniform() -> Double { Double(random.integer(below: 1 << 30)) / Double(1 << 30) }
        // It says that it is surer than it is: right in 0.5 + (confidence − 0.5) / 2 of the rows.
        func rows(_ count: Int, from least: Double) -> (confidences: [Double], isRight: [Bool]) {
            let confidences = (0..<count).map { _ in least + (1 - least) * uniform() }
            return (confidences, confidences.map { uniform() < 0.5 + ($0 - 0.5) / 2 })
        }
        let held = rows(4000, from: 0.5)
        let calibration = try #require(ConfidenceCalibration(confidences: held.confidences, isRight: held.isRight))
        for least in [0.5, 0.7, 0.9] {
            let live = rows(3000, from: least), truth = Double(live.isRight.count { $0 }) / 3000
            let estimate = try #require(calibration.accuracy(of: live.confidences))
            #expect(abs(estimate.value - truth) < 3 * (estimate.error + 0.003), "\(least): \(estimate) and \(truth)")
            #expect(estimate.error > 0.004 && estimate.error < 0.03, "\(estimate)")
        }
        #expect(ConfidenceCalibration(confidences: [0.9], isRight: [true]) == nil)
        #expect(calibration.accuracy(of: [.nan]) == nil)
        #expect(try ConfidenceCalibration(json: calibration.json) == calibration)
        #expect(throws: MonitoringError.self) { try ConfidenceCalibration(json: .object([:])) }
    }
}
