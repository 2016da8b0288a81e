import Databases
import Events
import JSON

extension RunStore {
    /// Where a run comes from and what came of it, with what these are called now.
    public func lineage(of run: RunID) throws(StoreError) -> RunLineage {
        let results = try links.links(from: EntityReference(run)) + links.links(fromAlertsOf: run)
        return RunLineage(
            sources: try links.links(to: EntityReference(run)).map { link throws(StoreError) in
                RunLineage.Entry(link, name: try name(of: link.from, in: link))
            },
            results: try results.map { link throws(StoreError) in RunLineage.Entry(link, name: try name(of: link.to, in: link)) })
    }

    private func name(of entity: EntityReference, in link: Link) throws(StoreError) -> String {
        switch entity.kind {
        case .run: return try run(RunID(entity.id))?.record.name ?? entity.id
        case .alert:
            guard let alert = AlertReference(entity) else { return entity.id }
            return "\(alert.rule) of \(try run(alert.run)?.record.name ?? alert.run.text)"
        case .dataset:
            if let known = try datasets.dataset(DatasetID(entity.id)) { return known.labels.name }
            return link.detail?["path"]?.string?.split(separator: "/").last.map(String.init) ?? entity.id
        }
    }
}
