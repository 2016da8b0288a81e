import Glibc
import Numerics

/// Trains a model on all rows and beside it, in step, one for each fold on the rows outside it; what is measured on rows that were
/// not learned from is the mean over the folds.
///
/// The models of the folds walk as far into their epochs as the first does into its own, so that an evaluation compares equals.
public final class FoldedTrainer: Trainer {
    /// A model that a part of the rows is held out from.
    public struct Fold {
        public let trainer: any Trainer
        public let heldOut: LabelledMatrix

        public init(trainer: any Trainer, heldOut: LabelledMatrix) {
            self.trainer = trainer
            self.heldOut = heldOut
        }
    }

    private let all: any Trainer
    /// In their order.
    public let folds: [Fold]

    public var stepsPerEpoch: Int { all.stepsPerEpoch }
    public var plannedSteps: Int { all.plannedSteps }
    public var step: Int { all.step }
    public var isFinished: Bool { all.isFinished }
    public var feedingOrder: [Int32] { all.feedingOrder }
    public var isFullEvaluationDue: Bool { all.isFullEvaluationDue }
    public var failure: LearnerError? { all.failure ?? folds.lazy.compactMap(\.trainer.failure).first }
    public var model: any LearnedModel { all.model }

    /// - Parameters:
    ///   - all: learns from every row; validates on none.
    ///   - folds: at least one; validate on their held-out rows.
    public init(_ all: any Trainer, folds: [Fold]) {
        precondition(!folds.isEmpty, "no folds")
        self.all = all
        self.folds = folds
    }

    public func trainStep() -> StepReport { following(all.trainStep()) }

    /// What is told is of the model on all rows.
    public func attribution(of rows: Matrix) -> (any FeatureAttribution)? { all.attribution(of: rows) }

    /// What is shown is the model on all rows.
    public func trainStep(_ watch: StepWatch) -> StepReport { following(all.trainStep(watch)) }

    private func following(_ report: StepReport) -> StepReport {
        for fold in folds {
            let due = all.isFinished ? Int.max : all.step * fold.trainer.stepsPerEpoch / max(1, all.stepsPerEpoch)
            while fold.trainer.step < due, !fold.trainer.isFinished, fold.trainer.failure == nil { _ = fold.trainer.trainStep() }
        }
        return report
    }

    public func evaluate() -> [(name: String, value: Double)] { all.evaluate() + means { $0.evaluate() } }

    public func evaluateLosses() -> [(name: String, value: Double)] { all.evaluateLosses() + means { $0.evaluateLosses() } }

    /// Means over the folds of what is measured on held-out rows, and each fold's loss as `validation:loss@K`, from 1.
    private func means(
        _ measure: (any Trainer) -> [(name: String, value: Double)]
    ) -> [(name: String, value: Double)] {
        let measured = folds.map { measure($0.trainer).filter { $0.name.hasPrefix("validation:") && !$0.name.contains("@") } }
        let names = measured[0].map(\.name)
        let means = names.map { name in
            let values = measured.compactMap { $0.first { $0.name == name }?.value }
            return (name: name, value: values.reduce(0, +) / Double(values.count))
        }
        return means
            + measured.enumerated().compactMap { index, entries in
                entries.first { $0.name == "validation:loss" }.map { ("validation:loss@\(index + 1)", $0.value) }
            }
    }

    /// A metric over the folds as they stand: the mean, and the sample standard deviation.
    public struct Spread: Sendable, Hashable {
        public var mean: Double, deviation: Double
    }

    /// Every metric of a finished model, on the rows of each fold that its model did not learn from.
    ///
    /// - Throws: as `LearnedModel.metrics`.
    public func heldOutMetrics() throws(LearnerError) -> [(name: String, spread: Spread)] {
        var values: [String: [Double]] = [:], names: [String] = []
        for fold in folds {
            for entry in try fold.trainer.model.metrics(on: fold.heldOut) {
                if values[entry.name] == nil { names.append(entry.name) }
                values[entry.name, default: []].append(entry.value)
            }
        }
        // What one part has no value for has no mean.
        return names.filter { values[$0]?.count == folds.count && values[$0]?.contains(where: \.isNaN) == false }.map { name in
            let own = values[name] ?? [], mean = own.reduce(0, +) / Double(own.count)
            let squares = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (name, Spread(mean: mean, deviation: own.count > 1 ? sqrt(squares / Double(own.count - 1)) : .nan))
        }
    }

    public func snapshot() -> [UInt8] { joined { $0.snapshot() } }

    public func bestMark() -> [UInt8] { joined { $0.bestMark() } }

    private func joined(_ part: (any Trainer) -> [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(folds.count)
        for trainer in [all] + folds.map(\.trainer) { writer.write(part(trainer)) }
        return writer.bytes
    }

    public func restore(_ bytes: [UInt8]) throws(LearnerError) {
        var reader = ByteReader(bytes), parts: [[UInt8]] = []
        let trainers = [all] + folds.map(\.trainer)
        if reader.readInteger() == folds.count {
            while parts.count < trainers.count, let part = reader.readBytes() { parts.append(part) }
        }
        guard parts.count == trainers.count, reader.isAtEnd else {
            throw LearnerError(.invalidSnapshot, "the snapshot is not one of \(folds.count) folds")
        }
        let before = trainers.map { $0.snapshot() }
        for (index, trainer) in trainers.enumerated() {
            do throws(LearnerError) { try trainer.restore(parts[index]) } catch {
                // None of them is changed, then.
                for earlier in 0..<index { try? trainers[earlier].restore(before[earlier]) }
                throw error
            }
        }
    }

    public func change(_ hyperparameters: [String: String]) throws(LearnerError) {
        try all.change(hyperparameters)
        for fold in folds { try fold.trainer.change(hyperparameters) }
    }
}
