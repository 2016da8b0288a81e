import Experiments
import Exploring
import Files
import Searching
import Studio

extension ReadRows: AnsweredQuery {
    func answer(_ work: QueryWork<RowsPiece>) throws -> RowsPiece {
        try work.checkDataIsHere()
        return try BrowsedViews.shared.piece(self)
    }
}

extension FindRows: AnsweredQuery {
    func answer(_ work: QueryWork<Answer>) throws -> Answer {
        try work.checkDataIsHere()
        do {
            var found = try BrowsedViews.shared.rows(of: view.source)
            if found == nil, case .query(let sql, let files) = view.source {
                try BrowsedViews.shared.ask(sql, files, isWanted: work.isWanted)
                found = try BrowsedViews.shared.rows(of: view.source)
            }
            guard let (rows, _) = found else { throw QueryCancelled() }
            return .count(
                try BrowsedViews.shared.find(view, rows, isWanted: work.isWanted) { work.tell(.count($0)) })
        } catch let error as SearchError {
            return .fault(error.message, place: error.range.lowerBound)
        } catch let error as QueryError {
            if error.isCancelled { throw QueryCancelled() }
            return .fault(error.message, place: error.place)
        }
    }
}

extension ReadCell: AnsweredQuery {
    func answer(_ work: QueryWork<[String?]>) throws -> [String?] {
        try work.checkDataIsHere()
        guard let number = BrowsedViews.shared.number(of: row, in: view),
            let (rows, _) = try BrowsedViews.shared.rows(of: view.source)
        else { throw QueryCancelled() }
        return try rows.cells(rows: [number], columns: columns).first ?? []
    }
}

extension KeepRows: AnsweredQuery {
    func answer(_ work: QueryWork<Kept>) throws -> Kept {
        try work.checkDataIsHere()
        try WrittenFiles.checkIsFree(path)
        let count = try BrowsedViews.shared.write(view, to: path, isWanted: work.isWanted)
        return Kept(path: FilePath.absolute(path) ?? path, rowCount: count)
    }
}

extension QueryWork {
    /// - Throws: where the data is on another machine.
    func checkDataIsHere() throws {
        guard attachments == nil else {
            throw CommandError.failed("the data is on another machine, where its rows are: open the studio there")
        }
    }
}
