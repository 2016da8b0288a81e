import Cells
import Events
import Glibc
import Studio
import Testing

@testable import Terminal

/// How much is written to a terminal while runs train. Time is counted, not waited for, so that every machine writes the same.
extension TerminalScreenTests {
    @Test("four runs in their first seconds write no more than the line has room for", arguments: [false, true])
    func firstSeconds(isRemote: Bool) throws {
        // A file takes whatever is written; a terminal that nobody reads meanwhile does not.
        let file = try #require(tmpfile())
        defer { fclose(file) }
        var options = TerminalScreen.Options(environment: Self.utf8)
        (options.output, options.fixedSize) = (fileno(file), Size(width: 120, height: 40))
        let screen = try TerminalScreen.open(options)
        defer { screen.close() }
        var story = TrainingStory()
        var pacer = FramePacer(isRemote: isRemote)
        var written = 0, expected = 0, frames = 0
        for tick in 0..<80 {
            let now = UInt64(tick) * 125_000_000
            story.train(until: Double(tick) / 8)
            guard pacer.isDue(atOnce: false, at: now) else { continue }
            let before = lseek(fileno(file), 0, SEEK_END)
            let bytes = screen.present(story.state.frame(), theme: .descentDark)
            // The first frame is the whole screen, which nothing could do without.
            if frames > 0 { (written, expected) = (written + Int(lseek(fileno(file), 0, SEEK_END) - before), expected + bytes) }
            frames += 1
            pacer.didPaint(bytes: frames > 1 ? bytes : 0, at: now)
        }
        // The last frame's bytes may come after the tenth second.
        #expect(written < (isRemote ? 4_000 : 10_000) * 10 * 11 / 10, "\(written) bytes in \(frames) frames")
        #expect(expected == written)
        // All of it moves here; what moves less comes more often.
        #expect(frames >= (isRemote ? 6 : 15), "\(written) bytes in \(frames) frames")
    }
}

/// A studio in which four runs begin to train: losses that fall and flutter, forty steps a second.
struct TrainingStory {
    var state = AppState(
        settings: Settings(), algorithms: [], size: Size(width: 120, height: 40), now: 1000, workspaceName: "story")
    private var steps = 0
    private var flutter: UInt64 = 7
    private let runs = ["adam", "unshuffled", "sgd-slow", "sgd-momentum"]

    init() {
        for (number, name) in runs.enumerated() {
            var record = RunRecord(
                id: RunID(name), name: name, experiment: "story", algorithm: "linear-learner",
                request: JobRequest(datasetPath: "data.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
                objective: Objective(metric: MetricName("validation:log_loss"), minimises: true), seed: 7, dataFingerprint: "",
                gitRevision: nil, version: "1", createdAt: 1000 + Double(number), processID: 1)
            record.number = number
            let started = JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 20_000)
            for kind in [StudioEvent.Kind.run(.registered(record)), .job(.statusChanged(started))] {
                let event = StudioEvent(sequence: 1, wallTime: 1000, run: record.id, kind: kind)
                _ = reduce(into: &state, .events([event], []))
            }
        }
    }

    mutating func train(until seconds: Double) {
        let wanted = Int(seconds * 40)
        let metrics = [MetricName("train:log_loss"), MetricName("validation:log_loss")]
        for (number, name) in runs.enumerated() where wanted > steps {
            var samples: [MetricSample] = []
            for step in (steps + 1)...wanted {
                flutter = flutter &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let noise = Double(flutter >> 40) / Double(1 << 24) - 0.5
                let value = 0.35 + 0.1 * Double(number) + 0.5 / (1 + Double(step) / Double(20 * (number + 1)))
                samples.append(sample(0, step, value + 0.2 * noise))
                if step.isMultiple(of: 16) { samples.append(sample(1, step, value + 0.01 * noise)) }
            }
            _ = reduce(into: &state, .events([], [RunSamples(run: RunID(name), metrics: metrics, samples: samples)]))
        }
        steps = max(steps, wanted)
        _ = reduce(into: &state, .systemSampled(cpuPercent: Double(90 + steps % 20), residentBytes: 90_000_000))
        _ = reduce(into: &state, .tick(now: 1000 + seconds))
    }

    private func sample(_ metric: Int32, _ step: Int, _ value: Double) -> MetricSample {
        MetricSample(
            sequence: UInt64(step), metric: metric, step: step, epoch: Double(step) / 160, wallTime: 1000 + Double(step) / 40,
            value: value)
    }
}
