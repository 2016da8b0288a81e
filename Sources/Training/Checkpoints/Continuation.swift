import CheckedNumbers
import Events

/// How a run that ended, or a fork of one, goes on from a checkpoint: what is set there and for how long it trains.
public struct Continuation: Sendable, Hashable {
    /// Settings that change at the checkpoint.
    public private(set) var changes: [String: String]
    /// Settings that hold as if the run had been started with them: how many epochs it has.
    public private(set) var lasting: [String: String] = [:]
    /// What was chosen automatically for the number of epochs it had before, and stays chosen.
    public private(set) var pinned: [String: String] = [:]
    /// What was decided without being asked for, in sentences for the user.
    public private(set) var notes: [String] = []

    /// - Parameters:
    ///   - place: where it goes on.
    ///   - settings: what the user sets: what can change while training, and the number of epochs, counted from the beginning.
    ///   - isFork: whether a new run goes on. Having done all its epochs, it gets as many again; a run itself is given more only by
    ///     name.
    /// - Throws: `badHyperparameter` for a setting that cannot be changed; `badRequest` when the run would end at once.
    public init(
        of record: RunRecord, from place: SavedPlace, settings: [String: String], isFork: Bool
    ) throws(TrainingError) {
        let length = try Algorithms.lengthSetting(of: record.algorithm)
        changes = settings
        let wanted = length.flatMap { changes.removeValue(forKey: $0) }
        try Algorithms.validateChange(changes, of: record.algorithm, having: record.hyperparameters)
        try extend(record, length, to: wanted, place, isFork: isFork)
        try checkStopping(place, record, isFork: isFork)
    }

    /// One that was decided before.
    init(changes: [String: String], lasting: [String: String], pinned: [String: String]) {
        (self.changes, self.lasting, self.pinned) = (changes, lasting, pinned)
    }

    private mutating func extend(
        _ record: RunRecord, _ length: String?, to wanted: String?, _ place: SavedPlace, isFork: Bool
    ) throws(TrainingError) {
        guard let length else {
            guard place.isComplete else { return }
            throw Self.refusal("\(record.name) is done: \(record.algorithm) has nothing left to train; start a new run")
        }
        let done = Int(roundedUpWithin: place.epoch - 1e-9), planned = record.hyperparameters[length].flatMap { Int($0) } ?? 0
        var epochs: Int?
        if let wanted {
            try Algorithms.validate([length: wanted], of: record.algorithm)
            guard let number = Int(wanted) else {
                throw TrainingError(
                    .badHyperparameter, "\(length) = '\(wanted)': give a number, counted from the beginning", operation: "go on")
            }
            guard Double(number) > place.epoch + 1e-9 else {
                throw Self.refusal(
                    "\(length) = \(number): \(record.name) has done \(done) of them at step \(place.step), counted from its beginning; "
                        + "give more" + (isFork ? ", or fork it earlier with --at STEP" : ""))
            }
            epochs = number
        } else if place.isComplete || done >= planned {
            guard isFork else {
                throw Self.refusal(
                    "\(record.name) has done all that was planned: give it more with --set \(length)=\(max(done, planned) * 2), "
                        + "or fork it")
            }
            let number = max(done, planned) + max(1, planned)
            notes.append(
                "\(record.name) has done its \(max(done, planned)) (\(length)): the fork trains up to \(number); "
                    + "--set \(length)=N for another number")
            epochs = number
        }
        guard let epochs else { return }
        pinned = try Algorithms.chosenAutomatically(by: record, but: Set(place.checkpoint.changes.keys).union(settings(length)))
        lasting[length] = String(epochs)
    }

    private func settings(_ length: String) -> [String] { changes.keys + [length] }

    /// A run that has reached what it was to reach would end before its first step.
    private mutating func checkStopping(_ place: SavedPlace, _ record: RunRecord, isFork: Bool) throws(TrainingError) {
        var stopping = place.earlyStopping
        if isFork { stopping.trainedSeconds = 0 }
        JobSettings.apply(changes, to: &stopping.criteria)
        switch stopping.reasonToStop(epoch: place.epoch) {
        case EndReason.targetValueReached?:
            throw Self.refusal(
                "\(record.name) has reached its target_value: go on with --set target_value=none, or another value")
        case EndReason.maxRuntimeExceeded?:
            throw Self.refusal(
                "\(record.name) has had its max_runtime_in_seconds: go on with --set max_runtime_in_seconds=none, or more")
        case EndReason.earlyStopping?:
            notes.append("\(record.name) had run out of patience: it is counted anew from step \(place.step)")
        default: break
        }
    }

    private static func refusal(_ text: String) -> TrainingError { TrainingError(.badRequest, text, operation: "go on") }
}

/// A checkpoint that was found, or the best evaluation within it.
public struct SavedPlace: Sendable {
    let checkpoint: Checkpoint

    /// Optimiser steps and epochs done there.
    public var step: Int { checkpoint.startStep }
    var epoch: Double { isBest ? checkpoint.best?.epoch ?? checkpoint.epoch : checkpoint.epoch }
    /// Whether all that was planned is done there.
    var isComplete: Bool { checkpoint.isComplete && (!isBest || checkpoint.startStep == checkpoint.step) }
    var earlyStopping: EarlyStopping {
        isBest ? checkpoint.best?.earlyStopping ?? checkpoint.earlyStopping : checkpoint.earlyStopping
    }
    private var isBest: Bool { checkpoint.startsAtBest }

    /// Hands the checkpoint to a new run, to begin at.
    public func write(toFolder folder: String) throws(TrainingError) {
        try CheckpointFolder(path: folder).writeOrigin(checkpoint)
    }
}
