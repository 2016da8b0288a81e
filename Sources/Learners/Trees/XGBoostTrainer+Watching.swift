// What somebody who looks at a step is shown of an ensemble.
extension XGBoostTrainer {
    /// How much a feature matters, by XGBoost's words: what its splits gained on average, how many there are, the rows they parted.
    private static let importances = ["gain", "weight", "cover"]

    /// - Parameters:
    ///   - scores: of the training rows that are measured; a classifier's are margins.
    ///   - loss: as the step reports it.
    func show(_ watch: StepWatch, scores: [Float], loss: Double) {
        watch.add("loss", .losses, shape: []) { [Float(loss)] }
        watch.add("margins", .margins, shape: [scores.count / configuration.scoreCount, configuration.scoreCount]) { scores }
        guard configuration.updater != nil else { return }
        for word in Self.importances {
            watch.add("feature_importance/" + word, .featureImportance, shape: [featureCount]) { importance(word) }
        }
        guard watch.wants(.trees) else { return }
        watch.watching {
            let trees = newestTrees()
            watch.add("trees/depth", .trees) { trees.map { Float($0.depth) } }
            watch.add("trees/leaves", .trees) { trees.map { Float($0.leafCount) } }
        }
    }

    /// One number a feature, 0 for those that no tree asks for; empty where the library tells nothing.
    private func importance(_ word: String) -> [Float] {
        var values = [Float](repeating: 0, count: featureCount)
        do throws(LearnerError) {
            for (feature, score) in try booster.featureScores(word) {
                guard let index = Int(feature.dropFirst()), values.indices.contains(index) else { continue }
                values[index] = score
            }
        } catch { return [] }
        return values
    }

    /// Those of the last round.
    private func newestTrees() -> [(depth: Int, leafCount: Int)] {
        do throws(LearnerError) {
            return XGBoostDocument.trees(try booster.round(step - 1).document(), featureCount: featureCount)
        } catch { return [] }
    }
}
