import Events
import Hyperparameters
import Scripts
import Training

/// Ranges that an algorithm proposes, in the place of `auto`.
enum RangeProposals {
    /// - Parameters:
    ///   - ranges: as they were written; `auto` stands for all that the algorithm proposes and that is neither held nor given itself,
    ///     `NAME=auto` for one.
    ///   - held: names of what was set.
    static func expanded(_ ranges: [String], for job: JobRequest, held: Set<String>) throws -> [String] {
        guard ranges.contains(where: { $0 == "auto" || $0.hasSuffix("=auto") }) else { return ranges }
        let proposed =
            job.isScript
            ? try declared(job).compactMap(range) : Algorithms.all.first { $0.name == job.algorithm }?.searchRanges ?? []
        let given = Set(ranges.map(name)).union(held)
        var expanded: [String] = []
        for range in ranges {
            if range == "auto" {
                let left = proposed.filter { !given.contains(name($0)) }
                guard !left.isEmpty else {
                    throw CommandError.usage("--range auto: \(job.algorithm) proposes \(words(proposed))")
                }
                expanded += left
            } else if range.hasSuffix("=auto") {
                guard let found = proposed.first(where: { name($0) == name(range) }) else {
                    throw CommandError.usage("--range \(range): \(job.algorithm) proposes \(words(proposed))")
                }
                expanded.append(found)
            } else {
                expanded.append(range)
            }
        }
        return expanded
    }

    /// What a script declares.
    private static func declared(_ job: JobRequest) throws -> [Hyperparameter] {
        if let file = job.description { return try ScriptDescription(file: file).hyperparameters }
        return try job.script.flatMap { try ScriptDescription(beside: $0) }?.hyperparameters ?? []
    }

    /// All that a setting may be; nil where that has no ends.
    private static func range(_ setting: Hyperparameter) -> String? {
        switch setting.domain {
        case .number(let low, _, let high, _):
            low.isFinite && high.isFinite && low < high ? "\(setting.name)=\(low):\(high)" : nil
        case .integer(let low, let high):
            low > .min && high < .max && low < high ? "\(setting.name)=int:\(low):\(high)" : nil
        case .choice(let words): words.count > 1 ? "\(setting.name)=cat:\(words.joined(separator: ","))" : nil
        case .boolean: "\(setting.name)=cat:true,false"
        case .text, .list, .imageShape: nil
        }
    }

    static func name(_ range: String) -> String { String(range.prefix { $0 != "=" }) }

    private static func words(_ proposed: [String]) -> String {
        proposed.isEmpty
            ? "none: give --range NAME=LOW:HIGH"
            : "ranges of \(proposed.map(name).joined(separator: ", ")): give others as NAME=LOW:HIGH"
    }
}
