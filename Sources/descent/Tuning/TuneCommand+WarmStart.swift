import Events
import Experiments
import Tuning

extension TuneCommand {
    /// What a search is to begin with, which is noted in its request.
    static func warmStart(
        _ arguments: ParsedArguments, _ request: inout TuningRequest, _ objective: Objective
    ) throws -> WarmStartFinder.Found {
        let names = (arguments.value("--warm-start") ?? "").split(separator: ",").map { String($0.trimmingSpaces) }
        let search = arguments.value("--warm-start-runs")
        var kind: WarmStart.Kind?
        if let word = arguments.value("--warm-start-type") {
            guard let known = WarmStart.Kind(rawValue: word) else {
                throw CommandError.usage("--warm-start-type '\(word)': say identical or transfer")
            }
            kind = known
        }
        guard !names.isEmpty || search != nil else {
            if kind != nil { throw CommandError.usage("--warm-start-type: name what to begin with by --warm-start") }
            return WarmStartFinder.Found()
        }
        let finder = WarmStartFinder(
            workspace: { try WorkspaceChoice.reading(arguments) }, request: request, objective: objective)
        let found = try finder.find(names, runs: search, kind)
        request.warmStart = names + (search.map { ["runs: " + $0] } ?? [])
        request.warmStartType = found.kind.rawValue
        return found
    }
}
