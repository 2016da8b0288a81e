import Files

extension FolderReader {
    /// Finds out which files name their columns, where that was a guess, by the others; files without names take those of others.
    mutating func settleHeaders() throws(TableError) {
        guard pieces.count > 1, pieces.contains(where: { $0.table.format == .csv }) else { return }
        if options.header == nil { try settleGuesses() }
        guard let named = pieces.first(where: { $0.table.hasHeader }) ?? pieces.first else { return }
        let bare = pieces.indices.filter { !pieces[$0].table.hasHeader }
        for index in bare {
            let piece = pieces[index]
            guard piece.names.count == named.names.count else {
                throw TableError(
                    .fieldCount,
                    "has no header and \(piece.names.count) columns, but \(named.member.name) has \(named.names.count): give files with the same columns, or with headers",
                    path: piece.member.path)
            }
            pieces[index].names = named.names
        }
        guard named.table.hasHeader, let first = bare.first else { return }
        let others = bare.count == 1 ? "has" : "and \(bare.count - 1) other files have"
        warnings.append(
            TableWarning(
                .unsureHeader,
                "\(pieces[first].member.name) \(others) no header: the columns are taken to be those of \(named.member.name), in its order"
            ))
    }

    private mutating func settleGuesses() throws(TableError) {
        let sure = pieces.first { $0.table.hasHeader && !$0.table.reading.isHeaderUnsure }
        let guessed = pieces.indices.filter { pieces[$0].table.hasHeader && pieces[$0].table.reading.isHeaderUnsure }
        // Names that come again in another file are names; what is in one file alone is data like the lines below it.
        let reference = sure ?? guessed.first.map { pieces[$0] }
        let names = Set(reference?.names ?? [])
        let isRepeated = sure != nil || guessed.dropFirst().contains { !names.isDisjoint(with: pieces[$0].names) }
        if reference != nil, isRepeated || guessed.count > 1 {
            for index in guessed where !isRepeated || names.isDisjoint(with: pieces[index].names) {
                try read(index, header: ReadOptions.Header.none)
            }
        }
        guard isRepeated, let reference else { return }
        for index in pieces.indices where !pieces[index].table.hasHeader {
            let table = pieces[index].table
            let head = table.rowCount > 0 ? table.columns.map { $0.text(at: 0) ?? "" } : []
            if head == reference.names { try read(index, header: .first) }
        }
    }

    private mutating func read(_ index: Int, header: ReadOptions.Header) throws(TableError) {
        var own = pieces[index].options
        own.header = header
        let member = pieces[index].member
        pieces[index] = Piece(member, own, try Self.read(member, own, schema))
    }
}
