/// Which requests of an endpoint are written down.
public struct CaptureRule: Sendable, Hashable {
    /// From 0 to 100.
    public var percent: Double

    public init(percent: Double) { self.percent = percent }
}

/// A request with its answer, as it is to be written down.
struct Capture: Sendable {
    var endpoint: String
    var variant: String
    var eventID: String
    var inferenceID: String?
    /// When it came, in seconds since 1970.
    var time: Double
    var input: (type: String, bytes: [UInt8])
    var output: (type: String, bytes: [UInt8])

    var size: Int { input.bytes.count + output.bytes.count }
}
