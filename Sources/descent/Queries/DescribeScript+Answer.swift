import Scripts
import Studio

extension DescribeScript: AnsweredQuery {
    func answer(_ work: QueryWork<Answer>) throws -> Answer {
        if !script.isEmpty, !Engine.exists(script) { return Answer([], problem: "\(script) is not there") }
        do throws(ScriptError) {
            let found =
                description.isEmpty
                ? try ScriptDescription(beside: Engine.absolute(script)) : try ScriptDescription(file: description)
            return Answer(found?.hyperparameters ?? [])
        } catch { return Answer([], problem: error.description) }
    }
}
