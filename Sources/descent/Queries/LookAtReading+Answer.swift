import Studio
import Tables

extension LookAtReading: AnsweredQuery {
    func answer(_ work: QueryWork<Double?>) throws -> Double? { ReadingProgress.share(ofFileAt: Engine.absolute(path)) }
}
