import JSON

/// The tuning job that a run is a trial of, or the AutoML job that it is a candidate of.
public struct RunTuning: Hashable, Sendable {
    /// The tuning job's id.
    public var tuning: String
    /// Its name, unique in the workspace.
    public var name: String
    /// The trial's number, from 0.
    public var trial: Int
    /// Whether it is an AutoML job.
    public var isAutoML = false

    public init(tuning: String, name: String, trial: Int) {
        (self.tuning, self.name, self.trial) = (tuning, name, trial)
    }
}

extension RunTuning {
    var json: JSONValue {
        .object([
            "tuning": .string(tuning), "name": .string(name), "trial": .integer(trial), "automl": isAutoML ? .boolean(true) : nil,
        ])
    }

    init?(json: JSONValue) {
        guard let tuning = json["tuning"]?.string, let name = json["name"]?.string, let trial = json["trial"]?.integer else {
            return nil
        }
        self.init(tuning: tuning, name: name, trial: trial)
        isAutoML = json["automl"]?.boolean ?? false
    }
}
