import CLearnerKernels

/// Training on all rows at each step: L-BFGS whose first matrix is the inverse of the loss's curvature, where there are few
/// enough features to know it. For squared loss that is the exact solution in one step; for the others it is Newton's method on
/// a sample of rows, corrected by what the full gradients show.
///
/// - Source: Nocedal and Wright, "Numerical Optimization" (2006), chapters 3 and 7; Byrd, Chin, Neveitt and Nocedal, "On the use of
///   stochastic Hessian information in optimization methods for machine learning" (2011).
struct FullBatchDescent {
    /// What one step did.
    struct Report {
        var loss: Double, gradientNorm: Double, length: Double
    }

    var memory = LimitedMemory()
    /// Values a step of the optimiser moves: for each score its weights and its bias.
    var parameterCount: Int { scoreCount * (data.training.featureCount + 1) }
    var isConverged: Bool { memory.isConverged }

    private let data: LinearData
    /// All rows, where those of `data` are but a sample of them.
    private let distributed: (any DistributedRows)?
    private let objective: LinearObjective
    private let scoreCount: Int, usesBias: Bool, biasDecay: Double
    private var curvature: GramCurvature?
    private var point: Point?
    private var penalties: CategoryPenalties

    /// The objective at the parameters in memory.
    private struct Point {
        /// Mean loss of the rows, and with the penalty.
        var loss: Double, value: Double
        var gradient: [Double]
    }

    /// A relative gain below this is not worth a pass over the data.
    private var tolerance: Double { distributed == nil ? 1e-10 : 1e-14 }
    /// What sums of losses are good to, as a part of their size: in single precision here, in double on a cluster.
    private var noise: Double { distributed == nil ? 1e-9 : 1e-13 }
    /// Rows whose gradients are summed in single precision.
    private static let chunk = 4096

    init(
        _ configuration: LinearLearnerConfiguration, _ data: LinearData, objective: LinearObjective,
        distributed: (any DistributedRows)? = nil
    ) {
        self.data = data
        self.distributed = distributed
        self.objective = objective
        scoreCount = configuration.scoreCount
        usesBias = configuration.usesBias
        biasDecay = configuration.biasDecayMultiplier
        penalties = CategoryPenalties(weightStride: data.training.weightStride, scoreCount: configuration.scoreCount)
    }

    /// Starts again from weights that were changed from outside.
    mutating func forget() {
        memory = LimitedMemory()
        forgetGradient()
    }

    mutating func forgetGradient() {
        point = nil
        curvature = nil
    }

    /// - Throws: as `DistributedRows`; nothing has changed then.
    mutating func step(
        _ weights: inout [Float], _ biases: inout [Float], decay: Double, penalties: CategoryPenalties
    ) throws(LearnerError) -> Report {
        self.penalties = penalties
        if memory.parameters.isEmpty { memory.parameters = gathered(weights, biases) }
        let before: Point
        if let point { before = point } else { before = try evaluate(memory.parameters, decay: decay) }
        point = before
        guard before.value.isFinite else {
            memory.isConverged = true
            return Report(loss: before.loss, gradientNorm: Self.norm(before.gradient), length: 0)
        }
        try refreshCurvature(decay: decay)
        var direction = memory.direction(before.gradient, precondition: precondition)
        var slope = LimitedMemory.dot(direction, before.gradient)
        if !(slope < 0) {
            memory.forgetSteps()
            direction = memory.direction(before.gradient, precondition: precondition)
            slope = LimitedMemory.dot(direction, before.gradient)
        }
        let (after, length) = try search(from: before, direction, slope: slope, decay: decay)
        if let after {
            let change = after.gradient.indices.map { after.gradient[$0] - before.gradient[$0] }
            let isStalled = before.value - after.value <= noise * abs(before.value)
            // What single precision blurs tells nothing of the curvature; without it the next step is a fresh one.
            if isStalled && memory.isEmpty { memory.isConverged = true }
            if isStalled { memory.forgetSteps() } else { memory.remember(step: direction.map { $0 * length }, change: change) }
            for index in direction.indices { memory.parameters[index] += length * direction[index] }
            scatter(memory.parameters, &weights, &biases)
            point = after
            if distributed == nil { try refreshCurvature(decay: decay) }
            let next = memory.direction(after.gradient, precondition: precondition)
            let gain = -LimitedMemory.dot(next, after.gradient) / 2
            memory.isConverged = memory.isConverged || !(gain > tolerance * max(after.value, 1e-12))
        } else {
            memory.isConverged = memory.isEmpty
            memory.forgetSteps()
        }
        return Report(loss: before.loss, gradientNorm: Self.norm(before.gradient), length: length)
    }

    /// Halves the step until the objective falls enough (Armijo); nil when it does not at any length.
    private func search(from before: Point, _ direction: [Double], slope: Double, decay: Double) throws(LearnerError) -> (
        Point?, Double
    ) {
        guard slope < 0 else { return (nil, 0) }
        var length = curvature == nil && memory.lastScale == nil ? min(1, 1 / max(Self.norm(before.gradient), 1e-30)) : 1.0
        for _ in 0..<20 {
            let trial = memory.parameters.indices.map { memory.parameters[$0] + length * direction[$0] }
            let after = try evaluate(trial, decay: decay)
            if after.value <= before.value + 1e-4 * length * slope + noise * abs(before.value) { return (after, length) }
            let bend = after.value - before.value - length * slope
            let best = bend.isFinite && bend > 0 ? -slope * length / (2 * bend) : 0.1
            length *= min(0.5, max(0.1, best))
        }
        return (nil, 0)
    }

    private static func norm(_ values: [Double]) -> Double { LimitedMemory.dot(values, values).squareRoot() }

