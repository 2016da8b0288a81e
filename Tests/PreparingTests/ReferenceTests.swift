import Foundation
import JSON
import PipelineSteps
import Preparing
import Tables
import Testing

/// Numbers by scikit-learn and pandas (`make_reference.py`), learned on some rows and applied to all.
@Suite struct PreparingReferenceTests {
    private let reference: JSONValue
    private let table: Table
    private let learned: [Int]

    init() throws {
        let url = try #require(Bundle.module.url(forResource: "reference", withExtension: "json", subdirectory: "Files"))
        reference = try JSONValue(parsing: Array(try Data(contentsOf: url)))
        table = Table(
            columns: (reference["columns"]?.members ?? []).map {
                Column(name: $0.name, kind: .numeric, storage: .numbers(Self.numbers($0.value)))
            })
        learned = Array(0..<(reference["learned"]?.integer ?? 0))
        #expect(table.columns.count == 5 && learned.count == 40)
    }

    private static func numbers(_ value: JSONValue) -> [Double] { (value.array ?? []).map { $0.double ?? .nan } }

    private func made(_ step: String, _ table: Table) throws -> Table {
        try FittedPipeline.fit(try DataPipeline(parsing: "[\(step)]"), table, rows: learned, roles: ColumnRoles()).table
    }

    private func expect(_ table: Table, _ expected: JSONValue?, within tolerance: Double, _ words: String) throws {
        let members = try #require(expected?.members)
        for member in members {
            let own = try #require(table.column(named: member.name)?.numbers), wanted = Self.numbers(member.value)
            #expect(own.count == wanted.count && !own.isEmpty)
            for (row, pair) in zip(own, wanted).enumerated() {
                let isSame = pair.0.isNaN ? pair.1.isNaN : abs(pair.0 - pair.1) <= tolerance * max(1, abs(pair.1))
                #expect(isSame, "\(words) \(member.name) row \(row): \(pair.0), not \(pair.1)")
            }
        }
    }

    @Test(arguments: ["mean", "median", "mode"]) func gapsAreFilled(how: String) throws {
        let made = try made(#"{"step": "impute", "how": "\#(how)"}"#, table)
        try expect(made, reference["impute"]?[how], within: 1e-12, how)
    }

    @Test(arguments: ["standard", "robust", "min-max"]) func numbersAreBroughtToAScale(how: String) throws {
        try expect(try made(#"{"step": "scale", "how": "\#(how)"}"#, table), reference["scale"]?[how], within: 1e-9, how)
    }

    @Test func numbersAreBentByYeoAndJohnsonsPower() throws {
        let names = #"["normal", "gaps", "signed", "ties"]"#
        let fit = try FittedPipeline.fit(
            try DataPipeline(parsing: #"[{"step": "scale", "columns": \#(names), "how": "yeo-johnson"}]"#), table, rows: learned,
            roles: ColumnRoles())
        // The likelihood is flat at its peak: both stop where doubles end to tell its values apart.
        try expect(fit.table, reference["scale"]?["yeo-johnson"], within: 1e-6, "yeo-johnson")
        for (name, note) in zip(["normal", "gaps", "signed", "ties"], fit.notes[0]) {
            let lambda = try #require(reference["lambdas"]?[name]?.double)
            let text = try #require(note.split(separator: "x, ").last?.split(separator: ")").first)
            // Told by six digits.
            #expect(abs((Double(text) ?? .nan) - lambda) < 1e-5 * max(1, abs(lambda)), "\(note): \(lambda)")
        }
    }

    @Test func numbersAreBoundedByQuantiles() throws {
        try expect(
            try made(#"{"step": "clip", "quantiles": [0.05, 0.9]}"#, table), reference["clip"], within: 1e-12, "clip")
    }

    @Test func earlierRowsAreTakenInTheOrderOfAColumn() throws {
        let past = try #require(reference["past"]), days = try #require(past["day"]), sales = try #require(past["sales"])
        let shops = try #require(past["shop"]?.array).compactMap(\.string)
        let table = Table(columns: [
            Column(name: "day", kind: .integer, storage: .numbers(Self.numbers(days))),
            Column(
                name: "shop", kind: .categorical,
                storage: .codes(shops.map { $0 == "north" ? 0 : 1 }, dictionary: ["north", "south"])),
            Column(name: "sales", kind: .integer, storage: .numbers(Self.numbers(sales))),
        ])
        let made = try made(
            #"{"step": "lag", "columns": ["sales"], "rows": [1, 3], "order": "day", "group": "shop"}, "#
                + #"{"step": "rolling", "columns": ["sales"], "rows": 4, "how": ["mean", "sum", "min", "max", "sd"], "order": "day", "group": "shop"}"#,
            table)
        let names = try #require(past["made"]?.members).map { ($0.name, "sales_" + $0.name) }
        let renamed = Table(
            columns: names.compactMap { name, own in
                made.column(named: own).map { Column(name: name, kind: $0.kind, storage: $0.storage) }
            })
        #expect(renamed.columns.count == 7)
        try expect(renamed, past["made"], within: 1e-9, "past")
    }
}
