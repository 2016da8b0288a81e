import Cells
import Databases
import Events
import JSON

/// `descent runs compare`: what differs between runs, and whether it matters.
enum CompareCommand {
    static let specification = CommandSpecification(
        words: ["runs", "compare"], summary: "compare runs: metrics, whether differences are more than noise, settings, data",
        details: """
            The first run is what the others are compared with. A difference counts when it is larger than runs differ that are \
            alike but for their seed; where there are none, when it stays on one side of zero as the held-out rows are drawn \
            again; otherwise there is no verdict, and that is said.
            """,
        positionals: [
            .init(name: "RUN", help: RunArgument.positional.help),
            .init(name: "RUN", help: "one or more others", isRepeatable: true),
        ],
        options: [.init(name: "--all", value: nil, help: "also what does not differ")],
        examples: ["descent runs compare adam sgd", "descent runs compare @best @latest --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            var runs: [RunSummary] = []
            for name in arguments.positionals {
                let run = try store.run(named: name)
                if !runs.contains(where: { $0.record.id == run.record.id }) { runs.append(run) }
            }
            guard runs.count > 1 else { throw CommandError.usage("compare needs two different runs: name another one") }
            let measured = ComparisonWork.complete(try ComparisonWork.recorded(runs, store), runs, store.workspace)
            let comparison = ComparisonCauses.adding(to: measured, runs, store.workspace, isWanted: { true }) ?? measured
            if arguments.flag("--json") {
                Console.print(comparison.json.text)
            } else {
                Console.printRaw(text(comparison, showsAll: arguments.flag("--all")))
            }
            return .done
        })

    private static func text(_ comparison: RunComparison, showsAll: Bool) -> String {
        let isAllKept = comparison.sources.allSatisfy(\.isKeptModel)
        let sources = isAllKept ? [] : [["of"] + comparison.sources.map(\.words)]
        var out = section(
            isAllKept ? "metrics of the kept models" : "metrics", comparison.names,
            sources
                + comparison.metrics.filter { showsAll || $0.name.split != "train" }.flatMap { metric in
                    let values =
                        [metric.name.text + (metric.isObjective ? " *" : "")]
                        + metric.values.enumerated().map { index, value in
                            guard let value else { return "–" }
                            let text = NumberFormat.significant(value) + (metric.best.contains(index) ? " ★" : "")
                            guard let outcome = metric.verdicts[index]?.outcome else { return text }
                            return text + (outcome == .none ? "" : " \(outcome.rawValue)")
                        }
                    return metric.isObjective && metric.spreads.contains { $0 != nil } ? [values, spreads(metric)] : [values]
                })
        let objective = comparison.metrics.first(where: \.isObjective)
        for (index, verdict) in (objective?.verdicts ?? []).enumerated() {
            guard let verdict else { continue }
            let outcome = verdict.outcome == .none ? "" : "\(verdict.outcome.rawValue): "
            out += "  \(comparison.names[index]): \(outcome)\(verdict.reason)\n"
        }
        for (title, rows) in [("hyperparameters", comparison.hyperparameters), ("data and environment", comparison.environment)] {
            let shown = rows.filter { showsAll || $0.differs }
            out += "\n" + section(title, comparison.names, shown.map { [$0.name] + $0.values.map { $0 ?? "–" } })
            if shown.isEmpty { out += "  no difference\n" }
        }
        guard let heldOut = comparison.heldOut else { return out + "\nheld-out rows: \(comparison.obstacle)\n" }
        out +=
            "\n"
            + section(
                "\(heldOut.rowCount) held-out rows", heldOut.places.map { comparison.names[$0] },
                heldOut.measures.map { measure in
                    [measure.name]
                        + measure.values.enumerated().map { index, value in
                            let interval = measure.intervals[index].map {
                                " (\(NumberFormat.significant($0.lowerBound)) … \(NumberFormat.significant($0.upperBound)))"
                            }
                            return NumberFormat.significant(value) + (interval ?? "")
                        }
                })
        if !heldOut.disagreements.isEmpty {
            let rows = heldOut.disagreements.prefix(5).flatMap(disagreement)
            out += "\n" + section("where they disagree most", heldOut.places.map { comparison.names[$0] }, rows)
        }
        for reason in HeldOutComparison.LeftOut.reasons(heldOut.leftOut) { out += "  left out: \(reason)\n" }
        return out
    }

