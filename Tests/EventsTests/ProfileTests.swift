import Events
import JSON
import Testing

@Suite struct ProfileTests {
    @Test func quantilesOfDurationsAreRightToSixPercent() throws {
        var durations = StepDurations(), all: [Double] = []
        for index in 1...5000 {
            let seconds = 1e-6 * Double(index * index)
            durations.add(seconds: seconds)
            all.append(seconds)
        }
        #expect(durations.count == 5000)
        for share in [0.01, 0.25, 0.5, 0.9, 0.99, 1] {
            let exact = all[min(4999, Int(share * 5000))], found = try #require(durations.quantile(share))
            #expect(abs(found / exact - 1) < 0.0625, "\(share): \(found) beside \(exact)")
        }
        // The middle distance of squares from their median, as sorting finds it.
        let median = all[2500], distances = all.map { abs($0 - median) }.sorted()
        #expect(abs(try #require(durations.medianDistance(from: median)) / distances[2500] - 1) < 0.13)
        #expect(durations.count(longerThan: 20) > 300 && durations.count(longerThan: 1e9) == 0)
        #expect(StepDurations().quantile(0.5) == nil)
        #expect(StepDurations.bin(of: .infinity) == StepDurations.binCount - 1)
        #expect(StepDurations.bin(of: .nan) == 0 && StepDurations.bin(of: -1) == 0)
    }

    static var slice: ProfileSlice {
        var slice = ProfileSlice(step: 40, wallTime: 1.7e9, seconds: 2)
        (slice.stepCount, slice.timedCount) = (30, 10)
        slice.spent = [.data: 0.25, .update: 1.5, .checkpoint: 0.25]
        slice.durations.add(seconds: 0.05, count: 30)
        slice.slowest = [.init(step: 31, seconds: 0.5)]
        slice.pauses = [.init(.checkpoint, offset: 1.5, seconds: 0.25)]
        slice.machine.cores = [100, 12.5]
        (slice.machine.queuedPercent, slice.machine.memoryBytes, slice.machine.loaders) = (3.5, 1 << 30, 2)
        slice.machine.graphics = [.init(percent: 40, memoryPercent: 80)]
        return slice
    }

    @Test func aSliceComesBackAsItWasTold() throws {
        let event = StudioEvent(sequence: 3, wallTime: 1, run: RunID("r"), kind: .profile(.recorded(Self.slice)))
        let back = try #require(StudioEvent(json: JSONValue(parsing: event.json.text)))
        #expect(back == event)
        // What makes no sense is left out, and the rest is there.
        let damaged = try JSONValue(
            parsing:
                #"{"step":1,"endedAt":2,"seconds":3,"durations":{"-1":2,"9999":1,"80":-3},"spent":{"data":-1,"naps":2},"machine":{"cores":["NaN",5],"memory":-1,"gpus":[{"busy":1}]}}"#
        )
        let read = try #require(ProfileEvent(name: .profileRecorded, json: damaged))
        guard case .recorded(let slice) = read else { return }
        #expect(slice.durations.count == 0 && slice.spent.isEmpty && slice.machine.cores == [5] && slice.machine.graphics.isEmpty)
        #expect(slice.machine.memoryBytes == nil)
        #expect(
            ProfileEvent(name: .profileRecorded, json: try JSONValue(parsing: #"{"step":1,"endedAt":2,"seconds":-3}"#)) == nil)
    }

    @Test func aProfileAddsItsSlicesUp() throws {
        var other = Self.slice
        (other.seconds, other.stepCount) = (6, 10)
        other.spent = [.update: 6]
        other.slowest = [.init(step: 77, seconds: 0.75)]
        other.machine.cores = [0, 50]
        let profile = RunProfile([Self.slice, other])
        #expect(
            profile.seconds == 8 && profile.stepCount == 40 && profile.spent == [.data: 0.25, .update: 7.5, .checkpoint: 0.25])
        #expect(profile.parts.map(\.part) == [.data, .update, .checkpoint])
        #expect(profile.slowest.map(\.step) == [77, 31] && profile.slowest.map(\.offset) == [8, 2])
        // Three quarters of the time the cores were at 25 %.
        let cores = try #require(profile.machine.first { $0.name == "cores" })
        #expect(cores.median == 25 && cores.maximum == 56.25 && cores.minimum == 25)
        #expect(profile.machine.contains { $0.name == "GPU 0" && $0.median == 40 })
        #expect(!profile.machine.contains { $0.name == "threads" })
    }
}
