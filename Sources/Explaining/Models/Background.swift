import Learners
import Numerics
import Tables
import Training

/// The rows that absent columns take their values from.
public struct Background: Sendable {
    /// The rows as the model sees them.
    let numbers: Matrix
    /// What they are.
    public let words: String

    public var rowCount: Int { numbers.rowCount }

    /// Which of the rows that there are.
    public enum Choice: Sendable, Hashable {
        case all
        /// So many, drawn at random.
        case rows(Int)
        /// The row nearest to each of so many centres.
        case centres(Int)
    }

    /// - Parameter name: what the rows are called, such as `the training rows`.
    /// - Throws: `badData` where the model cannot take them; `badRequest` for none.
    public init(
        _ table: Table, of model: Model, choice: Choice, name: String, seed: UInt64 = 0
    ) throws(ExplainingError) {
        guard table.rowCount > 0 else { throw ExplainingError(.badRequest, "a background without rows: give some") }
        let all: Matrix
        do throws(TrainingError) { all = try model.numbers(of: table) } catch {
            throw ExplainingError(.badData, "\(error)")
        }
        switch choice {
        case .all: (numbers, words) = (all, "\(name), all \(all.rowCount)")
        case .rows(let count) where count < all.rowCount:
            var random = RandomSource(seed: seed), places = Array(0..<all.rowCount)
            random.shuffle(&places)
            numbers = all.selecting(rows: places[..<max(1, count)].sorted())
            words = "\(max(1, count)) of \(name), drawn of \(all.rowCount)"
        case .centres(let count) where count < all.rowCount:
            numbers = all.selecting(rows: try Self.centres(of: all, count: max(1, count), seed: seed))
            words = "\(numbers.rowCount) of \(name), those nearest to \(count) centres"
        case .rows, .centres: (numbers, words) = (all, "\(name), all \(all.rowCount)")
        }
    }

    /// The rows nearest to centres that k-means finds; missing numbers count as their columns' means there.
    private static func centres(of rows: Matrix, count: Int, seed: UInt64) throws(ExplainingError) -> [Int] {
        do throws(LearnerError) {
            let filled = rows.fillingMissing
            let made = try Learner.named("kmeans").makeTrainer(
                TrainingRequest(
                    hyperparameters: ["k": String(count)], task: .clustering, classCount: 1,
                    training: LabelledMatrix(unlabelled: filled), validation: nil, seed: seed))
            while !made.trainer.isFinished { _ = made.trainer.trainStep() }
            let distances = try made.trainer.model.predictScores(filled)
            let nearest = (0..<distances.columnCount).map { centre in
                (0..<rows.rowCount).min { (distances[$0, centre], $0) < (distances[$1, centre], $1) } ?? 0
            }
            return Set(nearest).sorted()
        } catch {
            throw ExplainingError(.badRequest, "no \(count) centres can be found: \(error.message)")
        }
    }
}

extension Matrix {
    fileprivate var fillingMissing: Matrix {
        var copy = self
        for column in 0..<columnCount {
            let known = (0..<rowCount).map { self[$0, column] }.filter { !$0.isNaN }
            let mean = known.isEmpty ? 0 : known.reduce(0, +) / Float(known.count)
            for row in 0..<rowCount where self[row, column].isNaN { copy[row, column] = mean }
        }
        return copy
    }
}
