import Remotes
import Scripts
import Studio

extension ReadOutput: AnsweredQuery {
    func answer(_ work: QueryWork<OutputText.Piece>) throws -> OutputText.Piece {
        if let attachments = work.attachments {
            let question = FarQuestion.output(run, file: after.file, offset: after.offset)
            return try FarAnswers.output(try attachments.ask(question, in: work.store))
        }
        let read = ScriptLog.read(
            in: work.engine.workspace.artifactFolder(of: run.text), after: (after.file, after.offset), atMost: Self.portion)
        return OutputText.Piece(
            read.bytes, end: OutputText.Place(file: read.file, offset: read.offset), isAnew: read.isAnew, hasGap: read.hasGap,
            hasMore: read.hasMore)
    }

    /// Bytes read at a time.
    private static let portion = 4 << 20
}
