import Cells
import Events
import Experiments
import Exploring
import Files
import Pictures
import Studio
import Synchronization
import Tables

/// Pictures of data files as the studio and `data pictures` show them: their classes are found once, and kept between questions.
final class PictureViews: Sendable {
    static let shared = PictureViews()

    /// The classes of a file's rows, or those that a run's model gets wrong.
    private struct Classes: Sendable {
        var sections: [(label: String?, rows: [Int])] = []
        /// Of the rows that a model gets wrong, what it takes them for.
        var wrong: [Int: WrongRows.Row] = [:]
        var lookedAt = 0
        var column: String?
        var notes: [String] = []
    }

    private struct Key: Hashable {
        let file: RowsFile
        let stamp: FileStamp?
        let column: String?
        let wrongOf: RunID?
        /// Steps of the run's status, since a run that trains on has another model later.
        let status: String
    }

    private let known = Mutex<[(key: Key, classes: Classes)]>([])
    private static let mostKnown = 4

    /// - Parameters:
    ///   - run: the run and its workspace that the question asks the wrong ones of.
    ///   - tell: what is known while the file is gone through.
    /// - Throws: `PictureRefusal`, `QueryCancelled`, what is wrong with the file or the run.
    func answer(
        _ query: ReadPictures, run: (RunSummary, Workspace)?, isWanted: () -> Bool, tell: (PicturesAnswer) -> Void
    ) throws -> PicturesAnswer {
        let question = query.question
        guard let (rows, _) = try BrowsedViews.shared.rows(of: .file(question.file)) else { throw QueryCancelled() }
        let asked = try question.shape.map { text in
            guard let shape = PictureShape(text) else {
                throw PictureRefusal("'\(text)' is no shape of pictures: give height and width such as 28x28, or 32x32x3")
            }
            return shape
        }
        let left = try question.classColumn.map { try rows.sample.column(matching: $0).name }
        let pictures = try PictureColumns(rows.sample, shape: asked, leaving: left)
        let column = try pictures.classColumn(of: rows.sample, asked: question.classColumn)
        var answer = PicturesAnswer(
            width: pictures.shape.width, height: pictures.shape.height, words: Self.words(pictures), classColumn: column,
            lookedAt: 0)
        let classes = try self.classes(question, column, rows, run, isWanted) { progress in
            answer.progress = progress
            tell(answer)
        }
        answer.progress = 1
        (answer.classColumn, answer.lookedAt, answer.notes) = (classes.column, classes.lookedAt, classes.notes)
        answer.sections = classes.sections.map { .init(label: $0.label, count: $0.rows.count) }
        for window in query.windows where classes.sections.indices.contains(window.section) {
            guard isWanted() else { throw QueryCancelled() }
            answer.tiles += try tiles(window, classes, rows, pictures, isInverted: question.isInverted)
        }
        return answer
    }

    /// `8 × 8 pixels by the 64 columns …; 0 is black, 16 white`.
    private static func words(_ pictures: PictureColumns) -> String {
        let ends = [pictures.range.lowerBound, pictures.range.upperBound].map { Column.text(of: $0) }
        return "\(pictures.shape.words) pixels \(pictures.origin), \(ends[0]) black to \(ends[1]) white"
    }

    private func classes(
        _ question: PictureQuestion, _ column: String?, _ rows: BrowsedRows, _ run: (RunSummary, Workspace)?,
        _ isWanted: () -> Bool, _ tell: (Double) -> Void
    ) throws -> Classes {
        let key = Key(
            file: question.file, stamp: FileStamp(question.file.path), column: column, wrongOf: question.wrongOf,
            status: run.map { "\($0.0.status) \($0.0.record.id.text)" } ?? "")
        if let known = known.withLock({ $0.first { $0.key == key }?.classes }) { return known }
        var found = Classes()
        if let run {
            let wrong = try WrongRows(of: run.0, run.1, in: question.file)
            found.wrong = Dictionary(wrong.rows.map { ($0.row, $0) }) { first, _ in first }
            found.sections = Self.sections(wrong)
            (found.lookedAt, found.column, found.notes) = (wrong.lookedAt, wrong.target, wrong.notes)
        } else {
            var scan = ClassRows(column: column.flatMap { name in rows.columns.firstIndex { $0.name == name } })
            while true {
                guard isWanted() else { throw QueryCancelled() }
                let pieces = rows.pieces
                if scan.pieceCount < pieces.count {
                    try scan.look(at: pieces)
                } else if pieces.isComplete {
                    break
                } else {
                    try rows.extend()
                }
                if !pieces.isComplete { tell(min(0.99, pieces.progress)) }
            }
            found.sections = scan.classes
            (found.lookedAt, found.column) = (found.sections.reduce(0) { $0 + $1.rows.count }, column)
        }
        known.withLock { known in
            known.append((key, found))
            if known.count > Self.mostKnown { known.removeFirst() }
        }
        return found
    }

    /// Wrong rows by their class, the surest of each first.
    private static func sections(_ wrong: WrongRows) -> [(label: String?, rows: [Int])] {
        let groups = Dictionary(grouping: wrong.rows, by: \.label)
        return groups.keys.sorted { left, right in
            if let first = Double(left), let second = Double(right) { return first < second }
            return left < right
        }.map { label in (label, (groups[label] ?? []).map(\.row)) }
    }

    private func tiles(
        _ window: ReadPictures.Window, _ classes: Classes, _ rows: BrowsedRows, _ pictures: PictureColumns, isInverted: Bool
    ) throws -> [PicturesAnswer.Tile] {
        let section = classes.sections[window.section]
        let places = max(0, window.first)..<max(0, min(window.first + window.count, section.rows.count))
        let wanted = places.map { section.rows[$0] }
        return zip(places, try rows.tables(ofRows: wanted)).compactMap { place, found in
            guard let (table, row) = found else { return nil }
            var tile = PicturesAnswer.Tile(
                section: window.section, place: place, row: section.rows[place], label: section.label,
                picture: pictures.picture(row: row, of: table, isInverted: isInverted))
            if classes.column == nil { tile.label = nil }
            if let wrong = classes.wrong[section.rows[place]] {
                (tile.predicted, tile.sureness) = (wrong.predicted, wrong.sureness)
            }
            return tile
        }
    }
}