    // MARK: Curvature

    private mutating func refreshCurvature(decay: Double) throws(LearnerError) {
        guard !data.training.hasCategories, data.training.featureCount <= GramCurvature.featureLimit else { return }
        let isConstant = scoreCount > 1 || objective.loss == .squared
        if curvature != nil && (isConstant || data.training.featureCount > GramCurvature.refreshLimit) { return }
        if let distributed {
            let width = data.training.featureCount + 1
            let sums = try distributed.linearSums(query(memory.parameters, wantsCurvature: true))
            curvature = GramCurvature(
                sums: sums.curvature, rowCount: distributed.rowCount, width: width, decay: decay,
                biasDecay: decay * biasDecay, usesBias: usesBias)
            return
        }
        let (weights, biases) = single(memory.parameters)
        curvature = GramCurvature(
            data, objective: objective, weights: weights, biases: biases, decay: decay, biasDecay: decay * biasDecay,
            usesBias: usesBias)
    }

    private func precondition(_ gradient: [Double]) -> [Double] {
        if let curvature {
            let width = data.training.featureCount + 1
            return stride(from: 0, to: gradient.count, by: width).flatMap { curvature.solve(Array(gradient[$0..<$0 + width])) }
        }
        let scale = memory.lastScale ?? 1
        return gradient.map { $0 * scale }
    }

    // MARK: Objective

    private func evaluate(_ parameters: [Double], decay: Double) throws(LearnerError) -> Point {
        let sums: LinearSums
        if let distributed {
            sums = try distributed.linearSums(query(parameters, wantsCurvature: false))
        } else {
            sums = localSums(parameters)
        }
        let rows = data.training, width = rows.featureCount
        let count = Double(distributed?.rowCount ?? rows.rowCount)
        var result = [Double](repeating: 0, count: parameters.count), penalty = 0.0
        for score in 0..<scoreCount {
            let start = score * (width + 1)
            for feature in 0...width {
                let isBias = feature == width, value = parameters[start + feature]
                if isBias && !usesBias { continue }
                let own = decay * (isBias ? biasDecay : penalties.factor(at: rows.place(of: feature)))
                result[start + feature] = sums.gradient[start + feature] / count + own * value
                penalty += own * value * value / 2
            }
        }
        return Point(loss: sums.loss / count, value: sums.loss / count + penalty, gradient: result)
    }

    private func query(_ parameters: [Double], wantsCurvature: Bool) -> LinearQuery {
        LinearQuery(
            loss: objective.loss, lossParameter: objective.parameter, scoreCount: scoreCount, parameters: parameters,
            means: data.means.map(Double.init), inverses: data.inverses.map(Double.init), targetMean: data.targetMean,
            targetInverse: 1 / data.targetDeviation, classWeights: data.scoring.classWeights.map(Double.init),
            wantsCurvature: wantsCurvature)
    }

    private func localSums(_ parameters: [Double]) -> LinearSums {
        let (weights, biases) = single(parameters)
        let rows = data.training, width = rows.featureCount
        var sums = [Double](repeating: 0, count: weights.count), biasSums = [Double](repeating: 0, count: biases.count)
        var gradient = [Float](repeating: 0, count: weights.count), biasGradient = [Float](repeating: 0, count: biases.count)
        var scratch = biasGradient, sum = [0.0], loss = 0.0
        withOptional(data.lossWeights) { rowWeights in
            data.scaledTargets.withUnsafeBufferPointer { targets in
                guard let target = targets.baseAddress else { return }
                for start in stride(from: 0, to: rows.rowCount, by: Self.chunk) {
                    let batch = LinearBatch(
                        features: rows, rows: nil, count: min(Self.chunk, rows.rowCount - start), targets: target + start,
                        rowWeights: rowWeights.map { $0 + start }, loss: objective.kernel, modelCount: 1, start: start)
                    batch.gradients(weights, biases, &gradient, &biasGradient, &sum, &scratch)
                    loss += sum[0]
                    for index in gradient.indices { sums[index] += Double(gradient[index]) }
                    for index in biasGradient.indices { biasSums[index] += Double(biasGradient[index]) }
                }
            }
        }
        var result: [Double] = []
        result.reserveCapacity(parameters.count)
        for score in 0..<scoreCount {
            for feature in 0..<width { result.append(sums[score * rows.weightStride + rows.place(of: feature)]) }
            result.append(biasSums[score])
        }
        return LinearSums(loss: loss, gradient: result)
    }

    // MARK: Layout

    private func gathered(_ weights: [Float], _ biases: [Float]) -> [Double] {
        let values = data.training.unpadded(weights[...]), width = data.training.featureCount
        var result: [Double] = []
        for score in 0..<scoreCount {
            for value in values[score * width..<(score + 1) * width] { result.append(Double(value)) }
            result.append(Double(biases[score]))
        }
        return result
    }

    /// Parameters as the kernels take them.
    private func single(_ parameters: [Double]) -> (weights: [Float], biases: [Float]) {
        var weights = [Float](repeating: 0, count: scoreCount * data.training.weightStride)
        var biases = [Float](repeating: 0, count: scoreCount)
        scatter(parameters, &weights, &biases)
        return (weights, biases)
    }

    private func scatter(_ parameters: [Double], _ weights: inout [Float], _ biases: inout [Float]) {
        let rows = data.training, width = rows.featureCount
        for score in 0..<scoreCount {
            for feature in 0..<width {
                weights[score * rows.weightStride + rows.place(of: feature)] = Float(parameters[score * (width + 1) + feature])
            }
            biases[score] = Float(parameters[score * (width + 1) + width])
        }
    }
}
