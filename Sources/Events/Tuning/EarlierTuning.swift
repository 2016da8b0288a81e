import JSON

/// What a tuning job or something like it tried and found, as a later one begins with it.
public struct EarlierTuning: Hashable, Sendable {
    public struct Trial: Hashable, Sendable {
        /// All that is known of its settings, searched ones and others.
        public var values: [String: String]
        public var value: Double
        public var isStopped: Bool

        public init(values: [String: String], value: Double, isStopped: Bool) {
            (self.values, self.value, self.isStopped) = (values, value, isStopped)
        }
    }

    public var name: String
    public var trials: [Trial]

    public init(name: String, trials: [Trial]) { (self.name, self.trials) = (name, trials) }
}

extension EarlierTuning {
    public var json: JSONValue {
        .object([
            "name": .string(name),
            "trials": .array(
                trials.map { trial in
                    .object([
                        "values": JSONValue(trial.values), "value": .number(trial.value), "stopped": .boolean(trial.isStopped),
                    ])
                }),
        ])
    }

    public init?(json: JSONValue) {
        guard let name = json["name"]?.string, let trials = json["trials"]?.array else { return nil }
        self.init(
            name: name,
            trials: trials.compactMap { trial in
                guard let values = trial["values"]?.strings, let value = trial["value"]?.double,
                    let isStopped = trial["stopped"]?.boolean
                else { return nil }
                return Trial(values: values, value: value, isStopped: isStopped)
            })
    }
}
