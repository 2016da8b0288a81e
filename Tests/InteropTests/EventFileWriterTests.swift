import TemporaryFolders
import Testing

@testable import Interop

/// Event files as TensorBoard reads them.
@Suite struct EventFileWriterTests {
    @Test func whatIsWrittenIsReadAsItWas() throws {
        let scratch = try TemporaryFolder()
        var writer = EventFileWriter(time: 1_796_083_200)
        writer.add([("violations", 2), ("value/x", 0.25)], step: 0, time: 1_796_083_200.5)
        writer.add([("value/x", -1e6)], step: 300, time: 1_796_083_260)
        var file = EventFile(path: try scratch.write(writer.bytes, as: "events.out.tfevents.1"))
        #expect(EventFile.recognises(writer.bytes))
        let records = file.read().records
        #expect(file.droppedCount == 0 && file.damage == nil && records.count == 3)
        #expect(records[1].scalars.map(\.tag) == ["violations", "value/x"] && records[1].scalars.map(\.value) == [2, 0.25])
        #expect(records[1].wallTime == 1_796_083_200.5 && records[1].step == 0)
        #expect(records[2].step == 300 && records[2].scalars.first?.value == -1e6)
    }
}
