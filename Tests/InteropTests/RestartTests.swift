import Clocks
import Events
import Experiments
import Glibc
import Testing

@testable import Interop

/// TensorBoard programs that were restarted, and values that no log should have.
@Suite struct RestartTests {
    /// The bytes of an event file: framed records, each with the checks that TensorBoard's writers make.
    private func eventFile(_ records: [[UInt8]]) -> [UInt8] {
        records.flatMap { record -> [UInt8] in
            let length = bytes(UInt64(record.count))
            return length + bytes(masked(length)) + record + bytes(masked(record))
        }
    }

    private func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private func masked(_ bytes: [UInt8]) -> UInt32 {
        let check = CyclicRedundancyCheck.castagnoli(bytes)
        return (check >> 15 | check << 17) &+ 0xA282_EAD8
    }

    private func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value)), out: [UInt8] = []
        while rest > 127 {
            out.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return out + [UInt8(rest)]
    }

    private func head(_ step: Int, time: Double) -> [UInt8] { [0x09] + bytes(time.bitPattern) + [0x10] + varint(step) }

    private func scalar(_ tag: String, _ step: Int, _ value: Float, time: Double = 1.7e9) -> [UInt8] {
        let entry = [0x0A, UInt8(tag.utf8.count)] + Array(tag.utf8) + [0x15] + bytes(value.bitPattern)
        let summary = [0x0A, UInt8(entry.count)] + entry
        return head(step, time: time) + [0x2A, UInt8(summary.count)] + summary
    }

    private func start(_ step: Int) -> [UInt8] { head(step, time: 1.7e9) + [0x3A, 0x02, 0x08, 0x01] }

    private func points(_ watched: Watched, _ run: String, _ metric: String) throws -> [[Double]] {
        try watched.store.points(run: try watched.run(run).record.id, metric: MetricName(metric)).map {
            [Double($0.step), $0.value]
        }
    }

    private func count(_ steps: ClosedRange<Int>, _ value: Double) -> [[Double]] { steps.map { [Double($0), value] } }

    @Test func aRestartReplacesWhatItBeginsBefore() throws {
        let watched = try Watched()
        watched.write(
            eventFile((0...19).map { scalar("loss", $0, 1) } + [scalar("val_loss", 19, 1)]), as: "r/events.out.tfevents.1.a")
        watched.write(eventFile([start(10)] + (10...29).map { scalar("loss", $0, 2) }), as: "r/events.out.tfevents.2.a")
        for _ in 0..<3 {
            try watched.readOnce()
            #expect(try points(watched, "r", "train:loss") == count(0...9, 1) + count(10...29, 2))
            #expect(try points(watched, "r", "train:loss@replaced-1") == count(10...19, 1))
            // What its program starts anew says that all from there on does not stand.
            #expect(try points(watched, "r", "validation:loss") == [])
            #expect(try points(watched, "r", "validation:loss@replaced-1") == [[19, 1]])
        }
        let run = try watched.run("r")
        #expect(try watched.store.runs().count == 1 && run.lastMetrics[.trainLoss] == 2)
        #expect(run.metricRanges[.trainLoss] == MetricRange(low: 1, lowStep: 0, high: 2, highStep: 10))
    }

    @Test func aRestartWhileItIsWatchedTakesOutWhatIsRecorded() throws {
        let watched = try Watched()
        watched.write(eventFile((0...19).map { scalar("loss", $0, 1) }), as: "r/events.out.tfevents.1.a")
        let live = try Live(watched, [watched.logs])
        try live.wait { try !watched.store.runs().isEmpty && points(watched, "r", "train:loss").count == 20 }
        watched.write(
            eventFile((10...14).map { scalar("loss", $0, 2) } + [scalar("val_loss", 3, 1)]), as: "r/events.out.tfevents.2.a")
        try live.wait { try points(watched, "r", "train:loss") == count(0...9, 1) + count(10...14, 2) }
        try live.wait { try points(watched, "r", "train:loss@replaced-1") == count(10...19, 1) }
        watched.write(eventFile([scalar("loss", 5, 3)]), as: "r/events.out.tfevents.3.a")
        try live.wait { try points(watched, "r", "train:loss") == count(0...4, 1) + [[5, 3]] }
        let events = live.end()
        #expect(try points(watched, "r", "train:loss@replaced-1") == count(10...19, 1))
        #expect(try points(watched, "r", "train:loss@replaced-2") == count(5...9, 1) + count(10...14, 2))
        #expect(try points(watched, "r", "validation:loss") == [[3, 1]])
        #expect(try watched.store.runs().count == 1)
        // Screens that hold the curve are told to read it anew.
        #expect(
            events.contains { if case .job(.statusChanged(let change)) = $0.kind { change.phase == .starting } else { false } })
        let run = try watched.run("r")
        #expect(run.lastMetrics[.trainLoss] == 3 && run.metricRanges[.trainLoss]?.high == 3)
        // And the next watch finds it as it was left.
        try watched.readOnce()
        #expect(try points(watched, "r", "train:loss") == count(0...4, 1) + [[5, 3]])
    }

    @Test func aRunThatWasRecordedBeforeItsRestartIsCutWhenItIsWatchedAgain() throws {
        let watched = try Watched()
        // More than a chunk of the store's, so that the cut falls within the second of three.
        watched.write(eventFile((0..<2500).map { scalar("loss", $0, 1) }), as: "r/events.out.tfevents.1.a", age: 3600)
        try watched.readOnce()
        #expect(try points(watched, "r", "train:loss").count == 2500)
        watched.write(eventFile((1500..<1600).map { scalar("loss", $0, 2) }), as: "r/events.out.tfevents.2.a")
        try watched.readOnce()
        #expect(try points(watched, "r", "train:loss") == count(0...1499, 1) + count(1500...1599, 2))
        #expect(try points(watched, "r", "train:loss@replaced-1") == count(1500...2499, 1))
    }

    @Test func filesOfOneRunThatSayDifferentThingsReplaceNothing() throws {
        let watched = try Watched()
        watched.write(eventFile((0...9).map { scalar("loss", $0, 1) }), as: "r/events.out.tfevents.1.a")
        watched.write(
            eventFile((0...9).map { scalar("eval/loss", $0, 2) } + [scalar("loss", 10, 1)]), as: "r/events.out.tfevents.2.a")
        try watched.readOnce()
        #expect(try points(watched, "r", "train:loss") == count(0...10, 1))
        #expect(try points(watched, "r", "validation:loss") == count(0...9, 2))
    }

    @Test func stepsThatOverflowAreLeftOutAndTimesThatAreNoneAreTheFiles() throws {
        let watched = try Watched()
        let steps = [1, Int.max, Int.min, 1 << 62 + 1, 1_700_000_000_000_000_000]
        watched.write(eventFile(steps.map { scalar("loss", $0, 1) }), as: "steps/events.out.tfevents.1.a")
        let times: [Double] = [.nan, 1e300, -Double.infinity, -5, 1_700_000_000e9, 1_700_000_000e3]
        watched.write(
            eventFile(times.enumerated().map { scalar("loss", $0, 1, time: $1) }), as: "times/events.out.tfevents.1.a", age: 50)
        let events = try watched.readOnce()
        #expect(try points(watched, "steps", "train:loss") == [[1, 1], [1.7e18, 1]])
        let read = try watched.store.points(run: try watched.run("times").record.id, metric: .trainLoss).map(\.wallTime)
        #expect(
            read.count == 6 && read[..<4].allSatisfy { abs($0 - (WallClock.now() - 50)) < 10 } && read[4...] == [1.7e9, 1.7e9])
        let notes = events.compactMap { if case .job(.dataWarned(let warning)) = $0.kind { warning.message } else { nil } }
        #expect(notes.count == 2)
        #expect(notes.contains { $0.hasSuffix("values at steps that cannot be counted to are left out") })
        #expect(notes.contains { $0.hasSuffix("where a value has no valid time, that of the file is taken") })
    }

    @Test func mlflowsNewestValueIsThatOfTheLargestStepThenTimeThenValue() throws {
        let watched = try Watched()
        watched.write(
            Array("run_id: r\nexperiment_id: '0'\nrun_name: r\nstatus: 3\nend_time: 1700000009000\n".utf8), as: "mlruns/meta.yaml"
        )
        mkdir(watched.logs + "/mlruns/metrics", 0o755)
        watched.append("1700000000000 0.5 3\n1700000001000 0.25 2\n", to: "mlruns/metrics/loss")
        watched.append("1700000002000 0.5 3\n1700000001000 0.75 3\n1700000002000 0.25 3\n", to: "mlruns/metrics/acc")
        try watched.readOnce()
        let run = try watched.run("r")
        #expect(run.lastMetrics[.trainLoss] == 0.5 && run.lastMetrics[MetricName("train:accuracy")] == 0.5)
        #expect(try watched.values("r", "train:loss") == [0.5, 0.25])
    }
}
