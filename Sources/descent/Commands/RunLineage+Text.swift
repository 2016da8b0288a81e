import Events
import JSON

/// Where a run comes from and what came of it, as `runs show` tells it.
extension RunLineage {
    /// Rows of a name and what it stands for. What a run was forked from stands with its fork's settings elsewhere.
    var rows: [[String]] {
        var rows: [[String]] = []
        for source in sources {
            switch source.link.kind {
            case .trainedOn: rows.append(["trained on", "\(source.name)  (\(source.link.from.id))"])
            case .validatedOn: rows.append(["validated on", "\(source.name)  (\(source.link.from.id))"])
            case .reproduces: rows.append(["reproduces", source.name])
            case .remedies: rows.append(["remedies", source.name])
            case .baselineOf: rows.append(["baseline of", source.name])
            case .forkedFrom: break
            }
        }
        for (kind, title) in [
            (Link.Kind.forkedFrom, "forks"), (.reproduces, "reproduced by"), (.remedies, "remedied by"),
            (.baselineOf, "baselines"),
        ] {
            let names = results.filter { $0.link.kind == kind }.map { result in
                result.name + (AlertReference(result.link.from).map { " (\($0.rule))" } ?? "")
            }
            if !names.isEmpty { rows.append([title, names.joined(separator: ", ")]) }
        }
        return rows
    }

    /// `{"from":[{"link":"trainedOn","kind":"dataset","id":…,"name":…,"path":…},…],"to":[…]}`
    var json: JSONValue {
        .object([
            "from": .array(sources.map { Self.json($0, $0.link.from) }), "to": .array(results.map { Self.json($0, $0.link.to) }),
        ])
    }

    private static func json(_ entry: Entry, _ end: EntityReference) -> JSONValue {
        let link = entry.link
        var members: [JSONValue.Member] = [
            .init("link", .string(link.kind.rawValue)), .init("kind", .string(end.kind.rawValue)), .init("id", .string(end.id)),
            .init("name", .string(entry.name)),
        ]
        if link.kind == .remedies, let alert = AlertReference(link.from) {
            members += [.init("run", .string(alert.run.text)), .init("rule", .string(alert.rule))]
        }
        return .object(members + (link.detail?.members ?? []))
    }
}
