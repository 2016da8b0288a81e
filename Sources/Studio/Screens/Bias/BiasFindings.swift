/// What was found of how alike data or a model treat groups of rows.
package struct BiasFindings: Sendable {
    package struct Metric: Sendable {
        package var name: String, title: String
        /// nil where it is not defined; the sentence says why.
        package var value: Double?
        /// In which it lies in 95 of 100 cases.
        package var interval: ClosedRange<Double>?
        package var neutral: Double
        package var sentence: String
        package var isOfPredictions: Bool

        package init(
            _ name: String, title: String, value: Double?, interval: ClosedRange<Double>?, neutral: Double, sentence: String,
            isOfPredictions: Bool
        ) {
            (self.name, self.title, self.value, self.interval) = (name, title, value, interval)
            (self.neutral, self.sentence, self.isOfPredictions) = (neutral, sentence, isOfPredictions)
        }
    }

    /// Rows of a group by label and prediction; without predictions all are negatives.
    package struct Group: Sendable {
        package var truePositives, falsePositives, falseNegatives, trueNegatives: Double

        package init(truePositives: Double, falsePositives: Double, falseNegatives: Double, trueNegatives: Double) {
            (self.truePositives, self.falsePositives) = (truePositives, falsePositives)
            (self.falseNegatives, self.trueNegatives) = (falseNegatives, trueNegatives)
        }

        var rows: Double { truePositives + falsePositives + falseNegatives + trueNegatives }
        var positives: Double { truePositives + falseNegatives }
        var predictedPositives: Double { truePositives + falsePositives }
    }

    /// What a threshold of the model's score brings.
    package struct Trade: Sendable {
        package var threshold, accuracy, difference, impact: Double

        package init(threshold: Double, accuracy: Double, difference: Double, impact: Double) {
            (self.threshold, self.accuracy, self.difference, self.impact) = (threshold, accuracy, difference, impact)
        }
    }

    package struct Facet: Sendable {
        /// Whose rows are compared with all others, such as `sex Female`.
        package var name: String
        /// The same as a question has it, such as `sex=Female`.
        package var test: String
        package var metrics: [Metric]
        package var own: Group, others: Group
        /// Over the model's scores; empty where there are none.
        package var trades: [Trade]

        package init(
            _ name: String, test: String = "", metrics: [Metric], own: Group, others: Group, trades: [Trade] = []
        ) {
            (self.name, self.test, self.metrics, self.own, self.others, self.trades) = (name, test, metrics, own, others, trades)
        }
    }

    /// What is labelled, such as `income >50K`.
    package var label: String
    package var facets: [Facet]
    package var hasPredictions: Bool
    /// From what score on the model says positive; nil where it gives none.
    package var threshold: Double?
    /// Which rows were looked at, in words.
    package var rows: String
    package var notes: [String]
    /// Why the model's bias cannot be mended and measured; nil where it can.
    package var obstacle: String?

    package init(
        label: String, facets: [Facet], hasPredictions: Bool, threshold: Double? = nil, rows: String, notes: [String] = []
    ) {
        (self.label, self.facets, self.hasPredictions) = (label, facets, hasPredictions)
        (self.threshold, self.rows, self.notes) = (threshold, rows, notes)
    }
}
