extension TrialSearch {
    /// The trial whose configuration is thought to be the best. Where the objective is noisy that is not the one with the
    /// luckiest value but the one that is best by the model of all; else the best one.
    public var recommended: Trial? {
        guard strategy.isModelled, strategy != .tpe, otherDirections.isEmpty else { return best?.trial }
        let seen = history.observations()
        guard let memory = history.entries.last(where: { !$0.trial.memory.isEmpty })?.trial.memory,
            let parameters = SurrogateParameters(memory, dimension: space.dimension), seen.values.count >= 3,
            parameters.isNoisy
        else { return best?.trial }
        let warp = OutputWarp(seen.values)
        guard
            let process = GaussianProcess(
                SurrogateSpace(space), points: seen.points, values: seen.values.map(warp.callAsFunction), parameters)
        else { return best?.trial }
        let candidates = history.entries.filter { if case .finished = $0.outcome { true } else { false } }
        return candidates.min { process.mean(at: $0.trial.point) < process.mean(at: $1.trial.point) }?.trial
    }
}
