import CXGBoost
import Numerics

/// An ensemble in XGBoost's own memory. Confined to one thread at a time.
final class Booster {
    private let library: XGBoostLibrary
    private let handle: cx_xgb_handle
    /// XGBoost keeps the margins of the matrices it was made with, so they must live as long as it does.
    private let matrices: [BoosterMatrix]

    /// An ensemble without trees that will be trained and measured on some rows.
    init(matrices: [BoosterMatrix], parameters: [(name: String, value: String)], library: XGBoostLibrary) throws(LearnerError) {
        library.silence()
        var made: cx_xgb_handle?
        let handles = matrices.map { Optional($0.handle) }
        try library.check(library.create(handles, cx_xgb_ulong(handles.count), &made), "XGBoosterCreate")
        guard let made else { throw LearnerError(.libraryFailed, "XGBoost: XGBoosterCreate gave no booster") }
        self.library = library
        self.matrices = matrices
        handle = made
        try set(parameters)
    }

    private init(owning handle: cx_xgb_handle, matrices: [BoosterMatrix], library: XGBoostLibrary) {
        self.library = library
        self.matrices = matrices
        self.handle = handle
    }

    deinit { _ = library.freeBooster(handle) }

    /// Sets parameters by XGBoost's own names; a later one of the same name replaces an earlier one, but for `eval_metric`.
    func set(_ parameters: [(name: String, value: String)]) throws(LearnerError) {
        for (name, value) in parameters {
            try library.check(library.setParameter(handle, name, value), "XGBoosterSetParam")
        }
    }

    /// Boosting rounds done. Parameters that do not fit each other are found out here, since this makes XGBoost read them.
    func roundCount() throws(LearnerError) -> Int {
        var rounds = Int32()
        try library.check(library.rounds(handle, &rounds), "XGBoosterBoostedRounds")
        return Int(rounds)
    }

    /// Makes the parts that grow trees anew. They draw rows and features from generators that go on from round to round and that
    /// no snapshot holds; new ones begin with the round's own seed. Naming another updater is the only way XGBoost has for this.
    func renewUpdater(_ sequence: String) throws(LearnerError) {
        try set([("updater", "prune")])
        _ = try roundCount()
        try set([("updater", sequence)])
    }

    /// One round on training rows.
    func update(round: Int, on training: BoosterMatrix) throws(LearnerError) {
        try library.check(library.update(handle, Int32(round), training.handle), "XGBoosterUpdateOneIter")
    }

    /// Predictions for all rows, or some; for matrices the ensemble was made with they come from the margins XGBoost keeps.
    ///
    /// - Shape: [rows, outputs], row after row.
    func predict(
        _ matrix: BoosterMatrix, margins: Bool, rows: [Int]? = nil, rounds: Int = 0
    ) throws(LearnerError) -> [Float] {
        let all = try output(matrix, type: margins ? 1 : 0, rounds: rounds)
        guard let rows else { return Array(all) }
        let width = all.count / max(1, matrix.rowCount)
        return [Float](unsafeUninitializedCapacity: rows.count * width) { target, filled in
            for (position, row) in rows.enumerated() {
                for output in 0..<width { target[position * width + output] = all[row * width + output] }
            }
            filled = rows.count * width
        }
    }

    /// What each feature adds to each margin, and behind it what is the same for all rows.
    ///
    /// - Shape: [rows, outputs, features + 1].
    func contributions(_ matrix: BoosterMatrix) throws(LearnerError) -> [Float] {
        Array(try output(matrix, type: 2, rounds: 0))
    }

    /// - Parameter type: of `XGBoosterPredictFromDMatrix`: 0 predictions, 1 margins, 2 contributions.
    /// - Returns: numbers that stay until the library is called again.
    private func output(
        _ matrix: BoosterMatrix, type: Int, rounds: Int
    ) throws(LearnerError) -> UnsafeBufferPointer<Float> {
        var shape: UnsafePointer<cx_xgb_ulong>?, values: UnsafePointer<Float>?
        var dimensions = cx_xgb_ulong()
        let config =
            "{\"type\": \(type), \"training\": false, \"iteration_begin\": 0, \"iteration_end\": \(rounds), \"strict_shape\": true}"
        try library.check(
            library.predict(handle, matrix.handle, config, &shape, &dimensions, &values), "XGBoosterPredictFromDMatrix")
        return UnsafeBufferPointer(start: values, count: (0..<Int(dimensions)).reduce(1) { $0 * Int(shape?[$1] ?? 0) })
    }

