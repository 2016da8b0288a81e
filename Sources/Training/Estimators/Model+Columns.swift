import Glibc
import Learners
import Numerics
import Tables

/// What an explanation sees of a model: columns become numbers, and numbers scores, with nothing of one column in another's numbers.
extension Model {
    /// The columns that decide, in the order of their numbers, and the places of each one's numbers.
    package var decidingColumns: [(name: String, places: [Int])] {
        var order: [String] = [], places: [String: [Int]] = [:]
        for (place, name) in pipeline.featureColumns.enumerated() {
            if places[name] == nil { order.append(name) }
            places[name, default: []].append(place)
        }
        return order.map { ($0, places[$0] ?? []) }
    }

    /// The numbers that rows become.
    ///
    /// - Shape: [rows, all columns' places].
    /// - Throws: `badData`.
    package func numbers(of table: Table, rows: [Int]? = nil) throws(TrainingError) -> Matrix {
        do throws(TableError) { return try pipeline.transform(try prepared(table), rows: rows) } catch {
            throw TrainingError(.badData, error.description, operation: "explain")
        }
    }

    /// What was learned, where it sees columns' numbers as they are; nil where something is between.
    package var direct: (any LearnedModel)? { stepNames == nil ? learned : nil }

    package var task: LearningTask { learned.task }
    package var givesProbabilities: Bool { learned.givesProbabilities }
    package var scoreCount: Int { learned.scoreCount }

    /// What a regressor's scores are added to.
    package var scoreOrigin: Double { target?.origin ?? 0 }

    /// Scores before anything is made of them: log-odds, or a regressor's predictions before its link.
    ///
    /// - Shape: numbers as `numbers(of:)` gives them; returns [rows, scoreCount].
    /// - Throws: `badData`.
    package func margins(of numbers: Matrix) throws(TrainingError) -> [Double] {
        var features = numbers
        for step in steps { features = try step.transform(features) }
        do throws(LearnerError) {
            let scores: Matrix
            if let trees = learned as? XGBoostModel {
                scores = try trees.predictMargins(features)
            } else {
                scores = try learned.predictScores(features)
            }
            let origin = scoreOrigin
            return scores.elements.map { Double($0) + origin }
        } catch {
            throw TrainingError(.badData, error.message, operation: "explain")
        }
    }
}

extension Model {
    /// The score from which a classifier of two classes says the second.
    package var scoreThreshold: Double { Double(learned.threshold) }

    /// The margin from which a classifier of two classes says the second.
    package var marginThreshold: Double {
        let threshold = Double(learned.threshold)
        return learned.givesProbabilities ? log(threshold / (1 - threshold)) : threshold
    }

    /// The class that margins of one row mean.
    package func classIndex(margins: [Double]) -> Int {
        guard margins.count > 1 else { return (margins.first ?? 0) >= marginThreshold ? 1 : 0 }
        return margins.indices.max { (margins[$0], -$0) < (margins[$1], -$1) } ?? 0
    }
}
