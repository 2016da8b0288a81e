import Files
import TemporaryFolders
import Testing

@testable import Tables

@Suite struct ColumnStatisticsTests {
    private static func table(_ text: String) throws -> Table {
        let folder = try TemporaryFolder()
        return try Table(contentsOf: try folder.write(text, as: "rows.csv"))
    }

    private static func table() throws -> Table {
        let rows = (0..<60).map { row in
            "\(row % 7),\(["red", "green"][row % 2]),\(row % 3 == 0 ? "no" : "yes"),\(row * 3)"
        }
        return try table("n,colour,flag,y\n" + rows.joined(separator: "\n") + "\n")
    }

    @Test func `what all rows teach replaces what a sample taught`() throws {
        let table = try Self.table()
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<60), target: "y", standardises: false)
        let whole = pipeline.corrected(by: [
            "n": ColumnStatistics(missing: 0, median: 5.25),
            "colour": ColumnStatistics(missing: 4, counts: ["red": 10, "green": 20, "blue": 1]),
            "flag": ColumnStatistics(missing: 0, counts: ["yes": 30, "no": 10]),
        ])
        #expect(
            whole.featureNames
                == ["n", "colour=blue", "colour=green", "colour=red", "colour=(missing)", "colour=(other)", "flag"])
        let other = try Self.table("n,colour,flag,y\n,blue,,1\n2,,yes,2\n")
        let features = try whole.transform(other)
        #expect(features.elements == [5.25, 1, 0, 0, 0, 0, 0.75, 2, 0, 0, 0, 1, 0, 1])
    }

    @Test func `classes that only some rows have are admitted in their order`() {
        let encoding = TargetEncoding.classes(column: "y", ["1", "3"])
        #expect(encoding.admitting(["10", "2", "1"]).classes == ["1", "2", "3", "10"])
        #expect(encoding.admitting(["3"]) == encoding)
        #expect(TargetEncoding.numeric(column: "y").admitting(["a"]) == .numeric(column: "y"))
    }

    @Test func `columns that processes without this program cannot encode are named`() throws {
        let rows = (0..<60).map { "2024-01-\($0 % 27 + 1 < 10 ? "0" : "")\($0 % 27 + 1),\($0 % 5),\($0)" }
        let table = try Self.table("day,n,y\n" + rows.joined(separator: "\n") + "\n")
        let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<60), target: "y", standardises: false)
        let fault = try #require(pipeline.clusterFault(table.schema))
        #expect(fault.contains("day (dates)") && fault.contains("--drop day"))
        #expect(
            try FeaturePipeline.fit(Self.table(), rows: [0, 1, 2, 3], target: "y", standardises: false)
                .clusterFault(Self.table().schema) == nil)
    }

    @Test func `words for missing values are those that the cluster's readers have`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(decoding: #require(FileContents.bytes("/\(root)/python/descent/_spark/missing.py")), as: UTF8.self)
        let parts = text.split(separator: "TEXTS = ")
        for word in MissingWords.words {
            let written = word == "\\n" ? "\\\\n" : word
            #expect(parts[0].contains("\"\(written)\""), "\(word)")
        }
        // What stands for a missing text is one among numbers too.
        for word in ["?", "NA", "NaN", "nan", "N/A", "n/a", "NAN", "null", "NULL", "None", "<NA>", "#N/A", "Null"] {
            #expect(parts[1].contains("\"\(word)\"") && MissingWords.isUsual(word), "\(word)")
        }
    }
}
