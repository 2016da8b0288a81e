import Events
import JSON
import Tables
import TemporaryFolders
import Testing

@testable import Training

/// A profile whose figures come from elsewhere.
@Suite struct SampledProfileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sample(_ text: String, target: String? = nil, _ reading: [String: String] = [:]) throws -> SampledProfile {
        try SampledProfile(path: try folder.write(text, as: "sample.csv"), target: target, reading: reading)
    }

    private func files(_ rows: Int) -> SampledProfile.Files {
        .init(
            path: "rows/", fingerprint: "0123456789abcdef0123", byteCount: 1000, rowCount: rows, count: 3, delimiter: ";",
            hasHeader: false)
    }

    @Test func `how columns are read is decided by how they are written`() throws {
        let rows = (1...9).map { "\($0),\($0).5,2024-01-0\($0),0\($0).02.2024,\"1\($0),5\",yes,word\($0 % 3)\n" }.joined()
        let profile = try sample(
            "whole,number,day,local,comma,truth,kind\n" + rows + "1,1.5,2024-01-01,25.02.2024,\"1,5\",no,word1\n")
        #expect(
            profile.wishes.map { "\($0.name) \($0.reading)\($0.isWhole ? " whole" : "")" } == [
                "whole numbers whole", "number numbers", "day dates", "local texts", "comma texts", "truth truths", "kind texts",
            ])
    }

    @Test func `figures of all rows stand in the place of the sample's, and decide what is warned of`() throws {
        let profile = try sample("x,kind\n" + (0..<30).map { "\($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined())
        let statistics = ColumnSummary.NumberSummary(
            mean: 5, standardDeviation: 2, minimum: 1, lowerQuartile: 3, median: 5, upperQuartile: 7, maximum: 9,
            histogram: [40, 60], binWidth: 4)
        let found = try profile.profile(
            files(1000),
            [
                "x": (
                    .numbers,
                    .init(count: 100, distinct: 9, mostFrequent: [.init(value: .number(3), count: 40)], statistics: statistics)
                ),
                "kind": (
                    .texts,
                    .init(count: 1000, distinct: 1, mostFrequent: [.init(value: .text("a"), count: 1000)], statistics: nil)
                ),
            ])
        #expect(found.rowCount == 1000 && found.byteCount == 1000 && found.path == "rows/" && found.delimiter == ";")
        #expect(found.fingerprint == "0123456789abcdef" && !found.hasHeader && found.reading?.fileCount == 3)
        let x = found.columns[0]
        #expect(x.missing == 900 && x.distinct == 9 && x.statistics?.median == 5 && x.mostFrequent.first?.value == "3")
        let codes = found.warnings.map { "\($0.code) \($0.column ?? "")" }
        #expect(codes.contains("manyMissing x") && codes.contains("constantColumn kind"))
        #expect(found.warnings.contains { $0.message.contains("come from 30 of the 1000 rows, all figures from all of them") })
    }

    @Test func `where the sample is all, it is the profile of one machine`() throws {
        let text =
            "x,kind,day\n" + (0..<40).map { "\($0 * 7 % 11).5,\($0 % 3 == 0 ? "" : "k\($0 % 5)"),2024-01-1\($0 % 10)\n" }.joined()
        let profile = try sample(text, target: "kind")
        let path = try folder.write(text, as: "whole.csv")
        let whole = try DatasetProfiling.profile(path: path, target: "kind")
        let table = try TableProfile(try Table(contentsOf: path))
        var columns: [String: (reading: SampledProfile.Reading, figures: WholeFigures.ColumnFigures)] = [:]
        for column in table.columns {
            let top = column.mostFrequent.map { WholeFigures.Frequency(value: .text($0.value), count: $0.count) }
            columns[column.name] = (
                column.name == "kind" ? .texts : .numbers,
                .init(count: column.count, distinct: column.distinct, mostFrequent: top, statistics: column.statistics)
            )
        }
        var all = files(40)
        (all.path, all.fingerprint, all.byteCount, all.count) = (whole.path, whole.fingerprint, whole.byteCount, 1)
        (all.delimiter, all.hasHeader) = (",", true)
        let found = try profile.profile(all, columns)
        #expect(found.json == whole.json)
    }

    @Test func `a column that is only counted is named, and a target that is not there`() throws {
        let text = "x,y\n" + (0..<20).map { "\"\($0),5\",1\n" }.joined()
        let profile = try sample(text)
        let counted = WholeFigures.ColumnFigures(count: 20, distinct: 20, mostFrequent: [], statistics: nil)
        let found = try profile.profile(files(20), ["x": (.texts, counted), "y": (.numbers, counted)])
        let message = found.warnings.first { $0.code == "streamed" }?.message ?? ""
        #expect(
            message.hasPrefix("x has numbers written")
                && message.contains("not read on spark: its values are counted as they are written"))
        let error = #expect(throws: TableError.self) { try sample(text, target: "z") }
        #expect(error?.code == .columnNotFound)
    }
}
