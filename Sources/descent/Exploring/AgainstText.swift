import Cells
import JSON
import Monitoring
import PrintableText
import Tables

/// `descent data profile A --against B`: what is otherwise in the second file, and why it matters.
enum AgainstText {
    static func run(_ path: String, against other: String, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard path != DataInput.standardInput || other != DataInput.standardInput else {
            throw CommandError.usage("standard input can be read only once: give two files")
        }
        let options = try arguments.readOptions()
        let inputs = (try DataInput(path), try DataInput(other))
        let first = try Table(contentsOf: inputs.0.path, options: options)
        let second = try Table(contentsOf: inputs.1.path, options: options.forOtherFiles, schema: first.schema)
        let found = try FileComparison(first, second), names = (inputs.0.name, inputs.1.name)
        if arguments.flag("--json") {
            Console.print(json(found, names).text)
        } else {
            Console.printRaw(text(found, names))
        }
        return .done
    }

    private static func text(_ found: FileComparison, _ names: (String, String)) -> String {
        var out = "\(names.0.printable)  \(NumberFormat.grouped(found.rowCountBefore)) rows"
        out += "   against   \(names.1.printable)  \(NumberFormat.grouped(found.rowCount)) rows\n\n"
        var rows = [["", "column", "psi", "distance", "chance", "missing", "mean", "range", "new"]]
        rows += found.columns.map(row)
        out += RunText.table(rows, rightAligned: [2, 3, 4, 5])
        let warnings = Self.warnings(found, names.1)
        if !warnings.isEmpty { out += "\n" }
        for warning in warnings { out += "! \(warning.words.printable): \(warning.why.printable)\n" }
        return out
    }

    private static func row(_ column: FileComparison.Column) -> [String] {
        let drift = column.drift
        func arrow(_ before: String, _ now: String) -> String { before == now ? now : "\(before) → \(now)" }
        func ends(_ range: ClosedRange<Double>?) -> String {
            range.map { "\(NumberFormat.significant($0.lowerBound)) to \(NumberFormat.significant($0.upperBound))" } ?? ""
        }
        func share(_ completeness: Double) -> String { NumberFormat.percent(1 - completeness, decimals: 1) }
        return [
            drift.isDrifted || column.isRetyped ? "!" : "", short(drift.name),
            drift.stabilityIndex.map { NumberFormat.significant($0) } ?? "·",
            drift.distance.map { NumberFormat.significant($0) } ?? "·", column.chance.map(chance) ?? "·",
            arrow(share(drift.completenessBefore), share(drift.completeness)),
            arrow(
                drift.meanBefore.map { NumberFormat.significant($0) } ?? "", drift.mean.map { NumberFormat.significant($0) } ?? ""
            ),
            arrow(ends(column.rangeBefore), ends(column.range)), column.unseen.prefix(3).map(short).joined(separator: ", "),
        ]
    }

    private static func chance(_ chance: Double) -> String { chance < 1e-6 ? "< 1e-6" : NumberFormat.significant(chance) }

    private static func short(_ text: String) -> String { text.count > 30 ? text.prefix(29) + "…" : text }

    /// What was found, and why it matters with what to do.
    private struct Warning {
        var code: String, column: String?, words: String, why: String
    }

    private static func warnings(_ found: FileComparison, _ second: String) -> [Warning] {
        var warnings = found.columns.flatMap { Self.warnings($0, second) }
        for name in found.missing {
            warnings.append(
                Warning(
                    code: "missingColumn", column: name, words: "\(second) has no \(name)",
                    why: "a model that learned from it cannot answer: add the column, or leave it out (step drop \(name))"))
        }
        if !found.added.isEmpty {
            warnings.append(
                Warning(
                    code: "extraColumns", column: nil,
                    words: "\(second) alone has \(found.added.prefix(5).joined(separator: ", "))",
                    why: "a model of the first file does not look at them"))
        }
        if !found.sharedRows.isEmpty {
            let count = found.sharedRows.count
            warnings.append(
                Warning(
                    code: "overlap", column: nil,
                    words:
                        "\(NumberFormat.grouped(count)) \(count == 1 ? "row" : "rows") of \(second) \(count == 1 ? "is" : "are") in both",
                    why:
                        "a model that learned from one of the files and is judged by the other has seen them: take them out of one"
                ))
        }
        if !found.columns.contains(where: \.drift.isDrifted), let together = found.together, together.chance < 1e-4,
            !together.columns.isEmpty
        {
            warnings.append(
                Warning(
                    code: "together", column: nil,
                    words:
                        "\(together.columns.joined(separator: ", ")) go together otherwise (AUC \(NumberFormat.significant(together.area)))",
                    why:
                        "no column changed by itself, and rows are still told apart: what a model learned of them together may not hold"
                ))
        }
        return warnings
    }

