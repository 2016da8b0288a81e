import Explaining
import JSON
import Tables

/// Explanations for programs.
enum ExplanationJSON {
    /// The last line of `descent explain --json`. Columns that the model does not use do nothing.
    static func json(
        _ found: Explanation, model: String, _ aggregation: Explanation.Aggregation, columns: [String]
    ) -> JSONValue {
        func global(_ output: Int?) -> JSONValue {
            let used = Dictionary(zip(found.columns, found.global(aggregation, output: output)), uniquingKeysWith: { $1 })
            return .object(columns.map { JSONValue.Member($0, .number(used[$0] ?? 0)) })
        }
        var members: [JSONValue.Member] = [
            .init("kind", .string("explained")), .init("model", .string(model)), .init("method", .string(found.method.rawValue)),
            .init("space", .string(found.space.rawValue)), .init("background", .string(found.background)),
        ]
        if found.outputs.count == 1 {
            members.append(.init("expected_value", .number(found.expected[0])))
        } else {
            members.append(.init("expected_value", .object(zip(found.outputs, found.expected).map { .init($0, .number($1)) })))
        }
        members += [.init("global", global(nil)), .init("rows", .integer(found.rows.count))]
        if found.outputs.count > 1 {
            members.append(.init("classes", .object(found.outputs.enumerated().map { .init($1, global($0)) })))
        }
        if let errors = found.errors { members.append(.init("error", .number(errors.max() ?? 0))) }
        if found.rows.count == 1 {
            let rows = found.outputs.indices.map { output in
                JSONValue.object(zip(found.columns, found.values(row: 0, output: output)).map { .init($0, .number($1)) })
            }
            members.append(
                .init(
                    "values",
                    found.outputs.count == 1 ? rows[0] : .object(zip(found.outputs, rows).map { .init($0, $1) })))
        }
        if found.interactions != nil { members.append(.init("interactions", interactions(found))) }
        return .object(members)
    }

    /// Mean sizes of what pairs of columns do, both halves together, the largest first.
    private static func interactions(_ found: Explanation) -> JSONValue {
        .array(
            found.pairs.map { pair in
                .object([
                    "columns": .array([.string(found.columns[pair.first]), .string(found.columns[pair.second])]),
                    "mean_abs": .number(pair.size),
                ])
            })
    }

    static func json(_ plot: PartialDependence) -> JSONValue {
        let count = plot.values.count
        return .object([
            "kind": .string("partialDependence"), "column": .string(plot.column), "space": .string(plot.space.rawValue),
            "values": .array(plot.values.map(\.json)), "distribution": .array(plot.distribution.map { .number($0) }),
            "predictions": .array(
                plot.outputs.indices.map { .array(plot.means[$0 * count..<($0 + 1) * count].map { .number($0) }) }),
            "rows": .integer(plot.rowCount),
        ])
    }

    static func json(_ found: PermutationImportance) -> JSONValue {
        .object([
            "kind": .string("permutationImportance"), "metric": .string(found.metric), "before": .number(found.before),
            "columns": .object(
                found.columns.enumerated().map { place, name in
                    .init(name, .object(["worse": .number(found.losses[place]), "error": .number(found.errors[place])]))
                }),
            "rows": .integer(found.rowCount), "repeats": .integer(found.repeatCount),
        ])
    }

    static func json(_ found: Counterfactual, row: Int) -> JSONValue {
        .object([
            "kind": .string("counterfactual"), "row": .integer(row + 1),
            "changes": .array(
                found.changes.map {
                    .object(["column": .string($0.column), "from": $0.from.json, "to": $0.to.json, "size": .number($0.size)])
                }),
            "before": .array(found.before.map { .number($0) }), "after": .array(found.after.map { .number($0) }),
        ])
    }

    /// A line a row: what each column did, then the expected value. Of several classes, each column's name has the class behind it.
    static func csv(_ found: Explanation, columns: [String]) -> String {
        let places = Dictionary(found.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let suffixes = found.outputs.count == 1 ? [""] : found.outputs.map { "_" + $0 }
        let names = suffixes.flatMap { suffix in columns.map { $0 + suffix } + ["expected_value" + suffix] }
        var text = names.map { DelimitedText.quoted($0) }.joined(separator: ",") + "\n"
        for row in found.rows.indices {
            var fields: [String] = []
            for output in found.outputs.indices {
                let values = Array(found.values(row: row, output: output))
                fields += columns.map { places[$0].map { JSONValue.text(values[$0]) } ?? "0" }
                fields.append(JSONValue.text(found.expected[output]))
            }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }
}
