import Events
import JSON

/// Advises a smaller learning rate.
enum LearningRateRemedy {
    static func smaller(_ run: RunRecord, by factor: Double) -> [Alert.Remedy] {
        guard let rate = run.hyperparameters["learning_rate"].flatMap(Double.init), rate > 0 else {
            return [.init("lower the learning rate")]
        }
        let lower = JSONValue.text(significant(rate / factor))
        return [.init("lower the learning rate from \(JSONValue.text(rate)) to \(lower)", set: ["learning_rate": lower])]
    }

    static func larger(_ run: RunRecord, by factor: Double) -> [Alert.Remedy] {
        guard let rate = run.hyperparameters["learning_rate"].flatMap(Double.init), rate > 0 else { return [] }
        let higher = JSONValue.text(significant(rate * factor))
        return [.init("try a larger learning rate: \(higher)", set: ["learning_rate": higher])]
    }

    /// Two significant digits, so that the advice reads like something a person would type.
    private static func significant(_ value: Double) -> Double {
        var scale = 1.0
        while value * scale < 10 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}
