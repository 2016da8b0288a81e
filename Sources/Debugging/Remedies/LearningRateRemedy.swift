import Events
import JSON

/// Advises a smaller learning rate.
enum LearningRateRemedy {
    static func smaller(_ run: RunRecord, by factor: Double) -> [Alert.Remedy] {
        guard let (name, rate) = rate(of: run) else { return [.init("lower the learning rate")] }
        let lower = JSONValue.text(significant(rate / factor))
        return [.init("lower the learning rate from \(rounded(rate)) to \(lower)", set: [name: lower])]
    }

    static func larger(_ run: RunRecord, by factor: Double) -> [Alert.Remedy] {
        guard let (name, rate) = rate(of: run) else { return [] }
        let higher = JSONValue.text(significant(rate * factor))
        return [.init("try a larger learning rate: \(higher)", set: [name: higher])]
    }

    /// The setting that is the learning rate, as a script may call it too, and its value.
    private static func rate(of run: RunRecord) -> (name: String, value: Double)? {
        let names = ["learning_rate", "lr"]
        // Of a script's, the one that it was given can be given otherwise.
        for name in names.filter(run.isSetByHand) + names {
            if let rate = run.hyperparameters[name].flatMap(Double.init), rate > 0 { return (name, rate) }
        }
        return nil
    }

    /// Two significant digits, so that the advice reads like something a person would type.
    private static func significant(_ value: Double) -> Double {
        var scale = 1.0
        while value * scale < 10 { scale *= 10 }
        return (value * scale).rounded() / scale
    }
}
