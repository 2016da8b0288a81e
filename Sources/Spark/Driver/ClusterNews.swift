import Events
import JSON
import Training

/// What Spark tells while it works, as the run's curves and words.
struct ClusterNews {
    private let run: RunID, name: String
    private let bus: EventBus
    private let meter: JobMeter
    private let channel: SampleChannel
    private var told: Set<String> = []

    /// Executors, tasks at work, memory of rows kept, bytes shuffled so far.
    static let metrics = ["cluster:executors", "cluster:tasks", "cluster:memory", "cluster:shuffled"]
    private static let members = ["executors", "tasks", "memory", "shuffled"]

    init(run: RunID, name: String, bus: EventBus, meter: JobMeter) {
        (self.run, self.name, self.bus, self.meter) = (run, name, bus, meter)
        channel = bus.makeChannel(run: run, metrics: Self.metrics.map { MetricName($0) })
    }

    mutating func take(_ news: JSONValue) {
        switch news["kind"]?.string {
        case "cluster": sample(news)
        case "message": tell(news["text"]?.string ?? "")
        case "executorLost":
            // The curve of executors has the debugger raise an alert.
            let text = news["text"]?.string ?? "an executor was lost"
            if told.insert(text).inserted { tell(text) }
        default: break
        }
    }

    private func sample(_ news: JSONValue) {
        guard let place = meter.place else { return }
        let values = Self.members.map { news[$0]?.double ?? .nan }
        guard values.allSatisfy(\.isFinite) else { return }
        for (index, value) in values.enumerated() {
            channel.record(index, value, step: place.step, epoch: place.epoch, more: index + 1 < values.count)
        }
    }

    private func tell(_ text: String) {
        bus.post(.notice(.messageLogged("\(name): \(text)")), run: run)
    }

    func close() { channel.close() }
}
