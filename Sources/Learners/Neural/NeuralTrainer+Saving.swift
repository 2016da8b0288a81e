import Numerics

extension NeuralTrainer {
    private static let magic: UInt64 = 0x3130_4e4e_4353_4544  // "DESCNN01"

    public func snapshot() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Self.magic)
        for (_, value) in identity { writer.write(value) }
        writer.write(step)
        writer.write(seed)
        let penalties = steered.penalties
        for value in [
            steered.rate, steered.dropout, penalties.l1, penalties.l2, penalties.weightDecay, penalties.momentum, plateau.scale,
            plateau.best, epochLoss,
        ] { writer.write(value) }
        writer.write(plateau.badCount)
        for buffer in buffers { writer.write(buffer.values) }
        return writer.bytes
    }

    /// What must be the same where a snapshot is made and where it is restored.
    private var identity: [(name: String, value: Int)] {
        [
            ("rows", training.rowCount), ("features", training.featureCount), ("scores", configuration.scoreCount),
            ("rows a batch", configuration.batchSize), ("weights", workspace.parameters.count),
            ("optimizer weights", optimizer.second.count),
        ]
    }

    private var buffers: [FloatBuffer] { [workspace.parameters, workspace.statistics, optimizer.first, optimizer.second] }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes)
        guard reader.readWord() == Self.magic else {
            throw LearnerError(.invalidSnapshot, "this is no neural-network checkpoint, or it is damaged: use another one")
        }
        for (name, expected) in identity {
            let found = reader.readInteger()
            guard found == expected else {
                throw LearnerError(
                    .invalidSnapshot,
                    "the checkpoint has \(found.map(String.init) ?? "no") \(name), the job has \(expected): resume with the job's own data and settings"
                )
            }
        }
        let damaged = LearnerError(.invalidSnapshot, "the checkpoint is damaged or of another seed: use another one")
        guard let savedStep = reader.readInteger(), ByteReader.steps.contains(savedStep), reader.readWord() == seed else {
            throw damaged
        }
        let numbers = (0..<9).compactMap { _ in reader.readDouble() }
        guard numbers.count == 9, (0..<1).contains(numbers[1]), let badCount = reader.readInteger(),
            ByteReader.steps.contains(badCount)
        else { throw damaged }
        var arrays: [[Float]] = []
        for buffer in buffers {
            guard let values = reader.readFloats(), values.count == buffer.count else { throw damaged }
            arrays.append(values)
        }
        guard reader.isAtEnd else { throw damaged }
        adopt(step: savedStep)
        steered = Steered(
            rate: numbers[0], dropout: numbers[1],
            penalties: .init(l1: numbers[2], l2: numbers[3], weightDecay: numbers[4], momentum: numbers[5]))
        plateau.restore(scale: numbers[6], best: numbers[7], badCount: badCount)
        epochLoss = numbers[8]
        for (buffer, values) in zip(buffers, arrays) { buffer.replace(with: values) }
    }
}
