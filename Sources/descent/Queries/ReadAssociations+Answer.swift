import Exploring
import Searching
import Studio
import Tables

extension ReadAssociations: AnsweredQuery {
    func answer(_ work: QueryWork<AssociationsAnswer>) throws -> AssociationsAnswer {
        try work.checkDataIsHere()
        guard let (rows, _) = try BrowsedViews.shared.rows(of: view.source) else { throw QueryCancelled() }
        var plain = view
        plain.sort = nil
        let count: Int
        do {
            count = try BrowsedViews.shared.find(plain, rows, isWanted: work.isWanted) { _ in }.found
        } catch let error as SearchError { throw CommandError.usage(error.message) }
        let chosen = BrowsedViews.shared.found(plain)?.rows
        let step = AssociationCounter.step(rowCount: count, columnCount: rows.columns.count)
        let taken = stride(from: 0, to: count, by: step).map { chosen?[$0] ?? $0 }
        let pieces = rows.pieces
        var counter = AssociationCounter(rows.columns), next = 0
        while next < taken.count, let piece = pieces.piece(of: taken[next]) {
            guard work.isWanted() else { throw QueryCancelled() }
            let own = pieces.rows(of: piece), first = next
            while next < taken.count, own.contains(taken[next]) { next += 1 }
            counter.add(try pieces.table(piece), rows: taken[first..<next].map { $0 - own.lowerBound })
        }
        let anchor = column.flatMap { name in rows.columns.firstIndex { $0.name == name } }
        let numbers: AssociationMatrix.Numbers = byRanks ? .spearman : .pearson
        let matrix = counter.matrix(around: anchor, numbers: numbers)
        let places = matrix.columns.indices
        return AssociationsAnswer(
            names: matrix.columns.map(\.name), values: matrix.values,
            measures: places.map { row in places.map { matrix.measure(row, $0, numbers) } }, rowCount: matrix.rowCount,
            allCount: count, leftOut: rows.columns.count - matrix.columns.count)
    }
}
