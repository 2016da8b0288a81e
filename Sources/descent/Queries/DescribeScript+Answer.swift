import Scripts
import Studio

extension DescribeScript: AnsweredQuery {
    func answer(_ work: QueryWork<Answer>) throws -> Answer {
        do throws(ScriptError) {
            let found =
                description.isEmpty
                ? try ScriptDescription(beside: Engine.absolute(script)) : try ScriptDescription(file: description)
            return Answer(found?.hyperparameters ?? [])
        } catch { return Answer([], problem: error.description) }
    }
}
