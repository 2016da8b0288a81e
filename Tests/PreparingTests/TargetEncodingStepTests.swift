import Numerics
import PipelineSteps
import Preparing
import Testing

@testable import Tables

/// Categories as what the target is on average of their rows.
@Suite struct TargetEncodingStepTests {
    private static let shops = ["a", "b", "c"]
    private static let rowCount = 60
    /// The first are learned from; behind them stand a category of its own, and a missing one.
    private static let learned = Array(0..<48)

    private struct Data {
        var shops: [Int32] = [], prices: [Double] = [], sizes: [Int32] = [], isSold: [Int32] = []

        init() {
            var random = RandomSource(seed: 5)
            for row in 0..<rowCount {
                shops.append(row == 50 ? 3 : row == 51 || row == 7 || row == 13 ? -1 : Int32(random.next() % 3))
                prices.append(Double(shops[row]) * 10 + random.normal())
                sizes.append(Int32(random.next() % 4))
                isSold.append(Int32(random.next() % 2))
            }
        }

        var table: Table {
            Table(columns: [
                Column(
                    name: "shop", kind: .categorical, storage: .codes(shops, dictionary: TargetEncodingStepTests.shops + ["new"])),
                Column(name: "price", kind: .numeric, storage: .numbers(prices)),
                Column(name: "size", kind: .categorical, storage: .codes(sizes, dictionary: ["s", "m", "l", "x"])),
                Column(name: "sold", kind: .boolean, storage: .codes(isSold, dictionary: ["no", "yes"])),
            ])
        }
    }

    private func fit(
        _ step: String, _ data: Data = Data(), target: String?, asClasses: Bool = false, rows: [Int] = learned
    ) throws -> FittedPipeline.Fit {
        try FittedPipeline.fit(
            try DataPipeline(parsing: "[\(step)]"), data.table, rows: rows,
            roles: ColumnRoles(target: target, asClasses: asClasses, seed: 3))
    }

    private func step(_ smoothing: Double? = 4) -> String {
        #"{"step": "encode", "columns": ["shop"], "how": "target"\#(smoothing.map { ", \"smoothing\": \($0)" } ?? "")}"#
    }

    /// (Σ y + m ȳ) / (n + m), over some rows of a category.
    private func mean(_ shop: Int32, _ values: [Double], of shops: [Int32], over rows: [Int], smoothing: Double = 4) -> Double {
        let own = rows.filter { shops[$0] == shop }
        let average = rows.map { values[$0] }.reduce(0, +) / Double(rows.count)
        return (own.map { values[$0] }.reduce(0, +) + smoothing * average) / (Double(own.count) + smoothing)
    }

    @Test func otherRowsHaveTheMeansOfAllTrainingRowsAndNewCategoriesTheAverage() throws {
        let data = Data(), made = try fit(step(), data, target: "price")
        #expect(made.table.columns.map(\.name) == ["shop (mean of price)", "price", "size", "sold"])
        let values = try #require(made.table.column(named: "shop (mean of price)")?.numbers)
        for row in Self.learned.count..<Self.rowCount {
            let expected = mean(data.shops[row], data.prices, of: data.shops, over: Self.learned)
            #expect(abs(values[row] - expected) < 1e-5, "row \(row)")
        }
        let average = Self.learned.map { data.prices[$0] }.reduce(0, +) / Double(Self.learned.count)
        #expect(abs(values[50] - average) < 1e-5)
    }