    /// What is said of a record, and what the columns that differ most add.
    private static func disagreement(_ row: HeldOutComparison.Disagreement) -> [[String]] {
        var lines = [["record \(row.record), is \(row.expected)"] + row.predicted]
        for cause in row.causes.prefix(2) {
            lines.append(["  \(cause.column) adds"] + cause.values.map { NumberFormat.significant($0, digits: 3) })
        }
        return lines
    }

    private static func spreads(_ metric: RunComparison.Metric) -> [String] {
        ["  over seeds"]
            + metric.spreads.map { spread in
                guard let spread else { return "–" }
                let deviation = NumberFormat.significant(spread.deviation, digits: 2)
                return "\(NumberFormat.significant(spread.mean)) ± \(deviation) of \(spread.count)"
            }
    }

    private static func section(_ title: String, _ names: [String], _ rows: [[String]]) -> String {
        RunText.table([[title] + names] + rows.map { ["  " + $0[0]] + $0.dropFirst() })
    }
}

extension RunComparison {
    /// As `runs compare --json` prints it.
    var json: JSONValue {
        .object([
            "kind": .string("runsCompared"), "runs": .array(runs.map { .string($0.text) }),
            "names": .array(names.map { .string($0) }), "sources": .array(sources.map { .string($0.words) }),
            "metrics": .array(metrics.map(\.json)), "hyperparameters": .array(hyperparameters.map(\.json)),
            "environment": .array(environment.map(\.json)), "heldOut": heldOut?.json,
            "obstacle": obstacle.isEmpty ? nil : .string(obstacle),
        ])
    }
}

extension RunComparison.Metric {
    fileprivate var json: JSONValue {
        .object([
            "name": .string(name.text), "objective": .boolean(isObjective),
            "best": .array(best.sorted().map { .integer($0) }),
            "values": .array(values.map { $0.map { .number($0) } ?? .null }),
            "verdicts": .array(
                verdicts.map { verdict in
                    verdict.map { .object(["outcome": .string($0.outcome.rawValue), "reason": .string($0.reason)]) } ?? .null
                }),
            "seeds": .array(
                spreads.map { spread in
                    spread.map {
                        .object([
                            "count": .integer($0.count), "mean": .number($0.mean), "deviation": .number($0.deviation),
                        ])
                    } ?? .null
                }),
        ])
    }
}

extension RunComparison.Row {
    fileprivate var json: JSONValue {
        .object([
            "name": .string(name), "differs": .boolean(differs), "values": .array(values.map { $0.map { .string($0) } ?? .null }),
        ])
    }
}

extension HeldOutComparison {
    fileprivate var json: JSONValue {
        .object([
            "rows": .integer(rowCount), "places": .array(places.map { .integer($0) }),
            "leftOut": .array(
                leftOut.map { .object(["place": .integer($0.place), "reason": .string($0.reason)]) }),
            "classes": .array(classes.map { .string($0) }),
            "measures": .array(
                measures.map { measure in
                    .object([
                        "name": .string(measure.name), "values": .array(measure.values.map { .number($0) }),
                        "intervals": .array(
                            measure.intervals.map {
                                $0.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
                            }),
                    ])
                }),
            "confusions": .array(confusions.map { .array($0.map { .integer($0) }) }),
            "disagreements": .array(
                disagreements.map { row in
                    .object([
                        "record": .integer(row.record), "expected": .string(row.expected),
                        "predicted": .array(row.predicted.map { .string($0) }),
                        "causes": row.causes.isEmpty
                            ? nil
                            : .array(
                                row.causes.map {
                                    .object([
                                        "column": .string($0.column), "attributions": .array($0.values.map { .number($0) }),
                                    ])
                                }),
                    ])
                }),
        ])
    }
}
