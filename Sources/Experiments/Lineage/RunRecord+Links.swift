import Events
import JSON

extension RunRecord {
    /// A data file that a run reads.
    struct DataUse: Hashable {
        var link: Link.Kind
        var path: String
        var fingerprint: String
    }

    /// The data files whose fingerprints are known, that of the rows learned from first. The record of a run with a file of its own to
    /// validate with has both fingerprints in one, 16 digits each.
    var dataUses: [DataUse] {
        guard !dataFingerprint.isEmpty else { return [] }
        guard let validation = request.validationPath, dataFingerprint.utf8.count == 32 else {
            return [DataUse(link: .trainedOn, path: request.datasetPath, fingerprint: dataFingerprint)]
        }
        return [
            DataUse(link: .trainedOn, path: request.datasetPath, fingerprint: String(dataFingerprint.prefix(16))),
            DataUse(link: .validatedOn, path: validation, fingerprint: String(dataFingerprint.suffix(16))),
        ]
    }

    /// Where the run comes from, but for its data.
    func originLinks(at time: Double) -> [Link] {
        let run = EntityReference(id)
        var links: [Link] = []
        if let fork {
            let detail = JSONValue.object(["step": .integer(fork.step)])
            links.append(Link(.forkedFrom, from: EntityReference(fork.parent), to: run, createdAt: time, detail: detail))
        }
        if let reproduces { links.append(Link(.reproduces, from: EntityReference(reproduces), to: run, createdAt: time)) }
        if let remedies { links.append(Link(.remedies, from: remedies.entity, to: run, createdAt: time)) }
        if let baselineOf { links.append(Link(.baselineOf, from: EntityReference(baselineOf), to: run, createdAt: time)) }
        return links
    }

    /// Links to the data whose fingerprints are known. A run that does another one again has that one's until it has read its own.
    func dataLinks(at time: Double) -> [Link] {
        dataUses.map { use in
            Link(
                use.link, from: EntityReference(.dataset, use.fingerprint), to: EntityReference(id), createdAt: time,
                detail: .object(["path": .string(use.path)]))
        }
    }
}
