import CheckedNumbers

/// What is worth saying about a search before it begins, a sentence each.
public enum SearchAdvice {
    /// - Parameters:
    ///   - trialCount: how many trials there may be; nil = as many as time allows.
    ///   - parallelCount: how many run at once.
    ///   - processorCount: how many the machine can compute at once; nil = that is not what limits them.
    public static func find(
        _ space: SearchSpace, _ strategy: SearchStrategy, trialCount: Int?, parallelCount: Int, processorCount: Int? = nil
    ) -> [String] {
        var advice: [String] = []
        for parameter in space.searched where parameter.scaling == .linear {
            let ends: (low: Double, high: Double, text: String)
            switch parameter.values {
            case .continuous(let low, let high, _): ends = (low, high, "log:\(low):\(high)")
            case .integer(let low, let high, _): ends = (Double(low), Double(high), "int:log:\(low):\(high)")
            case .categorical, .fixed: continue
            }
            guard ends.low > 0, ends.high / ends.low >= 1000 else { continue }
            advice.append(
                "\(parameter.name) covers \(Int(nearestWithin: ends.high / ends.low)) times its smallest value on a linear scale, "
                    + "where small values are hardly tried: \(ends.text) tries all magnitudes"
            )
        }
        if let trialCount, space.dimension * 3 > trialCount, strategy.isModelled {
            advice.append(
                "\(space.dimension) parameter\(space.dimension == 1 ? "" : "s") for \(trialCount) trials: search fewer, or allow \(space.dimension * 5) and more"
            )
        }
        if let trialCount, strategy.isModelled, parallelCount * 4 > trialCount, parallelCount > 1 {
            advice.append(
                "\(parallelCount) of \(trialCount) trials at once leave little to learn from: fewer find better ones"
            )
        }
        if let processorCount, parallelCount > processorCount {
            let processors = processorCount == 1 ? "1 processor" : "\(processorCount) processors"
            advice.append(
                "\(parallelCount) trials at once share \(processors): each takes longer, and all together are no sooner done"
                    + (strategy.isModelled ? ", while each is suggested knowing less" : ""))
        }
        return advice
    }
}