    /// The `eval_metric`s of some matrices, by `name:metric`.
    func evaluate(_ named: [(name: String, matrix: BoosterMatrix)], round: Int) throws(LearnerError) -> [Metrics.Entry] {
        var text: UnsafePointer<CChar>?
        let handles = named.map { Optional($0.matrix.handle) }
        let names = named.map { Array($0.name.utf8CString) }
        let result = Self.withPointers(to: names) { pointers in
            library.evaluate(handle, Int32(round), handles, pointers, cx_xgb_ulong(handles.count), &text)
        }
        try library.check(result, "XGBoosterEvalOneIter")
        return Self.entries(text.map { String(cString: $0) } ?? "")
    }

    /// Reads `[3]\ttrain-error:0.25\tvalidation-error:0.5`; names of metrics may themselves hold `-` and `@`, values exponents.
    static func entries(_ text: String) -> [Metrics.Entry] {
        text.split(separator: "\t").dropFirst().compactMap { part in
            guard let dash = part.firstIndex(of: "-"), let colon = part.lastIndex(of: ":"), dash < colon else { return nil }
            let metric = part[part.index(after: dash)..<colon]
            return (name: part[..<dash] + ":" + metric, value: Double(part[part.index(after: colon)...]) ?? .nan)
        }
    }

    private static func withPointers<Result>(
        to texts: [[CChar]], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let offsets = texts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        return texts.flatMap { $0 }.withUnsafeBufferPointer { bytes in
            body(offsets.dropLast().map { offset in bytes.baseAddress.map { $0 + offset } })
        }
    }

    /// The ensemble after fewer rounds.
    func prefix(rounds: Int) throws(LearnerError) -> Booster { try self.rounds(0..<rounds) }

    /// The trees of one round alone.
    func round(_ round: Int) throws(LearnerError) -> Booster { try rounds(round..<round + 1) }

    /// The trees of some rounds alone.
    func rounds(_ rounds: Range<Int>) throws(LearnerError) -> Booster {
        var made: cx_xgb_handle?
        let (first, end) = (Int32(rounds.lowerBound), Int32(rounds.upperBound))
        try library.check(library.slice(handle, first, end, 1, &made), "XGBoosterSlice")
        guard let made else { throw LearnerError(.libraryFailed, "XGBoost: XGBoosterSlice gave no booster") }
        return Booster(owning: made, matrices: matrices, library: library)
    }

    /// The model as XGBoost's JSON, which Python's XGBoost reads too.
    func document() throws(LearnerError) -> String {
        var count = cx_xgb_ulong(), bytes: UnsafePointer<CChar>?
        try library.check(library.save(handle, "{\"format\": \"json\"}", &count, &bytes), "XGBoosterSaveModelToBuffer")
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// Replaces everything by a model in XGBoost's JSON.
    func load(document: String) throws(LearnerError) {
        let bytes = Array(document.utf8)
        try library.check(library.load(handle, bytes, cx_xgb_ulong(bytes.count)), "XGBoosterLoadModelFromBuffer")
    }

    /// The model with its parameters, for going on with training.
    func serialized() throws(LearnerError) -> [UInt8] {
        var count = cx_xgb_ulong(), bytes: UnsafePointer<CChar>?
        try library.check(library.serialize(handle, &count, &bytes), "XGBoosterSerializeToBuffer")
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }

    /// Replaces everything by what `serialized` gave.
    func unserialize(_ bytes: [UInt8]) throws(LearnerError) {
        try library.check(
            library.unserialize(handle, bytes, cx_xgb_ulong(bytes.count)), "XGBoosterUnserializeFromBuffer")
    }

    /// How much each feature that was used matters, by `f0`, `f1`, …
    func featureScores(_ kind: String) throws(LearnerError) -> [(feature: String, score: Float)] {
        var featureCount = cx_xgb_ulong(), dimensions = cx_xgb_ulong()
        var features: UnsafePointer<UnsafePointer<CChar>?>?, shape: UnsafePointer<cx_xgb_ulong>?
        var scores: UnsafePointer<Float>?
        try library.check(
            library.featureScore(
                handle, "{\"importance_type\": \"\(kind)\"}", &featureCount, &features, &dimensions, &shape, &scores),
            "XGBoosterFeatureScore")
        // A linear booster with several classes gives one coefficient a class: the largest stands for the feature.
        let width = (1..<max(1, Int(dimensions))).reduce(1) { $0 * Int(shape?[$1] ?? 1) }
        return (0..<Int(featureCount)).compactMap { index in
            guard let name = features?[index], let scores else { return nil }
            let own = (0..<width).map { scores[index * width + $0] }
            return (String(cString: name), own.max { abs($0) < abs($1) } ?? 0)
        }
    }
}
