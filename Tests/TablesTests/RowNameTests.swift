import Testing

@testable import Tables

/// Columns that only name the row are left out; what may measure something never is.
@Suite struct RowNameTests {
    private static let count = 60

    /// The column `name` of whole numbers beside two features, and the warnings about it.
    private static func pipeline(
        _ name: String, _ values: [String], kept: Set<String> = [], style: FeatureOptions.Style = .linear, others: Bool = true
    ) throws -> FeaturePipeline {
        let lines = values.enumerated().map { row, value in
            value + (others ? ",\(row * 7 % 11),\(["u", "v"][row % 3 % 2])" : "") + ",\(Double(row * 13 % 17) + 0.5)"
        }
        let head = "\"\(name)\"" + (others ? ",a,kind" : "") + ",y\n"
        let table = try Table.of(head + lines.joined(separator: "\n") + "\n", options: ReadOptions(header: .first))
        var options = FeatureOptions(style: style)
        options.kept = kept
        return try FeaturePipeline.fit(table, rows: Array(0..<values.count), target: "y", standardises: false, options: options)
    }

    private static let shuffled = (0..<count).map { String(1 + $0 * 37 % count) }
    private static let counted = (0..<count).map { String($0 + 1) }

    @Test(arguments: ["PassengerId", "customer_id", "ID", "order no", "Invoice Number", "row_number", "userKey", "index", "uid"])
    func `whole numbers that all differ and are called a key are no feature`(name: String) throws {
        let pipeline = try Self.pipeline(name, Self.shuffled)
        #expect(!pipeline.columnNames.contains(name))
        let quoted = name.contains(" ") ? "'\(name)'" : name
        #expect(
            pipeline.warnings.first?.message
                == "\(name) names the row (60 distinct whole numbers): it is not used; --keep \(quoted) uses it")
        #expect(pipeline.warnings.first?.code == .rowName)
    }

    @Test(arguments: ["Unnamed: 0", "subject", "column_1"])
    func `numbers that count the rows of the file are no feature`(name: String) throws {
        let pipeline = try Self.pipeline(name, Self.counted)
        #expect(!pipeline.columnNames.contains(name))
        #expect(pipeline.warnings.first?.message.hasPrefix("\(name) numbers the rows of the file from 1: ") == true)
        #expect(try !Self.pipeline(name, (0..<60).map(String.init)).columnNames.contains(name))
        // From another number on, or not in the file's order, they may be anything.
        #expect(try Self.pipeline("subject", (5..<65).map(String.init)).columnNames.contains("subject"))
        #expect(try Self.pipeline("subject", Self.shuffled).columnNames.contains("subject"))
    }

    @Test(arguments: ["t", "ts", "time", "epoch", "step", "year", "day_no", "week", "x", "depth", "size"])
    func `what may measure something stays`(name: String) throws {
        #expect(try Self.pipeline(name, Self.counted).columnNames.first == name)
    }

    @Test func `what repeats is no name of a row, whatever it is called`() throws {
        #expect(try Self.pipeline("shop_id", (0..<60).map { String($0 % 58) }).columnNames.contains("shop_id"))
        #expect(try Self.pipeline("price_index", Self.shuffled).columnNames.contains("price_index"))
        // Numbers with a point measure.
        #expect(try Self.pipeline("id", (0..<60).map { "\($0).5" }).columnNames.contains("id"))
    }

    @Test func `texts that are codes of one row each are no feature`() throws {
        for (name, value) in [
            ("ticket", { (row: Int) in "INV-\(1000 + row)" }),
            ("hash", { row in "\(String(UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15, radix: 16))-4a1b" }),
            ("id", { row in "k\(row)" }),
        ] as [(String, (Int) -> String)] {
            let pipeline = try Self.pipeline(name, (0..<60).map(value))
            #expect(pipeline.columnNames == ["a", "kind"])
            #expect(
                pipeline.warnings.first?.message
                    == "\(name) names the row (60 distinct texts): it is not used; --keep \(name) uses it")
        }
    }

    @Test func `a column that is all there is stays`() throws {
        #expect(try Self.pipeline("id", Self.shuffled, others: false).columnNames == ["id"])
        #expect(try Self.pipeline("x", Self.counted, others: false).columnNames == ["x"])
    }

    @Test func `kept columns are features whatever the rules say`() throws {
        #expect(try Self.pipeline("id", Self.shuffled, kept: ["id"]).columnNames.first == "id")
        let texts = (0..<60).map { "k\($0 / 2 * 2 + ($0 == 59 ? 1 : 0))" }
        let trees = try Self.pipeline("id", texts, kept: ["id"], style: .trees)
        #expect(trees.featureNames.prefix(2) == ["id=k0", "id=k10"])
        #expect(try Self.pipeline("same", texts.map { _ in "7" }, kept: ["same"]).columnNames.contains("same"))
        #expect(try Self.pipeline("same", texts.map { _ in "w" }, kept: ["same"]).columnNames.contains("same"))
        let table = try Table.of("id,y\n" + texts.map { "\($0),1.5\n" }.joined())
        var options = FeatureOptions(codesFrom: 8)
        options.kept = ["id"]
        let coded = try FeaturePipeline.fit(table, rows: Array(0..<60), target: "y", standardises: false, options: options)
        // 31 texts, and those that training did not have.
        #expect(coded.cardinalities == [32])
        let alone = try Table.of("id,y\n" + (0..<60).map { "k\($0),1.5\n" }.joined())
        let each = try FeaturePipeline.fit(alone, rows: Array(0..<60), target: "y", standardises: false, options: options)
        #expect(each.cardinalities == [61])
    }

    @Test func `the profile says so too`() throws {
        let lines = (0..<60).map { "\($0 * 37 % 60),\($0 % 7)" }
        let table = try Table.of("customer_id,a\n" + lines.joined(separator: "\n") + "\n")
        #expect(try TableProfile(table, target: "a").warnings.contains { $0.code == .rowName && $0.column == "customer_id" })
    }
}
