/// A body as a stream of events, as Amazon's SDKs read it.
/// - Source: Smithy, "Amazon Event Stream Specification": lengths, headers, and a CRC-32 of the beginning and of all.
enum EventStream {
    static let contentType = "application/vnd.amazon.eventstream"
    /// Bytes of one part.
    private static let partBytes = 64 << 10

    /// - Parameter body: as `PayloadPart` events, whose bytes one after the other are the body again.
    static func payload(_ body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(body.count + (body.count / partBytes + 1) * 128)
        for start in stride(from: 0, to: body.count, by: partBytes) {
            out += event("PayloadPart", body[start..<min(start + partBytes, body.count)])
        }
        return out
    }

    static func event(_ type: String, _ payload: ArraySlice<UInt8>) -> [UInt8] {
        var headers: [UInt8] = []
        for (name, value) in [
            (":event-type", type), (":content-type", "application/octet-stream"), (":message-type", "event"),
        ] {
            headers.append(UInt8(name.utf8.count))
            headers += name.utf8
            // A text, with two bytes of length.
            headers += [7, UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 255)]
            headers += value.utf8
        }
        var message = big(UInt32(headers.count + payload.count + 16)) + big(UInt32(headers.count))
        message += big(checksum(message))
        message += headers
        message += payload
        return message + big(checksum(message))
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// CRC-32 as in zlib.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static let table: [UInt32] = (0..<256).map { (number: UInt32) in
        (0..<8).reduce(number) { word, _ in (word >> 1) ^ ((word & 1) * 0xEDB8_8320) }
    }
}
