import ProtobufWriting
import Testing

@Suite struct ProtobufWriterTests {
    /// The bytes of the encoding's own examples: field 1 = 150, field 2 = "testing", field 3 = a message of field 1 = 150.
    @Test func examplesOfTheEncodingComeOutByteByByte() {
        var writer = ProtobufWriter()
        writer.write(1, 150)
        writer.write(2, "testing")
        writer.write(3) { $0.write(1, 150) }
        #expect(
            writer.bytes == [
                0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67, 0x1a, 0x03, 0x08, 0x96, 0x01,
            ])
    }

    @Test func packedNumbersShareOneKey() {
        var writer = ProtobufWriter()
        writer.write(packed: 6, [3, 270, 86_942])
        #expect(writer.bytes == [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
    }

    @Test func negativeNumbersTakeTenBytesAndFloatsFourOrEight() {
        var writer = ProtobufWriter()
        writer.write(1, -1)
        #expect(writer.bytes == [0x08] + [UInt8](repeating: 0xff, count: 9) + [0x01])
        writer = ProtobufWriter()
        writer.write(2, Float(1))
        writer.write(3, 1.0)
        #expect(writer.bytes == [0x15, 0, 0, 0x80, 0x3f, 0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    }
}
