import Studio

extension ListPaths: AnsweredQuery {
    func answer(_ work: QueryWork<[String]>) throws -> [String] {
        guard work.attachments != nil else { return PathListing.paths(prefix: prefix) }
        // The files of other machines that are known here.
        return try work.store.datasets.datasets(newest: 200).flatMap(\.places).map(\.path).filter { $0.hasPrefix(prefix) }
    }
}
