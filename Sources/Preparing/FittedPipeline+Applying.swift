import PipelineSteps
import Tables

extension FittedPipeline {
    /// Which pipeline made a table's columns; the same in one process alone.
    var mark: String { String(hashValue) }

    /// Makes the columns that the pipeline was learned for; a table that it made is given back as it is.
    ///
    /// - Parameter needed: columns that are wanted; others are made where they can be. nil = all, and those beside the pipeline's are left out.
    /// - Throws: `columnNotFound` and `columnUnusable`, with the number of the step that lacks something.
    public func apply(to table: Table, needed: Set<String>? = nil) throws(TableError) -> Table {
        let mark = self.mark
        if table.preparation == mark { return table }
        if isJoined { return try applyBranches(to: table, needed: needed ?? []) }
        var columns = ColumnSet(table), warnings: [TableWarning] = []
        if needed == nil {
            let extra = Set(columns.names).subtracting(inputs)
            if !extra.isEmpty {
                warnings.append(
                    TableWarning(
                        .extraColumns, "the pipeline was learned without \(extra.sorted().joined(separator: ", ")): left out"))
                columns.remove(extra)
            }
        }
        for operation in self.operations(for: needed) {
            do throws(ColumnFault) {
                if let told = try operation.does.apply(to: &columns) {
                    warnings.append(TableWarning(operation.does.warningCode, "\(words(of: operation)): \(told)"))
                }
            } catch {
                var failure = error.at(pipeline.steps[operation.step], operation.step + 1)
                failure.path = table.path.isEmpty ? nil : table.path
                throw failure
            }
        }
        if needed == nil, let lost = outputs.first(where: { columns[$0] == nil && $0 != target }) {
            throw TableError(
                .columnNotFound, "there is no column '\(lost)', which the pipeline was learned on: add it",
                path: table.path.isEmpty ? nil : table.path)
        }
        return self.table(table, columns, adding: carried, warnings: warnings)
    }

    /// The columns of a file that are needed to have some of those that the pipeline makes.
    public func sources(of wanted: Set<String>) -> Set<String> {
        if isJoined {
            let own = zip(branches, shares(of: wanted)).map { $0.sources(of: $1) }
            return own.reduce(into: wanted.filter { branch(of: $0) == nil }) { $0.formUnion($1) }
        }
        var wanted = wanted
        for operation in operations.reversed() where !wanted.isDisjoint(with: operation.does.writes) {
            wanted.subtract(operation.does.writes)
            wanted.formUnion(operation.does.reads)
        }
        return wanted
    }

    /// The number and name of the first step that looks at earlier rows, of those that some columns are made by; nil = none does.
    public func historyStep(for wanted: Set<String>) -> String? {
        if isJoined { return zip(branches, shares(of: wanted)).lazy.compactMap { $0.historyStep(for: $1) }.first }
        for operation in operations(for: wanted) {
            if case .past = operation.does { return words(of: operation) }
        }
        return nil
    }

    /// The number and name of the first step that changes a column; nil = none does.
    public var firstStep: String? {
        isJoined ? branches[0].firstStep : operations.first.map(words(of:))
    }

    /// The columns that have values of the file's, by their names now: steps called them otherwise, filled or bounded them, and nothing else.
    public var origins: [String: String] {
        var origins = Dictionary(inputs.map { ($0, $0) }) { first, _ in first }
        for operation in operations {
            switch operation.does {
            case .fill, .clip: break
            case .rename(let name, let new): (origins[name], origins[new]) = (nil, origins[name])
            default: for name in operation.does.removes + operation.does.writes { origins[name] = nil }
            }
        }
        return origins.filter { outputs.contains($0.key) || carried.contains($0.key) }
    }

    /// Columns whose values training rows have by other rows than all others do: means of the target, and what is made of them.
    public var outOfFold: Set<String> {
        var found: Set<String> = []
        for operation in operations {
            if case .means(let means) = operation.does {
                found.formUnion(means.names)
            } else if !found.isDisjoint(with: operation.does.reads) {
                found.formUnion(operation.does.writes)
            }
        }
        return found
    }

    /// The step of something that is done, as `step 2 (scale)`.
    package func words(of operation: Operation) -> String {
        "step \(operation.step + 1) (\(pipeline.steps[operation.step].kind.rawValue))"
    }

    /// What is done to make some columns: columns are left out whether they are there or not.
    package func operations(for needed: Set<String>?) -> [Operation] {
        guard var wanted = needed else { return operations }
        var kept: [Operation] = []
        for operation in operations.reversed() {
            if case .drop = operation.does {
                kept.append(operation)
            } else if !wanted.isDisjoint(with: operation.does.writes) {
                wanted.subtract(operation.does.writes)
                wanted.formUnion(operation.does.reads)
                kept.append(operation)
            }
        }
        return kept.reversed()
    }

    /// The columns as a table of the same file.
    func table(_ table: Table, _ columns: ColumnSet, adding names: [String], warnings: [TableWarning]) -> Table {
        marked(table, columns.all + names.filter { columns[$0] == nil }.compactMap { table.column(named: $0) }, warnings)
    }

    /// Columns as a table of the same file, which says that this pipeline made them.
    func marked(_ table: Table, _ columns: [Column], _ warnings: [TableWarning]) -> Table {
        var made = Table(
            columns: columns, path: table.path, reading: table.reading, schema: table.schema,
            byteCount: table.byteCount, fingerprint: table.fingerprint, warnings: table.warnings + warnings)
        made.preparation = mark
        return made
    }
}

extension ColumnOperation {
    /// What it is that an operation tells of.
    fileprivate var warningCode: TableWarning.Code {
        switch self {
        case .past: .lostValues
        case .retype: .strayValues
        default: .unseenCategory
        }
    }
}
