import Databases
import Events

/// `@best`: the finished run whose kept model scores best. Runs compare when they answer one question: the same column of the same
/// data, judged by the same metric. Where a workspace holds several questions, `@best:WORD` says which one is meant.
enum BestRun {
    /// What runs must share so that one of them is the best.
    private struct Question: Hashable {
        var objective: Objective
        var target: String?
        /// The data's fingerprint. A run that was only watched tells nothing of its data; its experiment stands in for it.
        var data: String
        /// A script measures what it wants to, by names that others have too.
        var program: String?

        init(_ record: RunRecord) {
            objective = record.objective
            target = record.request.target
            program = record.request.program
            data = record.dataFingerprint.isEmpty ? "experiment \(record.experiment)" : record.dataFingerprint
        }
    }

    /// - Parameter runs: newest first.
    /// - Returns: nil when `text` does not ask for the best run, or no run has a score.
    /// - Throws: `ambiguous` with what to type when there is more than one question; `notFound` when a word fits none.
    static func named(_ text: String, among runs: [RunSummary]) throws(StoreError) -> RunSummary? {
        guard text == "@best" || text.hasPrefix("@best:") else { return nil }
        let word = String(text.dropFirst("@best:".count))
        var scored = runs.filter { $0.status.isFinal && $0.lastObjective?.isNaN == false }
        if !word.isEmpty {
            let wanted = word.split(separator: ",").map(String.init)
            scored = scored.filter { run in wanted.allSatisfy { words(of: run.record).contains($0) } }
            if scored.isEmpty {
                throw StoreError(
                    code: .notFound,
                    message: "no finished run for \(text): after the colon go a target, data file, metric, algorithm "
                        + "or experiment, several with commas", operation: "find run")
            }
        }
        var questions: [Question] = []
        for run in scored where !questions.contains(Question(run.record)) { questions.append(Question(run.record)) }
        let bests = questions.compactMap { question in best(of: scored.filter { Question($0.record) == question }) }
        guard bests.count > 1 else { return bests.first }
        let choices = bests.prefix(8).map { "\($0.record.name) (\(description(of: $0.record)))" }
        let more = bests.count > choices.count ? ", …" : ""
        let next = distinguishing(bests).map { "name one, or narrow it as in @best:\($0)" } ?? "name one"
        throw StoreError(
            code: .ambiguous,
            message: "@best: runs answer \(bests.count) questions, each with a best of its own: "
                + "\(choices.joined(separator: ", "))\(more): \(next)",
            operation: "find run")
    }

    private static func best(of runs: [RunSummary]) -> RunSummary? {
        guard let objective = runs.first?.record.objective else { return nil }
        return runs.reduce(nil) { best, run in
            objective.isBetter(run.lastObjective ?? .nan, than: best?.lastObjective ?? .nan) ? run : best ?? run
        }
    }

    private static func words(of record: RunRecord) -> [String] {
        let file = fileName(record)
        return [
            record.request.target, programName(record), file, file.split(separator: ".").first.map(String.init),
            record.objective.metric.text,
            String(record.objective.metric.metric), record.algorithm, record.experiment,
        ].compactMap { $0 }
    }

    private static func programName(_ record: RunRecord) -> String? {
        record.request.program?.split(separator: "/").last.map(String.init)
    }

    private static func fileName(_ record: RunRecord) -> String {
        record.request.datasetPath.split(separator: "/").last.map(String.init) ?? ""
    }

    private static func description(of record: RunRecord) -> String {
        let target = record.request.target.map { "\($0) of " } ?? ""
        let data = [programName(record), fileName(record)].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " on ")
        return "\(target)\(data), \(record.objective.metric)"
    }

    /// A word, or two of them, that fits the newest question and no other.
    private static func distinguishing(_ bests: [RunSummary]) -> String? {
        guard let first = bests.first else { return nil }
        let own = words(of: first.record).filter { !$0.isEmpty && !$0.contains(",") }
        let others = bests.dropFirst().map { Set(words(of: $0.record)) }
        if let word = own.first(where: { word in others.allSatisfy { !$0.contains(word) } }) { return word }
        for (place, word) in own.enumerated() {
            for second in own[(place + 1)...] where others.allSatisfy({ !$0.isSuperset(of: [word, second]) }) {
                return "\(word),\(second)"
            }
        }
        return nil
    }
}
