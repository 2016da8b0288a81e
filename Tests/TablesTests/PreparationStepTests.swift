import Testing

@testable import Tables

/// Steps of preparing features that are left out.
@Suite struct PreparationStepTests {
    private let count = 400

    private var table: Table {
        let rows = Array(0..<count)
        let gaps = rows.map { $0 % 3 == 0 ? Double.nan : Double(($0 * 7) % 11) }
        let words = (0..<40).map { "city-\($0)" }
        let notes = rows.map { "the order of \($0 % 7) apples came \($0 % 5) days late and box \($0) was broken" }
        return Table(columns: [
            Column(name: "gaps", kind: .numeric, storage: .numbers(gaps)),
            Column(name: "day", kind: .date, storage: .numbers(rows.map { 1_600_000_000 + Double($0) * 86_400 })),
            Column(name: "city", kind: .categorical, storage: .codes(rows.map { Int32($0 % 40) }, dictionary: words)),
            Column(name: "note", kind: .text, storage: .codes(rows.map(Int32.init), dictionary: notes)),
            Column(name: "y", kind: .numeric, storage: .numbers(rows.map { Double($0 % 40) })),
        ])
    }

    private func features(_ style: FeatureOptions.Style, without: Set<PreparationStep> = []) throws -> [String] {
        var options = FeatureOptions(style: style)
        options.without = without
        options.text["note"] = .words
        options.outcome =
            style == .trees
            ? TrainingOutcome(name: "y", classes: nil, targets: (0..<count).map { Float($0 % 40) }, seed: 1) : nil
        return try FeaturePipeline.fit(table, rows: Array(0..<count), target: "y", standardises: false, options: options)
            .featureNames
    }

    @Test func eachStepLeavesItsOwnFeaturesOut() throws {
        let linear = try features(.linear), trees = try features(.trees)
        let flags = try features(.linear, without: [.missingFlags])
        #expect(linear.contains("gaps (missing)") && flags == linear.filter { $0 != "gaps (missing)" })
        let days = try features(.linear, without: [.dateParts])
        #expect(linear.count { $0.hasPrefix("day") } > 1 && days.filter { $0.hasPrefix("day") } == ["day"])
        let texts = try features(.linear, without: [.textTerms])
        #expect(linear.contains { $0.hasPrefix("note") } && !texts.contains { $0.hasPrefix("note") })
        // Of many categories trees have the mean of the target, or the frequent ones.
        let means = try features(.trees, without: [.categoryMeans])
        #expect(trees.filter { $0.hasPrefix("city") } != means.filter { $0.hasPrefix("city") })
        #expect(trees.count { $0.hasPrefix("city") } < means.count { $0.hasPrefix("city") }, "\(trees) \(means)")
    }
}