    private static func warnings(_ column: FileComparison.Column, _ second: String) -> [Warning] {
        let drift = column.drift, kinds = Set(drift.signs.map(\.kind))
        var warnings: [Warning] = []
        func warn(_ code: String, _ words: String, _ why: String) {
            warnings.append(Warning(code: code, column: drift.name, words: words, why: why))
        }
        if !kinds.isDisjoint(with: [.distribution, .place, .spread]) {
            let moved = drift.mean.flatMap { now in
                drift.meanBefore.map { ", mean \(NumberFormat.significant($0)) → \(NumberFormat.significant(now))" }
            }
            let size = drift.stabilityIndex.map { $0 >= 0.2 ? "much" : $0 >= 0.1 ? "somewhat" : "a little" } ?? "a little"
            warn(
                "drift",
                "\(drift.name) is distributed \(size) otherwise (PSI \(NumberFormat.significant(drift.stabilityIndex ?? 0))\(moved ?? ""))",
                "a model of the first file meets other values: learn from rows like these too, or find out why they differ")
        }
        if column.isRetyped {
            warn(
                "retyped", "\(drift.name) holds numbers in one of the files and texts in the other",
                "what is no number is missing for a model that learned from numbers: find out why, or read both alike (--type)")
        }
        if kinds.contains(.missing) {
            warn(
                "missing",
                "\(drift.name) is missing in \(NumberFormat.percent(1 - drift.completeness, decimals: 1)) of the rows, and in "
                    + "\(NumberFormat.percent(1 - drift.completenessBefore, decimals: 1)) before",
                "what stands in for it was learned of other rows: find out why, or fill it by a step (step impute \(drift.name))")
        }
        if column.unseenRows > 0, kinds.contains(.unseen) {
            warn(
                "unseen",
                "\(drift.name) has \(column.unseen.map { "'\($0)'" }.joined(separator: ", ")) in \(NumberFormat.grouped(column.unseenRows)) rows, which the first file does not have",
                "a model cannot know what they mean: learn from rows that have them")
        }
        if column.beyondRows > 0, kinds.contains(.beyond) {
            warn(
                "beyond", "\(drift.name) lies beyond the first file's values in \(NumberFormat.grouped(column.beyondRows)) rows",
                "trees say there what they say at the edge, and linear models go on straight: bound it (step clip), or learn from such rows"
            )
        }
        return warnings
    }

    private static func json(_ found: FileComparison, _ names: (String, String)) -> JSONValue {
        .object([
            "kind": .string("dataCompared"), "first": .string(names.0), "second": .string(names.1),
            "firstRows": .integer(found.rowCountBefore), "secondRows": .integer(found.rowCount),
            "sharedRows": .integer(found.sharedRows.count), "missingColumns": .array(found.missing.map { .string($0) }),
            "addedColumns": .array(found.added.map { .string($0) }), "columns": .array(found.columns.map(json)),
            "warnings": .array(
                warnings(found, names.1).map {
                    .object([
                        "code": .string($0.code), "column": $0.column.map { .string($0) }, "message": .string($0.words),
                        "why": .string($0.why),
                    ])
                }),
        ])
    }

    private static func json(_ column: FileComparison.Column) -> JSONValue {
        let drift = column.drift
        func range(_ range: ClosedRange<Double>?) -> JSONValue? {
            range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) }
        }
        return .object([
            "column": .string(drift.name), "drifted": .boolean(drift.isDrifted),
            "populationStabilityIndex": drift.stabilityIndex.map { .number($0) }, "distance": drift.distance.map { .number($0) },
            "jensenShannon": drift.jensenShannon.map { .number($0) }, "wasserstein": drift.wasserstein.map { .number($0) },
            "chance": column.chance.map { .number($0) }, "missingBefore": .number(1 - drift.completenessBefore),
            "missing": .number(1 - drift.completeness), "meanBefore": drift.meanBefore.map { .number($0) },
            "mean": drift.mean.map { .number($0) }, "rangeBefore": range(column.rangeBefore), "range": range(column.range),
            "unseen": .array(column.unseen.map { .string($0) }), "unseenRows": .integer(column.unseenRows),
            "beyondRows": .integer(column.beyondRows),
            "signs": .array(drift.signs.map { .object(["sign": .string($0.kind.rawValue), "chance": .number($0.chance)]) }),
        ])
    }
}
