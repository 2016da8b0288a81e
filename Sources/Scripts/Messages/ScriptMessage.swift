import CheckedNumbers
import Events
import Interop
import JSON

/// What a script says of itself in the run's folder of messages (docs/script-messages.md).
package enum ScriptMessage {
    /// - Parameter isWatching: whether it comes of what watches the script, and nothing in the script listens.
    case hello(rank: Int, pid: Int, isWatching: Bool)
    /// Where no step is said that is one, the values' is 0.
    case metrics([LoggedValue], Place)
    case parameters([String: String])
    case plan(steps: Int?, epochs: Double?)
    case steerable([String: String])
    case steered(number: Int, step: Int?, epoch: Double?)
    case refused(number: Int, why: String)
    case checkpoint(Checkpoint)
    case tensor(TensorSummary, step: Int, mode: TensorsOfStep.Mode)
    /// What a stretch of its time went into.
    case profile(Profile)
    /// What its package has needed so far, and what the step that it told last spent its time on.
    case cost(seconds: Double, spent: [StepPart: Double])
    /// What its package saw from inside of how it trains.
    case observed(TrainingObservation)
    case dropped(Int)
    case failed(Failure)
    /// What needs nothing done, and what is not known here.
    case other

    /// The step that a message says.
    package struct Place: Hashable, Sendable {
        /// nil = it says none that is one.
        var step: Int?
        /// What is to be said of it.
        var remark: String?

        init(_ json: JSONValue?) {
            let number = json.flatMap(LogNumber.value)
            step = number.flatMap { Int(nearest: $0) }.flatMap { LoggedValue.isStep($0) ? $0 : nil }
            let text = json.map { $0.string ?? $0.text } ?? "missing"
            guard let number, let step else {
                remark = "a message's step is \(text.prefix(40)), which is none: its values are counted on from the step before"
                return
            }
            if number != number.rounded() { remark = "a step is a whole number: \(text) counts as \(step)" }
        }
    }

    /// What a script can go on from.
    package struct Checkpoint {
        var step: Int
        var epoch: Double
        var path: String
        var isBest: Bool
    }

    /// What ended it.
    package struct Failure {
        var type: String
        var message: String
        var file: String?
        var line: Int?
    }

    /// What a stretch of a script's time went into, as its package measured it.
    package struct Profile: Sendable, Hashable {
        /// Steps done at its end.
        package var step: Int
        package var seconds: Double
        package var spent: [StepPart: Double]
        package var durations: StepDurations
        package var slowest: [ProfileSlice.SlowStep]
        /// Processes that load rows; nil where there is no loader.
        package var loaders: Int?

        init?(_ json: JSONValue) {
            guard let step = json["step"]?.integer, LoggedValue.isStep(step), let seconds = json["seconds"]?.double,
                seconds.isFinite, seconds > 0
            else { return nil }
            (self.step, self.seconds, spent) = (step, seconds, StepPart.seconds(json["spent"]))
            durations = StepDurations(json: json["durations"])
            guard durations.count < 1 << 32 else { return nil }
            slowest = (json["slowest"]?.array ?? []).prefix(ProfileSlice.mostSlowSteps).compactMap { one in
                guard let pair = one.array, pair.count == 2, let step = pair[0].integer, let seconds = pair[1].double,
                    seconds.isFinite, seconds >= 0
                else { return nil }
                return .init(step: step, seconds: seconds)
            }
            loaders = json["loaders"]?.integer.flatMap { (0...65_536).contains($0) ? $0 : nil }
        }
    }

    /// Whether it shows that something in the script speaks, and may listen, rather than that it is watched.
    var isOfScript: Bool {
        switch self {
        case .hello(_, _, let isWatching): !isWatching
        case .tensor, .cost, .observed, .profile, .dropped, .failed, .other: false
        default: true
        }
    }

    /// nil for what is no message.
    package init?(_ line: String) {
        guard let json = FlatJSON.parse(line), let kind = json["kind"]?.string else { return nil }
        switch kind {
        case "hello":
            self = .hello(
                rank: json["rank"]?.integer ?? 0, pid: json["pid"]?.integer ?? 0,
                isWatching: json["watching"]?.boolean ?? false)
        case "metrics":
            guard let members = json["values"]?.members else { return nil }
            let place = Place(json["step"])
            let epoch = json["epoch"].flatMap(LogNumber.value) ?? 0, time = json["time"]?.double
            self = .metrics(
                members.compactMap { member in
                    LogNumber.value(member.value).map {
                        LoggedValue(name: member.name, step: place.step ?? 0, epoch: epoch, wallTime: time, value: $0)
                    }
                }, place)
        case "parameters":
            guard let members = json["values"]?.members else { return nil }
            self = .parameters(Dictionary(members.map { ($0.name, FlatJSON.text($0.value)) }) { $1 })
        case "plan": self = .plan(steps: json["steps"]?.integer, epochs: json["epochs"]?.double)
        case "steerable":
            guard let members = json["values"]?.members else { return nil }
            self = .steerable(Dictionary(members.map { ($0.name, FlatJSON.text($0.value)) }) { $1 })
        case "steered":
            guard let number = json["seq"]?.integer else { return nil }
            self = .steered(number: number, step: json["step"]?.integer, epoch: json["epoch"]?.double)
        case "refused":
            guard let number = json["seq"]?.integer else { return nil }
            self = .refused(number: number, why: json["why"]?.string ?? "the script does not say why")
        case "checkpoint":
            guard let step = json["step"]?.integer, let path = json["path"]?.string, LoggedValue.isStep(step) else { return nil }
            self = .checkpoint(
                Checkpoint(
                    step: step, epoch: json["epoch"]?.double ?? 0, path: path, isBest: json["best"]?.boolean ?? false))
        case "tensor":
            guard let step = Place(json["step"]).step, (0...1 << 53).contains(step), let summary = TensorSummary(json: json)
            else {
                return nil
            }
            self = .tensor(summary, step: step, mode: json["mode"]?.string.flatMap(TensorsOfStep.Mode.init) ?? .train)
        case "profile":
            guard let profile = Profile(json) else { return nil }
            self = .profile(profile)
        case "cost":
            self = .cost(seconds: json["seconds"]?.double ?? 0, spent: StepPart.seconds(json["spent"]))
        case "observed":
            guard let observation = TrainingObservation(json: json) else { return nil }
            self = .observed(observation)
        case "dropped": self = .dropped(json["count"]?.integer ?? 0)
        case "end":
            guard json["status"]?.string == "error", let error = json["error"] else {
                self = .other
                return
            }
            self = .failed(
                Failure(
                    type: error["type"]?.string ?? "error", message: error["message"]?.string ?? "",
                    file: error["file"]?.string, line: error["line"]?.integer))
        default: self = .other
        }
    }
}
