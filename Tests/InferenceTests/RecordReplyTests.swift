import Learners
import Testing

@testable import Inference

/// Replies as records of protobuf.
@Suite struct RecordReplyTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Written by the SageMaker Python SDK 2.257.7 and protobuf 6.33.6: `record_pb2` and `_write_recordio`.
    @Test func recordsAreThoseThatSageMakersSDKWrites() {
        let number = OutputColumn("label", .labels(["1"])), score = OutputColumn("p", .numbers([0.25]))
        #expect(
            hex(RecordReply(shape: .labelledScore).body([number, score], rowCount: 1))
                == "0a23d7ce3000000012110a0573636f7265120812060a040000803e121b0a0f7072656469637465645f6c6162656c"
                + "120812060a040000803f")
        let text = OutputColumn("label", .labels(["yes"]))
        let one = OutputColumn("a", .numbers([0.5])), other = OutputColumn("b", .numbers([0.25]))
        #expect(
            hex(RecordReply(shape: .labelledScore).body([text, one, other], rowCount: 1))
                == "0a23d7ce3f00000012150a0573636f7265120c120a0a080000003f0000803e12260a0f7072656469637465645f6c6162656c"
                + "12134a110a03796573120a746578742f706c61696e00")
        let plain = OutputColumn("y", .doubles([3]))
        #expect(
            hex(RecordReply(shape: .score).body([plain], rowCount: 1))
                == "0a23d7ce1300000012110a0573636f7265120812060a040000404000")
    }

    @Test func anEndpointsReplyIsOneRecordARow() throws {
        let served = try ServedModel("linear-learner", .several, rows: 60)
        let reply = try served.ask(served.lines.joined(separator: "\n"), "text/csv", accept: "application/x-recordio-protobuf")
        #expect(reply.contentType == "application/x-recordio-protobuf" && reply.rowCount == 60)
        let frames = reply.body.indices.filter { place in
            place % 4 == 0 && reply.body[place...].starts(with: [0x0A, 0x23, 0xD7, 0xCE])
        }
        #expect(frames.count == 60)
    }
}
