import ProtobufWriting

/// Writes events as TensorBoard's files have them, record by record.
///
/// - Source: `record_writer.cc` and `event.proto` of TensorFlow: a length, its masked CRC-32C, the event, its masked CRC-32C.
public struct EventFileWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    /// - Parameter time: when the file begins, in seconds since 1970.
    public init(time: Double) { append(time) { $0.write(3, "brain.Event:2") } }

    /// Adds values of one step.
    ///
    /// - Parameters:
    ///   - scalars: values by their tags; TensorBoard groups tags by what stands before `/`.
    ///   - time: in seconds since 1970.
    public mutating func add(_ scalars: [(tag: String, value: Double)], step: Int, time: Double) {
        append(time) { event in
            event.write(2, step)
            event.write(5) { summary in
                for (tag, value) in scalars {
                    summary.write(1) { entry in
                        entry.write(1, tag)
                        entry.write(2, Float(value))
                    }
                }
            }
        }
    }

    /// Adds an event.
    mutating func append(_ time: Double, _ fill: (inout ProtobufWriter) -> Void) {
        var event = ProtobufWriter()
        event.write(1, time)
        fill(&event)
        let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
        bytes += length + Self.check(length) + event.bytes + Self.check(event.bytes)
    }

    /// What was added since the last time, for a file that is written as it comes.
    mutating func taken() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private static func check(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: EventFile.masked(bytes[...]).littleEndian) { Array($0) }
    }
}
