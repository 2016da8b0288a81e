import Events
import RunSearching
import Testing

@testable import Interop

/// Histories as the library writes them, put together byte by byte: protobuf records in LevelDB's frames.
@Suite("W&B histories")
struct WandBHistoryTests {
    @Test("keys that come and go, change places and hold no numbers keep their values apart")
    func keys() throws {
        let watched = try Watched()
        var log = Log()
        log.history([("_step", "0"), ("loss", "0.5"), ("acc", "1e-1"), ("note", "\"3\"")])
        log.history([("acc", "0.25"), ("loss", "-4"), ("_step", "1"), ("_timestamp", "1700000000.5")])
        log.history([("acc", "NaN"), ("_runtime", "9"), ("box", "{\"low\": 1, \"high\": 2.5}"), ("_step", "5")])
        log.history([("loss", "7"), ("_step", "6"), ("epoch", "2.5")])
        watched.write(log.bytes, as: "run-x.wandb")
        try watched.readOnce()
        #expect(try watched.values("run-x", "train:loss") == [0.5, -4, 7])
        let accuracies = try watched.values("run-x", "train:accuracy")
        #expect(accuracies.prefix(2) == [0.1, 0.25] && accuracies.count == 3 && accuracies[2].isNaN)
        #expect(try watched.values("run-x", "box/high") == [2.5])
        let run = try watched.run("run-x")
        let points = try watched.store.points(run: run.record.id, metric: MetricName("train:loss"))
        #expect(points.map(\.step) == [0, 1, 6])
        #expect(points[1].wallTime == 1_700_000_000.5)
        #expect(points[2].epoch == 2.5)
        #expect(
            try watched.store.metrics(of: run.record.id).map(\.text) == ["box/high", "box/low", "train:accuracy", "train:loss"])
    }

    @Test("summary values that have no history are shown, those that have keep their newest")
    func summaries() throws {
        let watched = try Watched()
        var log = Log()
        log.history([("_step", "0"), ("loss", "0.5")])
        log.summary([("_step", "0"), ("loss", "0.125"), ("test_acc", "0.25"), ("gone", "1"), ("later", "1")])
        log.summary([("test_acc", "0.875"), ("best", "{\"epoch\": 3, \"dice\": 0.5}"), ("words", "\"x\"")], removing: ["gone"])
        log.summary([("image", "{\"_type\": \"image-file\", \"size\": 77}")])
        log.history([("_step", "1"), ("later", "2")])
        watched.write(log.bytes, as: "run-x.wandb")
        try watched.readOnce()
        let run = try watched.run("run-x")
        let expected: [String: Double] = [
            "train:loss": 0.5, "test:accuracy": 0.875, "best/epoch": 3, "best/dice": 0.5, "later": 2,
        ]
        #expect(run.lastMetrics == Dictionary(uniqueKeysWithValues: expected.map { (MetricName($0), $1) }))
        #expect(try watched.store.metrics(of: run.record.id).map(\.text) == ["later", "train:loss"])
        #expect(try RunSearch(parsing: "test_acc > 0.8").accepts(run, clock: SearchClock(now: 0)))
    }

    private struct Log {
        var bytes: [UInt8] = Array(":W&B".utf8) + [0, 0, 0]

        mutating func history(_ items: [(String, String)]) {
            let body = items.flatMap { key, value in
                Self.field(1, Self.field(2, Array(key.utf8)) + Self.field(16, Array(value.utf8)))
            }
            add(Self.field(2, body))
        }

        mutating func summary(_ items: [(String, String)], removing removed: [String] = []) {
            let body = items.flatMap { key, value in
                Self.field(1, Self.field(1, Array(key.utf8)) + Self.field(16, Array(value.utf8)))
            }
            add(Self.field(3, body + removed.flatMap { Self.field(2, Self.field(1, Array($0.utf8))) }))
        }

        private mutating func add(_ record: [UInt8]) {
            let kind: UInt8 = 1
            let check = CyclicRedundancyCheck.ieee([kind] + record)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: check >> UInt32(8 * $0)) }
            bytes += [UInt8(record.count & 0xFF), UInt8(record.count >> 8), kind] + record
        }

        /// A field of bytes, shorter than 16,384.
        private static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
            varint(number << 3 | 2) + varint(content.count) + content
        }

        private static func varint(_ value: Int) -> [UInt8] {
            value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80), UInt8(value >> 7)]
        }
    }
}
