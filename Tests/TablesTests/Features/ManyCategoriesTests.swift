import Numerics
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@testable import Tables

@Suite struct ManyCategoriesTests {
    private static let shops = "aaaabbbccd".map { String($0) }
    private static let amounts: [Float] = [1, 2, 3, 6, 10, 11, 15, 0, 4, 20]

    private func means(_ outcome: TrainingOutcome, smoothing: Double? = 10) -> (CategoryMeans, Column) {
        let names = ["a", "b", "c", "d"]
        let codes = Self.shops.map { Int32(names.firstIndex(of: $0) ?? 0) }
        let column = Column(name: "shop", kind: .categorical, storage: .codes(codes, dictionary: names))
        return (
            CategoryMeans(
                column, CategorySlots(categories: names, hasMissing: false), rows: Array(0..<10), outcome, smoothing: smoothing),
            column
        )
    }

    /// scikit-learn 1.9.1: `TargetEncoder(smooth=10, target_type=...).fit(shops, y).encodings_`.
    @Test func `means of all rows are those of scikit-learn`() {
        let (numbers, _) = means(TrainingOutcome(name: "y", classes: nil, targets: Self.amounts, seed: 0))
        for (mean, expected) in zip(numbers.means, [6, 8.307_692_31, 6.333_333_33, 8.363_636_36, 7.2] as [Float]) {
            #expect(abs(mean - expected) < 1e-5)
        }
        #expect(numbers.counts == [4, 3, 2, 1, 0])
        let (shares, _) = means(
            TrainingOutcome(name: "y", classes: ["no", "yes"], targets: [0, 1, 1, 0, 1, 1, 1, 0, 0, 1], seed: 0))
        for (mean, expected) in zip(shares.means, [0.571_428_57, 0.692_307_69, 0.5, 0.636_363_64, 0.6] as [Float]) {
            #expect(abs(mean - expected) < 1e-6)
        }
        #expect(shares.featureNames("shop") == ["shop (share of yes)", "shop (log count)"])
    }

    @Test func `a training row has the mean of the other folds' rows, by weight`() {
        let weights: [Float] = [1, 2, 1, 0, 1, 1, 3, 1, 1, 1]
        let outcome = TrainingOutcome(name: "y", classes: nil, targets: Self.amounts, weights: weights, seed: 5)
        let (means, column) = means(outcome)
        let found = means.outOfFold(column, rows: Array(0..<10), outcome)
        for row in 0..<10 {
            let others = (0..<10).filter { outcome.fold(ofRow: $0, of: 5) != outcome.fold(ofRow: row, of: 5) }
            let sum = { (rows: [Int]) in rows.reduce(Float(0)) { $0 + weights[$1] * Self.amounts[$1] } }
            let count = { (rows: [Int]) in rows.reduce(Float(0)) { $0 + weights[$1] } }
            let own = others.filter { Self.shops[$0] == Self.shops[row] }
            let expected = (sum(own) + 10 * sum(others) / count(others)) / (count(own) + 10)
            #expect(abs(found[row] - expected) < 1e-5, "row \(row)")
        }
    }

    /// By hand: sums of squares 14 + 14 + 8 within a, b and c; a typical size of (10 - 30 / 10) / 3.
    @Test func `how far means are drawn to the average follows from the data`() {
        let outcome = TrainingOutcome(name: "y", classes: nil, targets: Self.amounts, seed: 0)
        let smoothing = means(outcome, smoothing: nil).0.smoothing[0]
        let total = Self.amounts.reduce(0) { $0 + ($1 - 7.2) * ($1 - 7.2) }
        let within = Double(14 + 14 + 8) / 6, between = (Double(total) - 36) / 3
        #expect(abs(smoothing - within / ((between - within) / (7.0 / 3))) < 1e-5, "\(smoothing)")
        // Weighing all rows alike changes nothing but what a row is counted as.
        var weighed = outcome
        weighed.weights = [Float](repeating: 4, count: 10)
        #expect(abs(means(weighed, smoothing: nil).0.smoothing[0] - 4 * smoothing) < 1e-4)
    }

    /// 400 keys of five rows each on average, and a target that has nothing to do with them.
    private static func noise() throws -> (Table, [Float]) {
        var random = RandomSource(seed: 11)
        let targets = (0..<2000).map { _ in Float(random.normal()) }
        let keys = (0..<2000).map { _ in "k\(random.next() % 400)" }
        let text = "key,y\n" + zip(keys, targets).map { "\($0),\($1)\n" }.joined()
        return (try Table.of(text), targets)
    }

    private func correlation(_ left: [Float], _ right: [Float]) -> Float {
        let count = Float(left.count), means = [left, right].map { $0.reduce(0, +) / count }
        var (products, squares, others) = (Float(0), Float(0), Float(0))
        for (a, b) in zip(left, right) {
            products += (a - means[0]) * (b - means[1])
            squares += (a - means[0]) * (a - means[0])
            others += (b - means[1]) * (b - means[1])
        }
        return products / (squares * others).squareRoot()
    }

