import CheckedNumbers
import Events
import Experiments
import Glibc

/// A workspace of finished runs with whole curves, written by the store's own recorder: what the studio is opened on at scale.
struct CurveWorkspace {
    var runCount: Int
    var metricCount: Int
    /// Points in each of a run's curves.
    var pointCount: Int
    /// Points in each of the four curves of one more run, the oldest; 0 = no such run.
    var longPointCount: Int

    /// Samples handed to the recorder at a time.
    private static let portion = 100_000

    func make(_ path: String) throws {
        let start = Measurement.wallSeconds()
        let workspace = try Workspace(path: path)
        let store = try RunStore(workspace)
        let recorder = try StoreRecorder(workspace) { news, _ in print(news) }
        if longPointCount > 0 {
            try write(store, recorder, name: "long", createdAt: 0, metricCount: 4, pointCount: longPointCount)
        }
        for index in 0..<runCount {
            try write(
                store, recorder, name: "run-\(index)", createdAt: Double(index + 1), metricCount: metricCount,
                pointCount: pointCount)
        }
        recorder.close()
        Measurement.report(
            "workspace/made",
            [
                "points": Double(runCount * metricCount * pointCount + 4 * longPointCount),
                "wall_s": Measurement.wallSeconds() - start, "cpu_s": Measurement.processSeconds(),
                "rss_mb": Measurement.peakMegabytes(),
            ])
    }

    private func write(
        _ store: RunStore, _ recorder: StoreRecorder, name: String, createdAt: Double, metricCount: Int, pointCount: Int
    ) throws {
        let seed = UInt64(nearestWithin: createdAt)
        let record = try store.register(StoreBenchmark.record(name: name, seed: seed, createdAt: createdAt))
        let training = StudioEvent.Kind.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training)))
        recorder.deliver(EventBatch(events: [event(training, record)]))
        let metrics = (0..<metricCount).map { $0 == 0 ? .validationLoss : MetricName("validation:m\($0)") }
        var noise = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var samples: [MetricSample] = []
        var last: [Double] = []
        for step in 0..<pointCount {
            let decay = exp(-3 * Double(step) / Double(pointCount)) * (1 + 0.1 * Double(seed % 7))
            last = metrics.indices.map { metric in
                noise ^= noise << 13
                noise ^= noise >> 7
                noise ^= noise << 17
                return decay + Double(metric) + 0.1 * Double(noise >> 11) * 0x1p-53
            }
            for (metric, value) in last.enumerated() {
                samples.append(
                    MetricSample(
                        sequence: UInt64(step), metric: Int32(metric), step: step, epoch: Double(step) / 1000,
                        wallTime: createdAt + 0.1 * Double(step), value: value))
            }
            if samples.count >= Self.portion || step == pointCount - 1 {
                recorder.deliver(EventBatch(samples: [RunSamples(run: record.id, metrics: metrics, samples: samples)]))
                samples.removeAll(keepingCapacity: true)
            }
        }
        let result = JobResult(
            name: record.name, status: .completed, reason: .maxEpochs, bestStep: pointCount,
            metrics: Dictionary(uniqueKeysWithValues: zip(metrics, last)))
        recorder.deliver(EventBatch(events: [event(.job(.finished(result)), record)]))
    }

    private func event(_ kind: StudioEvent.Kind, _ record: RunRecord) -> StudioEvent {
        StudioEvent(sequence: 0, wallTime: record.createdAt, run: record.id, kind: kind)
    }
}
