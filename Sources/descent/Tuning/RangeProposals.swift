import Events
import Training

/// Ranges that an algorithm proposes, in the place of `auto`.
enum RangeProposals {
    /// - Parameter ranges: as they were written; `auto` stands for all that the algorithm proposes and that is neither held nor
    ///   given itself, `NAME=auto` for one.
    static func expanded(_ ranges: [String], for job: JobRequest) throws(CommandError) -> [String] {
        let proposed = Algorithms.all.first { $0.name == job.algorithm }?.searchRanges ?? []
        let given = Set(ranges.map(name)).union(job.hyperparameters.keys)
        var expanded: [String] = []
        for range in ranges {
            if range == "auto" {
                let left = proposed.filter { !given.contains(name($0)) }
                guard !left.isEmpty else { throw .usage("--range auto: \(job.algorithm) proposes \(words(proposed))") }
                expanded += left
            } else if range.hasSuffix("=auto") {
                guard let found = proposed.first(where: { name($0) == name(range) }) else {
                    throw .usage("--range \(range): \(job.algorithm) proposes \(words(proposed))")
                }
                expanded.append(found)
            } else {
                expanded.append(range)
            }
        }
        return expanded
    }

    private static func name(_ range: String) -> String { String(range.prefix { $0 != "=" }) }

    private static func words(_ proposed: [String]) -> String {
        proposed.isEmpty
            ? "none: give --range NAME=LOW:HIGH"
            : "ranges of \(proposed.map(name).joined(separator: ", ")): give others as NAME=LOW:HIGH"
    }
}
