import Testing

@testable import Tables

/// Indicators of missing values cost rows.
@Suite struct MissingFlagTests {
    private func names(rowCount: Int, columnCount: Int) throws -> [String] {
        var columns: [Column] = []
        for column in 0..<columnCount {
            var values: [Double] = []
            for row in 0..<rowCount {
                let isMissing = (row + column) % 3 == 0
                values.append(isMissing ? Double.nan : Double((row * 7) % 11) + 0.5)
            }
            columns.append(Column(name: "x\(column)", kind: .numeric, storage: .numbers(values)))
        }
        let table = Table(columns: columns)
        return try FeaturePipeline.fit(table, rows: Array(0..<rowCount), target: nil, standardises: false).featureNames
    }

    @Test func `a few columns with gaps have indicators where there are rows enough to learn them`() throws {
        #expect(try names(rowCount: 300, columnCount: 3).filter { $0.hasSuffix("(missing)") }.count == 3)
        #expect(try names(rowCount: 299, columnCount: 3) == ["x0", "x1", "x2"])
    }
}
