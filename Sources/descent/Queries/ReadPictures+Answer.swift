import Exploring
import Studio

extension ReadPictures: AnsweredQuery {
    func answer(_ work: QueryWork<PicturesAnswer>) throws -> PicturesAnswer {
        try work.checkDataIsHere()
        let run = try question.wrongOf.map { id in
            work.engine.flush()
            guard let summary = try work.store.run(id) else { throw CommandError.failed("there is no such run any more") }
            return (summary, try work.store.workspace)
        }
        do {
            return try PictureViews.shared.answer(self, run: run, isWanted: work.isWanted, tell: work.tell)
        } catch let refusal as PictureRefusal { throw CommandError.failed(refusal.description) }
    }
}
