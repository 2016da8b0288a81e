import CLearnerKernels

/// Looks at one training step from inside: sums up its tensors and takes the time of its parts. It changes nothing that is computed.
///
/// Confined to the trainer's thread.
public final class StepWatch {
    /// A part of a step.
    public enum Part: Sendable {
        /// Putting the batch together.
        case data
        /// From the batch to its loss. What computes loss and gradients in one go counts as `backward`.
        case forward
        case backward
        case update
    }

    /// One tensor of the step.
    public struct Tensor: Sendable {
        public var name: String
        public var kind: TensorKind
        public var shape: [Int]
        public var statistics: TensorStatistics
        /// Of an update: its `l2` over that of the parameters after it.
        public var updateRatio: Double?
        public var units: UnitActivity?
    }

    /// All numbers of a tensor.
    public struct Whole: Sendable {
        public var name: String
        public var shape: [Int]
        public var values: [Float]
    }

    /// What is wanted.
    public let kinds: Set<TensorKind>
    /// Tensors that are kept whole besides, of those that are summed up where they lie; updates are not.
    public private(set) var whole: [Whole] = []
    private let isWantedWhole: ((String) -> Bool)?
    public private(set) var tensors: [Tensor] = []
    /// Seconds, by part.
    public private(set) var spent: [Part: Double] = [:]
    /// Seconds that watching itself took.
    public private(set) var ownSeconds = 0.0
    private var isWatching = false
    /// Parameters as they were before the update, those that are sampled.
    private var before: [String: [Float]] = [:]

    private let now: () -> UInt64

    /// - Parameters:
    ///   - isWantedWhole: says of which tensors all numbers are kept; nil = of none.
    ///   - now: a clock that never steps, in nanoseconds.
    public init(_ kinds: Set<TensorKind>, isWantedWhole: ((String) -> Bool)? = nil, now: @escaping () -> UInt64) {
        (self.kinds, self.isWantedWhole, self.now) = (kinds, isWantedWhole, now)
    }

    func wants(_ kind: TensorKind) -> Bool { kinds.contains(kind) }

    /// Sums a tensor up, if it is wanted.
    /// - Parameters:
    ///   - scale: what each number is multiplied by.
    ///   - units: says how the units behave, where they are activations.
    func add(
        _ name: String, _ kind: TensorKind, shape: [Int], _ base: UnsafePointer<Float>, scale: Float = 1,
        units: (() -> UnitActivity)? = nil
    ) {
        guard wants(kind) else { return }
        watching {
            let count = shape.reduce(1, *)
            guard count > 0 else { return }
            let statistics = TensorStatistics(base, count: count, row: shape.count > 1 ? shape[shape.count - 1] : 0, scale: scale)
            tensors.append(Tensor(name: name, kind: kind, shape: shape, statistics: statistics, units: units?()))
            if isWantedWhole?(name) == true {
                let all = UnsafeBufferPointer(start: base, count: count)
                whole.append(Whole(name: name, shape: shape, values: scale == 1 ? Array(all) : all.map { $0 * scale }))
            }
        }
    }

    /// Sums numbers up, if they are wanted; finding them is counted as watching.
    func add(_ name: String, _ kind: TensorKind, shape: [Int]? = nil, _ values: () -> [Float]) {
        guard wants(kind) else { return }
        watching {
            let found = values()
            guard !found.isEmpty else { return }
            let statistics = TensorStatistics(found)
            tensors.append(Tensor(name: name, kind: kind, shape: shape ?? [found.count], statistics: statistics))
            let isWhole = (shape ?? [found.count]).reduce(1, *) == found.count
            if isWhole, isWantedWhole?(name) == true {
                whole.append(Whole(name: name, shape: shape ?? [found.count], values: found))
            }
        }
    }

    /// Keeps parameters as they are before an update.
    func keep(_ name: String, shape: [Int], _ base: UnsafePointer<Float>) {
        guard wants(.updates) else { return }
        watching {
            let count = shape.reduce(1, *)
            let stride = TensorStatistics.stride(count: count, row: shape.count > 1 ? shape[shape.count - 1] : 0)
            before[name] = [Float](unsafeUninitializedCapacity: (count + stride - 1) / stride) { buffer, filled in
                if let out = buffer.baseAddress { dt_sample(base, count, stride, out) }
                filled = (count + stride - 1) / stride
            }
        }
    }

    /// Sums up what an update changed of the parameters that `keep` was told of.
    func addUpdate(_ name: String, shape: [Int], _ base: UnsafePointer<Float>) {
        guard let kept = before.removeValue(forKey: name) else { return }
        watching {
            let count = shape.reduce(1, *), row = shape.count > 1 ? shape[shape.count - 1] : 0
            let update = TensorStatistics(base, count: count, row: row, before: kept)
            let norm = tensors.last { $0.name == name }?.statistics.l2 ?? TensorStatistics(base, count: count, row: row).l2
            tensors.append(
                Tensor(
                    name: "update/" + name, kind: .updates, shape: shape, statistics: update,
                    updateRatio: norm > 0 ? update.l2 / norm : nil))
        }
    }

    /// Counts the time of some work as watching.
    func watching(_ work: () -> Void) {
        guard !isWatching else { return work() }
        isWatching = true
        let start = now()
        work()
        ownSeconds += seconds(since: start)
        isWatching = false
    }

    private func seconds(since start: UInt64) -> Double { Double(now() - start) * 1e-9 }

    /// Does some work and counts its time, less what was watching, as that of a part.
    fileprivate func timed<Result, Failure: Error>(
        _ part: Part, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = now(), own = ownSeconds
        defer { spent[part, default: 0] += seconds(since: start) - (ownSeconds - own) }
        return try work()
    }
}

extension Optional where Wrapped == StepWatch {
    /// Does some work, and takes its time where somebody watches.
    func timed<Result, Failure: Error>(
        _ part: StepWatch.Part, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let self else { return try work() }
        return try self.timed(part, work)
    }
}
