import Synchronization

/// A model that answers for an endpoint, with what is known of how it does.
public final class LiveVariant: Sendable {
    public let name: String
    public let model: any ServedModel
    public let metrics = VariantMetrics()
    /// How long the model takes for a small request; starts where nobody knows.
    /// - Units: nanoseconds.
    private let usual = Atomic<UInt64>(.max)

    public init(name: String, model: any ServedModel) { (self.name, self.model) = (name, model) }

    /// Requests up to here say how long small ones take.
    static let smallBytes = 16 << 10

    var usualNanoseconds: UInt64 { usual.load(ordering: .relaxed) }

    func note(_ nanoseconds: UInt64, bodyBytes: Int) {
        guard bodyBytes <= Self.smallBytes else { return }
        let before = usualNanoseconds
        // Slow answers count soon, quick ones little by little: the network waits for nobody who was slow a moment ago. One alone may
        // be slow because the processor had other work.
        let after =
            before == .max
            ? nanoseconds
            : nanoseconds > before ? min(nanoseconds, 2 * max(1, before)) : before - (before - nanoseconds) / 8
        usual.store(after, ordering: .relaxed)
    }
}

/// Which of an endpoint's variants answers a request: each of them its share of the requests, evenly in time.
public struct Traffic: Sendable {
    public private(set) var variants: [LiveVariant]
    /// Of each variant, what it and those before it have of all; the last is 1.
    private let bounds: [Double]

    /// - Parameter shares: a weight each; those without weight answer only who asks for them by name.
    public init(_ shares: [(variant: LiveVariant, weight: Double)]) {
        variants = shares.map(\.variant)
        let total = shares.reduce(0) { $0 + max(0, $1.weight) }
        var sum = 0.0
        bounds = shares.map { share in
            sum += total > 0 ? max(0, share.weight) / total : 0
            return sum
        }
    }

    /// - Parameter place: from 0 to below 1.
    func variant(at place: Double) -> LiveVariant? {
        guard let last = bounds.last, last > 0 else { return nil }
        let index = bounds.firstIndex { place < $0 } ?? bounds.lastIndex { $0 > 0 } ?? 0
        return variants[index]
    }

    public func variant(named name: String) -> LiveVariant? { variants.first { $0.name == name } }
}

/// An endpoint that answers. A request has one variant from its beginning to its end, whatever changes meanwhile.
public final class LiveEndpoint: Sendable {
    public let name: String
    private let traffic: Mutex<Traffic>
    /// Whether it answers at all; else who asks is told to try again.
    private let isReadyFlag = Atomic<Bool>(true)
    private let capture: Mutex<CaptureRule?>
    private let shadowTest = Mutex<ShadowTest?>(nil)
    private let queue = Mutex<AsyncQueue?>(nil)
    /// Some of the requests that it answered, for new versions to be tried on.
    public let sample = RequestSample()
    private let turn = Atomic<UInt64>(0)
    private let calledAt = Atomic<UInt64>(0)

    public init(name: String, traffic: Traffic, capture: CaptureRule? = nil) {
        self.name = name
        self.traffic = Mutex(traffic)
        self.capture = Mutex(capture)
    }

    public var isReady: Bool {
        get { isReadyFlag.load(ordering: .acquiring) }
        set { isReadyFlag.store(newValue, ordering: .releasing) }
    }

    public var variants: [LiveVariant] { traffic.withLock { $0.variants } }
    public var captureRule: CaptureRule? { capture.withLock { $0 } }

    /// From the next request on.
    public func route(_ new: Traffic) { traffic.withLock { $0 = new } }

    /// The model that is shown its requests beside.
    public var shadow: ShadowTest? { shadowTest.withLock { $0 } }

    public func show(to shadow: ShadowTest?) { shadowTest.withLock { $0 = shadow } }

    /// Its requests that are answered later; nil: it takes none.
    public var asyncQueue: AsyncQueue? { queue.withLock { $0 } }

    public func take(_ queue: AsyncQueue?) { self.queue.withLock { $0 = queue } }

    /// When somebody asked it last, well or not.
    /// - Units: seconds since 1970; 0: nobody did.
    public var lastCall: Double { Double(bitPattern: calledAt.load(ordering: .relaxed)) }

    func noteCall(at time: Double) { calledAt.store(time.bitPattern, ordering: .relaxed) }

    public func record(_ rule: CaptureRule?) { capture.withLock { $0 = rule } }

    /// Whose turn it is. Multiples of the golden ratio fill the circle evenly: after any number of requests each variant has had its
    /// share, but for a few.
    func next() -> LiveVariant? {
        let number = turn.add(1, ordering: .relaxed).newValue
        let place = Double((number &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
        return traffic.withLock { $0.variant(at: place) }
    }

    func variant(named name: String) -> LiveVariant? { traffic.withLock { $0.variant(named: name) } }
}
