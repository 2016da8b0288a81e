import Tables
import Testing
import Training

/// Neighbours in tables, beside scikit-learn's.
@Suite struct NeighboursReferenceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String, target: String
        var settings: [String: String]
        /// Of every fifth of the first 60 rows that were not learned from.
        var predicted: [[Double]]
        /// Of all that were not: their number, and the sums of what was predicted.
        var rowCount: Int, sums: [Double]
        var testDescription: String { file }
    }

    // scikit-learn 1.9.1: StandardScaler, then KNeighborsClassifier or KNeighborsRegressor(algorithm="brute") with k, weights and metric as in
    // the settings, learned from the rows whose number is no multiple of 3; predict_proba or predict of the others.
    static let cases = [
        Case(
            file: "breast_cancer", target: "diagnosis", settings: ["k": "7"],
            predicted: [[1], [1], [1], [1], [0], [1], [0.142857143], [1], [0], [0], [0], [0.142857143]], rowCount: 190,
            sums: [70.57142857]),
        Case(
            file: "wine", target: "cultivar", settings: ["k": "9", "weighting": "distance", "index_metric": "COSINE"],
            predicted: [
                [1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0.900892578, 0.099107422], [0, 1, 0], [0, 1, 0], [0, 1, 0],
                [0, 1, 0], [0, 0.093084481, 0.906915519], [0, 0, 1], [0, 0.097902514, 0.902097486],
            ], rowCount: 60, sums: [20.95954212, 22.04798683, 16.99247105]),
        Case(
            file: "diabetes", target: "progression", settings: ["k": "11", "weighting": "distance"],
            predicted: [
                176.17633306, 207.282840076, 118.590661125, 119.136451449, 127.061350119, 110.449941828, 96.69834462,
                114.406585705, 137.521180823, 196.613169983, 172.899840526, 87.92247129,
            ].map { [$0] }, rowCount: 148, sums: [22590.015866029484]),
    ]

    @Test(arguments: cases)
    func `predictions are scikit-learn's`(own: Case) throws {
        let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/sample-data/\(own.file).csv"
        let table = try Table(contentsOf: path), rows = Array(0..<table.rowCount)
        let estimator = Estimator("knn", own.settings, validationSplit: 0)
        let model = try estimator.fit(table.selecting(rows: rows.filter { $0 % 3 != 0 }), target: own.target).model
        let outputs = try model.predict(table.selecting(rows: rows.filter { $0 % 3 == 0 }))
        let columns = (outputs.count > 1 ? Array(outputs.dropFirst()) : outputs).map { $0.texts.compactMap { Double($0) } }
        #expect(columns.allSatisfy { $0.count == own.rowCount } && columns.count == own.sums.count)
        let largest = columns.joined().map(abs).max() ?? 1
        for (place, expected) in own.predicted.enumerated() {
            for (column, value) in expected.enumerated() { #expect(abs(columns[column][place * 5] - value) < 2e-6 * largest) }
        }
        for (column, sum) in own.sums.enumerated() { #expect(abs(columns[column].reduce(0, +) - sum) < 1e-6 * abs(sum)) }
    }
}
