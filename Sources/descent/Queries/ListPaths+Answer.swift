import Studio

extension ListPaths: AnsweredQuery {
    func answer(_ work: QueryWork<[String]>) -> [String] { PathListing.paths(prefix: prefix) }
}
