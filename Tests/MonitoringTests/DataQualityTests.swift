import JSON
import Tables
import TemporaryFolders
import Testing

@testable import Monitoring

@Suite("Quality of data beside a baseline")
struct DataQualityTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    /// Rows that look random and are not: ages, cities, incomes with gaps.
    private func table(
        _ count: Int, from start: Int = 0, city: (Int) -> String = { ["bern", "rome", "oslo"][$0 * 7 % 11 % 3] },
        age: (Int) -> String = { "\(20 + $0 * 37 % 53)" },
        income: (Int) -> String = { $0 % 10 == 3 ? "" : "\(1000 + $0 * 613 % 997).5" }
    ) throws -> String {
        let rows = (start..<start + count).map { "\(age($0)),\(city($0)),\(income($0))" }
        return try scratch.write("age,city,income\n" + rows.joined(separator: "\n") + "\n", as: "rows-\(start)-\(count).csv")
    }

    private func baseline(falseAlarms: Double? = Baseline.usualFalseAlarms) throws -> Baseline {
        try Baseline(Table(contentsOf: table(2000)), falseAlarms: falseAlarms)
    }

    private func check(_ path: String, _ baseline: Baseline) throws -> DataQualityReport {
        let read = try Table(contentsOf: path, schema: baseline.readingSchema)
        return try DataQualityCheck(statistics: baseline.statistics, constraints: baseline.constraints)
            .report(on: DatasetStatistics(read, as: baseline.statistics))
    }

    private func kinds(_ report: DataQualityReport) -> [String] { report.violations.map { "\($0.feature) \($0.check)" } }

    @Test func `types, completeness and domains are what Deequ makes of the data`() throws {
        let made = try baseline(), features = made.statistics.features
        #expect(features.map(\.type) == [.integral, .string, .fractional])
        #expect(made.constraints.features.map(\.completeness) == [1, 1, 0.9])
        #expect(made.constraints.features[1].domain == ["bern", "oslo", "rome"])
        #expect(made.constraints.features[0].isNonNegative == true)
        let ages = try #require(features[0].numbers)
        // Of a population: 53 whole numbers, nearly as often each.
        #expect(ages.minimum == 20 && ages.maximum == 72 && ages.buckets.count == 10)
        #expect(ages.buckets.map(\.count).reduce(0, +) == 2000 && abs(ages.deviation - 15.3) < 0.1)
    }

    @Test func `rows of the same kind have no violation`() throws {
        let made = try baseline()
        for start in stride(from: 2000, to: 12_000, by: 500) {
            let report = try check(table(500, from: start), made)
            #expect(report.violations.isEmpty && report.drifted.isEmpty, "\(kinds(report))")
        }
    }

    @Test func `each kind of change is found, with the column`() throws {
        let made = try baseline()
        #expect(try kinds(check(table(400, age: { "\(28 + $0 * 37 % 53)" }), made)) == ["age baseline_drift_check"])
        #expect(try kinds(check(table(400, city: { $0 % 5 < 4 ? "bern" : "rome" }), made)) == ["city baseline_drift_check"])
        #expect(
            try kinds(check(table(400, city: { $0 % 20 == 0 ? "lima" : ["bern", "rome", "oslo"][$0 * 7 % 11 % 3] }), made))
                .contains("city categorical_values_check"))
        #expect(
            try kinds(check(table(400, income: { $0 % 2 == 0 ? "" : "\(1000 + $0 * 613 % 997).5" }), made))
                .contains("income completeness_check"))
        let typed = try check(table(400, age: { $0 % 50 == 7 ? "old" : "\(20 + $0 * 37 % 53)" }), made)
        #expect(kinds(typed) == ["age data_type_check"] && typed.violations[0].description.contains("8 are not"))
    }

    @Test func `names that every row has its own of are no drift`() throws {
        func ids(_ from: Int, _ count: Int) throws -> String {
            let rows = (from..<from + count).map { "user-\($0 * 7919 % 9973),\($0 * 37 % 101)" }
            return try scratch.write("id,x\n" + rows.joined(separator: "\n") + "\n", as: "ids\(from).csv")
        }
        let made = try Baseline(Table(contentsOf: ids(0, 4000)))
        #expect((made.statistics.features[0].texts?.others ?? 0) == 4000)
        let report = try check(ids(4000, 300), made)
        #expect(report.violations.isEmpty, "\(report.violations)")
    }

    @Test func `columns that no longer go together are seen, though each is as it was`() throws {
        func pairs(_ count: Int, _ tie: (Int) -> Int) throws -> String {
            let rows = (0..<count).map { "\($0 * 37 % 101),\(tie($0) * 3 % 303),\($0 * 53 % 97)" }
            return try scratch.write("a,b,c\n" + rows.joined(separator: "\n") + "\n", as: "pairs\(count)\(tie(1)).csv")
        }
        let made = try Baseline(Table(contentsOf: pairs(1010) { $0 * 37 % 101 }))
        #expect(try check(pairs(404) { $0 * 37 % 101 }, made).violations.isEmpty)
        let apart = try check(pairs(404) { $0 * 19 % 101 }, made)
        #expect(kinds(apart) == ["a baseline_drift_check"])
        let pair = try #require(apart.pairs.first)
        #expect(pair.first == "a" && pair.second == "b" && pair.before > 0.99 && abs(pair.now) < 0.3)
        #expect(apart.violations[0].description.hasPrefix("a and b go together otherwise"))
    }

    @Test func `columns that are gone and columns that are new`() throws {
        let path = try scratch.write(
            "age,income,zip\n" + (0..<300).map { "\(20 + $0 * 37 % 53),1200.5,\($0)" }.joined(separator: "\n") + "\n",
            as: "other.csv")
        let found = try kinds(check(path, baseline()))
        #expect(found.contains("city missing_column_check") && found.contains("zip extra_column_check"))
        let nothing = try scratch.write("a,b\n1,2\n", as: "nothing.csv")
        #expect { try check(nothing, baseline()) } throws: {
            "\($0)".contains("none of the baseline's columns (age, city, income)")
        }
    }

    @Test func `without a rate of false alarms constraints are applied as they stand`() throws {
        let strict = try baseline(falseAlarms: nil)
        // One row of 100 more without income is nothing but chance, and below what was seen.
        let few = try table(100, from: 2000, income: { $0 % 10 == 3 || $0 == 2000 ? "" : "\(1000 + $0 * 613 % 997).5" })
        #expect(try kinds(check(few, strict)) == ["income completeness_check"])
        #expect(try kinds(check(few, baseline())).isEmpty)
    }

    @Test func `what was written is what is read, and SageMaker's own files are`() throws {
        let made = try baseline()
        try made.write(to: scratch.path + "/b")
        let read = try Baseline(folder: scratch.path + "/b")
        #expect(read.statistics == made.statistics && read.constraints == made.constraints && read.schema == made.schema)
        // As AWS writes them: numbers with a decimal point, no member of ours.
        try scratch.write(
            """
            {"version":0.0,"dataset":{"item_count":4},"features":[{"name":"x","inferred_type":"Integral","numerical_statistics":\
            {"common":{"num_present":4,"num_missing":0},"mean":2.5,"sum":10.0,"std_dev":1.118033988749895,"min":1.0,"max":4.0,\
            "distribution":{"kll":{"buckets":[{"lower_bound":1.0,"upper_bound":4.0,"count":4.0}],"sketch":{"parameters":\
            {"c":0.64,"k":2048.0},"data":[[1.0,2.0,3.0,4.0]]}}}}}]}
            """, as: "statistics.json")
        try scratch.write(
            """
            {"version":0.0,"features":[{"name":"x","inferred_type":"Integral","completeness":1.0,"num_constraints":\
            {"is_non_negative":true}}],"monitoring_config":{"evaluate_constraints":"Enabled","emit_metrics":"Enabled",\
            "datatype_check_threshold":1.0,"domain_content_threshold":1.0,"distribution_constraints":{"perform_comparison":\
            "Enabled","comparison_threshold":0.1,"comparison_method":"Simple"}}}
            """, as: "constraints.json")
        let theirs = try Baseline(folder: scratch.path)
        #expect(theirs.constraints.configuration.falseAlarms == nil && theirs.constraints.configuration.numberMethod == .simple)
        let rows = try scratch.write("x\n2\n3\n4\n5.5\n", as: "x.csv")
        #expect(try kinds(check(rows, theirs)) == ["x data_type_check", "x baseline_drift_check"])
    }

    @Test func `files that are no baseline are named`() throws {
        #expect { try Baseline(folder: scratch.path + "/none") } throws: { "\($0)".contains("none/statistics.json is not there") }
        try scratch.write("{\"dataset\":", as: "statistics.json")
        #expect { try Baseline(folder: scratch.path) } throws: { "\($0)".contains("is no whole JSON document") }
        try scratch.write("{\"dataset\":{\"item_count\":1},\"features\":[{\"name\":\"x\"}]}", as: "statistics.json")
        #expect { try Baseline(folder: scratch.path) } throws: { "\($0)".contains("the statistics of 'x' have no inferred_type") }
    }
}