    @Test func `a row's own target has no part in its features`() throws {
        let (table, targets) = try Self.noise()
        let rows = Array(0..<2000)
        var options = FeatureOptions(style: .trees)
        options.outcome = TrainingOutcome(name: "y", classes: nil, targets: targets, seed: 3)
        let pipeline = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: false, options: options)
        #expect(pipeline.featureNames == ["key (mean of y)", "key (log count)"])
        let plain = try pipeline.transform(table, rows: rows)
        let training = try pipeline.trainingMatrix(table, rows: rows, outcome: options.outcome)
        let first = { (matrix: Matrix) in (0..<2000).map { matrix[$0, 0] } }
        // Over all rows a mean tells its row's target; out of fold it must not.
        #expect(correlation(first(plain), targets) > 0.35)
        #expect(abs(correlation(first(training), targets)) < 0.1)
        #expect((0..<2000).allSatisfy { plain[$0, 1] == training[$0, 1] })
        #expect(try pipeline.trainingMatrix(table, rows: rows, outcome: options.outcome) == training)
        // Values that training did not have: the average, and no rows.
        let unseen = try pipeline.transform(try Table.of("key,y\nnew,1\n"))
        let average = targets.reduce(0, +) / 2000
        #expect(abs(unseen[0, 0] - average) < 1e-4 && unseen[0, 1] == 0)
    }

    @Test func `classes have a share each, the most frequent ten of many`() {
        let targets = (0..<200).map { Float($0 % 12 < 11 ? $0 % 12 : 0) }
        let outcome = TrainingOutcome(name: "y", classes: (0..<12).map { "c\($0)" }, targets: targets, seed: 0)
        #expect(outcome.columns(limit: 10).map(\.label) == (0..<10).map { "share of c\($0)" })
        #expect(outcome.columns(limit: 3).first?.value(11) == 1)
    }

    private static func cities(_ count: Int) throws -> Table {
        try Table.of(
            "x,city,y\n" + (0..<count * 6).map { "\($0 % 7),city\($0 % count),\($0 % 5)\n" }.joined() + "1,,2\n")
    }

    @Test func `every style of learner has a form for many categories, and few are a feature each`() throws {
        // Of 300: one number, a mean and how frequent it is, or 50 of them, missing and other ones and how frequent each is.
        for (style, width) in [(FeatureOptions.Style.linear, 1), (.network, 1), (.trees, 2), (.distances, 53)] {
            for (count, width) in [(20, 22), (300, width)] {
                let table = try Self.cities(count), rows = Array(0..<table.rowCount)
                var options = FeatureOptions(style: style, codesFrom: style == .linear || style == .network ? 64 : nil)
                options.outcome = TrainingOutcome(name: "y", classes: nil, targets: rows.map { Float($0 % 5) }, seed: 1)
                let pipeline = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: false, options: options)
                #expect(pipeline.featureCount == 1 + width, "\(style) \(count)")
                #expect(pipeline.warnings.map(\.code) == (count == 20 ? [] : [.featureChoice]))
            }
        }
        let table = try Self.cities(300)
        let pipeline = try FeaturePipeline.fit(
            table, rows: Array(0..<table.rowCount), target: "y", standardises: false,
            options: FeatureOptions(style: .distances))
        #expect(pipeline.unscaledFeatures == [1..<53])
        let loaded = try JSONDecoder().decode(FeaturePipeline.self, from: JSONEncoder().encode(pipeline))
        #expect(try loaded.transform(table) == pipeline.transform(table))
    }

    @Test func `a damaged table of means is refused`() throws {
        let table = try Self.cities(30), rows = Array(0..<table.rowCount)
        var options = FeatureOptions(style: .trees)
        options.outcome = TrainingOutcome(
            name: "y", classes: nil, targets: rows.map { Float($0 % 5) }, seed: 1)
        let pipeline = try FeaturePipeline.fit(table, rows: rows, target: "y", standardises: false, options: options)
        let text = String(decoding: try JSONEncoder().encode(pipeline), as: UTF8.self)
        #expect(try JSONDecoder().decode(FeaturePipeline.self, from: Data(text.utf8)) == pipeline)
        for (old, new) in [
            ("\"means\":[", "\"means\":[0,"), ("\"counts\":[6,", "\"counts\":[-6,"), ("\"counts\":[6,", "\"counts\":["),
            ("\"labels\":[", "\"labels\":[\"more\","), ("\"city10\"", "\"zzz\""),
        ] {
            #expect(text.contains(old), "\(old)")
            #expect(throws: DecodingError.self, "\(new)") {
                try JSONDecoder().decode(FeaturePipeline.self, from: Data(text.replacing(old, with: new).utf8))
            }
        }
    }
}
