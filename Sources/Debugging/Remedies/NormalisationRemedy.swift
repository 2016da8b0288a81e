import Events

/// Advises normalisation where it is off.
enum NormalisationRemedy {
    static func ifOff(_ run: RunRecord) -> [Alert.Remedy] {
        guard run.hyperparameters["normalize_data"] == "false" else { return [] }
        return [.init("normalise the features", set: ["normalize_data": "true"])]
    }
}
