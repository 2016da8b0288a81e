import Tables

extension FittedPipeline {
    /// Whether it is of several pipelines, each learned on rows of its own.
    public var isJoined: Bool { !branches.isEmpty }

    /// One pipeline that makes the columns of several of the same file, each under names of its own: those of the first pipeline as
    /// `age ·1`, of the second as `age ·2`. Pipelines that are the same are one; where all are, its columns keep their names.
    ///
    /// - Parameter pipelines: at least one; those that are joined already are taken apart.
    /// - Returns: also, for each that was given, what a column that it makes is called from now on.
    public static func joined(_ pipelines: [FittedPipeline]) -> (pipeline: FittedPipeline, names: [@Sendable (String) -> String])
    {
        precondition(!pipelines.isEmpty, "there is no pipeline to join")
        var parts: [FittedPipeline] = [], places: [FittedPipeline: Int] = [:]
        for part in pipelines.flatMap({ $0.isJoined ? $0.branches : [$0] }) where places[part] == nil {
            places[part] = parts.count
            parts.append(part)
        }
        guard parts.count > 1 else { return (parts[0], pipelines.map { _ in { $0 } }) }
        var mark = " ·"
        let known = parts.flatMap { $0.inputs + $0.outputs }
        while known.contains(where: { $0.contains(mark) }) { mark += "·" }
        let joined = FittedPipeline(joining: parts, mark: mark)
        let names = pipelines.map { pipeline -> @Sendable (String) -> String in
            guard pipeline.isJoined else {
                let place = places[pipeline] ?? 0
                return { joined.name($0, ofBranch: place) }
            }
            let own = pipeline.branches.map { places[$0] ?? 0 }
            return { name in
                guard let (base, branch) = pipeline.branch(of: name) else { return name }
                return joined.name(base, ofBranch: own[branch])
            }
        }
        return (joined, names)
    }

    private init(joining parts: [FittedPipeline], mark: String) {
        let first = parts[0]
        self.init(
            first.pipeline, [], inputs: first.inputs, outputs: [], carried: first.carried, target: first.target, classWeights: nil
        )
        (branches, branchMark, schema, reading) = (parts, mark, first.schema, first.reading)
    }

    /// What a column of one of the pipelines is called.
    public func name(_ name: String, ofBranch place: Int) -> String { "\(name)\(branchMark)\(place + 1)" }

    /// Which pipeline makes a column, and what it calls it; nil for a column of the file.
    public func branch(of name: String) -> (name: String, place: Int)? {
        guard isJoined, let end = name.firstRange(of: branchMark), let number = Int(name[end.upperBound...]),
            branches.indices.contains(number - 1)
        else { return nil }
        return (String(name[..<end.lowerBound]), number - 1)
    }

    /// The columns that each pipeline is to make of some that are wanted.
    package func shares(of wanted: Set<String>) -> [Set<String>] {
        var shares = [Set<String>](repeating: [], count: branches.count)
        for name in wanted { if let (base, place) = branch(of: name) { shares[place].insert(base) } }
        return shares
    }

    /// The columns of all pipelines, each under its name there, behind those of the file.
    func applyBranches(to table: Table, needed: Set<String>) throws(TableError) -> Table {
        var columns = table.columns, warnings: [TableWarning] = []
        for (place, share) in shares(of: needed).enumerated() where !share.isEmpty {
            let made = try branches[place].apply(to: table, needed: share)
            columns += made.columns.filter { share.contains($0.name) }.map { $0.renamed(name($0.name, ofBranch: place)) }
            // All say the same of the same rows.
            for warning in made.warnings.dropFirst(table.warnings.count) where !warnings.contains(warning) {
                warnings.append(warning)
            }
        }
        return marked(table, columns, warnings)
    }
}
