import Testing

@testable import Serving

/// Streams of events, taken apart by the rules of their framing.
@Suite struct EventStreamTests {
    private struct Event { var headers: [String: String] = [:], payload: [UInt8] = [] }
    private struct Broken: Error {}

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    private func events(_ stream: [UInt8]) throws -> [Event] {
        var rest = stream[...], all: [Event] = []
        while !rest.isEmpty {
            let total = Int(number(rest.prefix(4))), headerCount = Int(number(rest.dropFirst(4).prefix(4)))
            guard total <= rest.count, EventStream.checksum(Array(rest.prefix(8))) == number(rest.dropFirst(8).prefix(4)),
                EventStream.checksum(Array(rest.prefix(total - 4))) == number(rest.dropFirst(total - 4).prefix(4))
            else { throw Broken() }
            var event = Event(), headers = rest.dropFirst(12).prefix(headerCount)
            while !headers.isEmpty {
                let nameCount = Int(headers.removeFirst())
                let name = String(decoding: headers.prefix(nameCount), as: UTF8.self)
                headers = headers.dropFirst(nameCount)
                guard headers.removeFirst() == 7 else { throw Broken() }
                let count = Int(number(headers.prefix(2)))
                event.headers[name] = String(decoding: headers.dropFirst(2).prefix(count), as: UTF8.self)
                headers = headers.dropFirst(2 + count)
            }
            event.payload = Array(rest.prefix(total - 4).dropFirst(12 + headerCount))
            all.append(event)
            rest = rest.dropFirst(total)
        }
        return all
    }

    @Test func theChecksumIsZlibs() {
        // The check value of CRC-32, as every description of it has.
        #expect(EventStream.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(EventStream.checksum([]) == 0)
    }

    /// What botocore 1.44.8 takes apart as a `PayloadPart` of `a,b`.
    @Test func aMessageHasTheBytesThatOthersRead() throws {
        let message = EventStream.event("PayloadPart", Array("a,b".utf8)[...])
        #expect(message.count == 16 + 89 + 3 && message.prefix(8) == [0, 0, 0, 108, 0, 0, 0, 89])
        let event = try #require(try events(message).first)
        #expect(
            event.headers == [
                ":event-type": "PayloadPart", ":content-type": "application/octet-stream", ":message-type": "event",
            ])
        #expect(event.payload == Array("a,b".utf8))
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func partsOneAfterTheOtherAreTheBody(_ count: Int) throws {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let parts = try events(EventStream.payload(body))
        #expect(parts.flatMap(\.payload) == body && parts.count == (count + 65_535) / 65_536)
    }
}
