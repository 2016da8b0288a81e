import Events
import Experiments
import JSON

/// Where a run comes from and what came of it, as `runs show` tells it.
struct RunLineage {
    private let store: RunStore
    private let sources: [Link]
    private let results: [Link]

    init(of run: RunID, in store: RunStore) throws {
        self.store = store
        sources = try store.links.links(to: EntityReference(run))
        results = try store.links.links(from: EntityReference(run)) + store.links.links(fromAlertsOf: run)
    }

    /// Rows of a name and what it stands for. What a run was forked from stands with its fork's settings elsewhere.
    func rows() throws -> [[String]] {
        var rows: [[String]] = []
        for link in sources {
            switch link.kind {
            case .trainedOn: rows.append(["trained on", "\(try name(of: link.from, link))  (\(link.from.id))"])
            case .validatedOn: rows.append(["validated on", "\(try name(of: link.from, link))  (\(link.from.id))"])
            case .reproduces: rows.append(["reproduces", try name(of: link.from, link)])
            case .remedies: rows.append(["remedies", try name(of: link.from, link)])
            case .forkedFrom: break
            }
        }
        for (kind, title) in [(Link.Kind.forkedFrom, "forks"), (.reproduces, "reproduced by"), (.remedies, "remedied by")] {
            let names = try results.filter { $0.kind == kind }.map { link in
                let rule = AlertReference(link.from).map { " (\($0.rule))" } ?? ""
                return try name(of: link.to, link) + rule
            }
            if !names.isEmpty { rows.append([title, names.joined(separator: ", ")]) }
        }
        return rows
    }

    /// `{"from":[{"link":"trainedOn","kind":"dataset","id":…,"name":…,"path":…},…],"to":[…]}`
    func json() throws -> JSONValue {
        .object([
            "from": .array(try sources.map { try json($0, $0.from) }), "to": .array(try results.map { try json($0, $0.to) }),
        ])
    }

    private func json(_ link: Link, _ end: EntityReference) throws -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("link", .string(link.kind.rawValue)), .init("kind", .string(end.kind.rawValue)), .init("id", .string(end.id)),
            .init("name", .string(try name(of: end, link))),
        ]
        if link.kind == .remedies, let alert = AlertReference(link.from) {
            members += [.init("run", .string(alert.run.text)), .init("rule", .string(alert.rule))]
        }
        return .object(members + (link.detail?.members ?? []))
    }

    private func name(of entity: EntityReference, _ link: Link) throws -> String {
        switch entity.kind {
        case .run: return try store.run(RunID(entity.id))?.record.name ?? entity.id
        case .alert:
            guard let alert = AlertReference(entity) else { return entity.id }
            return "\(alert.rule) of \(try store.run(alert.run)?.record.name ?? alert.run.text)"
        case .dataset:
            if let known = try store.datasets.dataset(DatasetID(entity.id)) { return known.labels.name }
            return link.detail?["path"]?.string?.split(separator: "/").last.map(String.init) ?? entity.id
        }
    }
}
