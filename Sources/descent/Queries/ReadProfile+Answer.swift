import Debugging
import Events
import Experiments
import Studio

extension ReadProfile: AnsweredQuery {
    func answer(_ work: QueryWork<ProfileAnswer>) throws -> ProfileAnswer {
        work.engine.flush()
        return ProfileAnswer(
            RunProfile(of: try work.store.events(of: run, kinds: [.profileRecorded])),
            rules: Set(RuleCatalogue.profiler.map { $0.name }))
    }
}
