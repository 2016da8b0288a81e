extension LinearTrainer {
    private static let magic: UInt64 = 0x3230_4c54_4353_4544  // "DESCTL02"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(LinearTrainer.magic)
        for (_, value) in shape { writer.write(value) }
        writer.write(step)
        writer.write(seed)
        writer.write(momentum)
        for candidate in candidates {
            for value in [candidate.learningRate, candidate.weightDecay, candidate.l1, candidate.schedulerFactor] {
                writer.write(value)
            }
        }
        for values in [
            weights, biases, momentsOfWeights.first, momentsOfWeights.second, momentsOfBiases.first, momentsOfBiases.second,
        ] { writer.write(values) }
        descent?.memory.write(to: &writer)
        return writer.bytes
    }

    /// What a snapshot must agree on with the job it is restored into.
    private var shape: [(name: String, value: Int)] {
        [
            ("rows", window?.stream.rowCount ?? data.training.rowCount), ("features", data.training.featureCount),
            ("scores", configuration.scoreCount),
            ("rows a batch", configuration.batchSize), ("models", candidates.count),
            ("as its optimizer's number", optimizerNumber),
        ]
    }

    private var optimizerNumber: Int {
        LinearLearnerConfiguration.Optimizer.allCases.firstIndex(of: configuration.optimizer) ?? 0
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == LinearTrainer.magic else {
            throw LearnerError(.invalidSnapshot, "this is no linear-learner checkpoint, or it is damaged: use another one")
        }
        for (name, expected) in shape {
            let found = reader.readInteger()
            guard found == expected else {
                throw LearnerError(
                    .invalidSnapshot,
                    "the checkpoint has \(found.map(String.init) ?? "no") \(name), the job has \(expected): resume with the job's own data and settings"
                )
            }
        }
        guard let savedStep = reader.readInteger(), ByteReader.steps.contains(savedStep), reader.readWord() == seed,
            let savedMomentum = reader.readDouble(), let savedCandidates = readCandidates(&reader),
            let arrays = readArrays(&reader), let savedDescent = readDescent(&reader), reader.isAtEnd
        else {
            throw LearnerError(.invalidSnapshot, "the checkpoint is damaged or of another seed: use another one")
        }
        (step, momentum, candidates) = (savedStep, savedMomentum, savedCandidates)
        (weights, biases) = (arrays[0], arrays[1])
        (momentsOfWeights.first, momentsOfWeights.second) = (arrays[2], arrays[3])
        (momentsOfBiases.first, momentsOfBiases.second) = (arrays[4], arrays[5])
        descent = savedDescent.first
        orderRows()
    }

    private func readCandidates(_ reader: inout ByteReader) -> [LinearCandidate]? {
        var result: [LinearCandidate] = []
        for _ in candidates {
            guard let rate = reader.readDouble(), let decay = reader.readDouble(), let l1 = reader.readDouble(),
                let factor = reader.readDouble()
            else { return nil }
            result.append(LinearCandidate(learningRate: rate, weightDecay: decay, l1: l1, schedulerFactor: factor))
        }
        return result
    }

    private func readArrays(_ reader: inout ByteReader) -> [[Float]]? {
        var arrays: [[Float]] = []
        for expected in [
            weights, biases, momentsOfWeights.first, momentsOfWeights.second, momentsOfBiases.first, momentsOfBiases.second,
        ] {
            guard let values = reader.readFloats(), values.count == expected.count else { return nil }
            arrays.append(values)
        }
        return arrays
    }

    /// None for other optimizers, one for `lbfgs`; nil when damaged.
    private func readDescent(_ reader: inout ByteReader) -> [FullBatchDescent]? {
        guard var descent else { return [] }
        guard let memory = LimitedMemory(from: &reader, count: descent.parameterCount) else { return nil }
        descent.memory = memory
        descent.forgetGradient()
        return [descent]
    }
}