    @Test func trainingRowsHaveTheMeansOfOtherFoldsAndNothingOfTheirOwnTarget() throws {
        let data = Data(), made = try fit(step(), data, target: "price")
        let values = try #require(made.table.column(named: "shop (mean of price)")?.numbers)
        let outcome = TrainingOutcome(name: "price", classes: nil, targets: [], seed: 3)
        for row in Self.learned {
            let others = Self.learned.filter { outcome.fold(ofRow: $0, of: 5) != outcome.fold(ofRow: row, of: 5) }
            #expect(abs(values[row] - mean(data.shops[row], data.prices, of: data.shops, over: others)) < 1e-5, "row \(row)")
        }
        for row in Self.learned.prefix(12) {
            var other = data
            other.prices[row] += 1000
            let moved = try #require(
                try fit(step(), other, target: "price").table.column(named: "shop (mean of price)")?.numbers)
            #expect(abs(moved[row] - values[row]) < 1e-4, "row \(row)")
            #expect(moved[Self.rowCount - 1] > values[Self.rowCount - 1] + 1)
        }
        // A row that is drawn several times is in one fold.
        func drawnTwice(_ data: Data) throws -> Double {
            let made = try fit(step(), data, target: "price", rows: Self.learned + Self.learned)
            return try #require(made.table.columns[0].numbers)[3]
        }
        var other = data
        other.prices[3] += 1000
        #expect(abs(try drawnTwice(other) - drawnTwice(data)) < 1e-4)
    }

    @Test func twoClassesAreAShareAndSeveralOneEach() throws {
        let data = Data()
        let two = try fit(step(), data, target: "sold", asClasses: true)
        #expect(two.table.columns.map(\.name).prefix(2) == ["shop (share of yes)", "price"])
        let several = try fit(step(), data, target: "size", asClasses: true)
        let names = ["l", "m", "s", "x"].map { "shop (share of \($0))" }
        #expect(several.table.columns.map(\.name).prefix(4) == names[...])
        for row in Self.learned.count..<Self.rowCount {
            for (name, code) in zip(names, [2, 1, 0, 3] as [Int32]) {
                let expected = mean(
                    data.shops[row], data.sizes.map { $0 == code ? 1 : 0 }, of: data.shops, over: Self.learned)
                let found = try #require(several.table.column(named: name)?.numbers)[row]
                #expect(abs(found - expected) < 1e-6, "row \(row) \(name)")
            }
        }
    }

    @Test func whatWasLearnedIsDoneUnchangedToOtherFiles() throws {
        let data = Data(), made = try fit(step(nil), data, target: "price")
        let again = try FittedPipeline(fileBytes: try made.fitted.fileBytes(), path: "f")
        #expect(again == made.fitted)
        // Rows that were trained on have no fold any more, and a file to predict on has no target.
        let plain = Table(columns: [data.table.columns[0]])
        let values = try #require(again.apply(to: plain, needed: ["shop (mean of price)"]).columns.first?.numbers)
        #expect(Array(values[48...]) == made.table.columns[0].numbers.map { Array($0[48...]) })
        #expect(Set(values).count == 5)
        let told = try again.apply(to: plain, needed: ["shop (mean of price)"]).warnings.map(\.message)
        #expect(
            told == [
                "step 1 (encode): 'shop': 1 row has a category that training did not have, such as 'new': they count as the average"
            ])
        #expect(again.sources(of: ["shop (mean of price)"]) == ["shop"])
        let text = String(decoding: try made.fitted.fileBytes(), as: UTF8.self)
        for (old, new) in [("\"means\":[", "\"means\":[0,"), ("[\"a\",\"b\",\"c\"]", "[\"b\",\"a\",\"c\"]")] {
            #expect(text.contains(old), "\(old) \(text)")
            #expect(throws: TableError.self) {
                try FittedPipeline(fileBytes: Array(text.replacing(old, with: new).utf8), path: "f")
            }
        }
    }

    /// Single precision holds no seconds of the year 2026.
    @Test func targetsFarFromZeroKeepTheirDigits() throws {
        var data = Data()
        data.prices = data.prices.map { $0 + 1_780_000_000 }
        let made = try fit(step(), data, target: "price")
        let values = try #require(made.table.column(named: "shop (mean of price)")?.numbers)
        #expect(abs(values[59] - mean(data.shops[59], data.prices, of: data.shops, over: Self.learned)) < 1e-4)
    }

    @Test func whatCannotBeIsRefusedWithItsReason() throws {
        func refused(_ words: String, _ step: String, target: String?, asClasses: Bool = false, rows: [Int] = Self.learned) {
            let error = #expect(throws: TableError.self) {
                try fit(step, target: target, asClasses: asClasses, rows: rows)
            }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        refused("step 1 (encode): there is no target", step(), target: nil)
        refused("'shop' is the target", step(), target: "shop", asClasses: true)
        let numbers = #"{"step": "encode", "columns": ["price"], "how": "target"}"#
        refused("'price' holds numeric values, and the step takes categories", numbers, target: "sold", asClasses: true)
        let data = Data(), alike = Self.learned.filter { data.isSold[$0] == 0 }
        refused("fewer than two distinct values", step(), target: "sold", asClasses: true, rows: alike)
        refused("has no value in the training rows", step(), target: "price", rows: [7, 13])
        for (text, words) in [
            (#""smoothing": 3"#, "goes with how target"), (#""how": "target", "smoothing": 0"#, "is above 0"),
        ] {
            let error = #expect(throws: PipelineError.self) { try DataPipeline(parsing: #"[{"step": "encode", \#(text)}]"#) }
            #expect(error?.message.contains(words) == true)
        }
        let lonely = try fit(step(), target: "price", rows: [0, 50])
        #expect(lonely.doubts.first?.contains("has no category twice") == true, "\(lonely.doubts)")
    }
}
