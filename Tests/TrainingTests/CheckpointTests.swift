import Events
import Glibc
import TemporaryFolders
import Testing

@testable import Training

@Suite struct CheckpointTests {
    private func checkpoint(step: Int) -> Checkpoint {
        var stopping = EarlyStopping(
            objective: Objective(metric: .validationLoss, minimises: true), criteria: .init(patience: 3, tolerance: 0.001))
        stopping.criteria.targetValue = 0.1
        _ = stopping.observe(0.5, step: 10)
        return Checkpoint(
            step: step, epoch: 1.5, trainer: [1, 2, 3, 10, 0x0A, 255], earlyStopping: stopping,
            best: .init(mark: [9, 8], epoch: 1, earlyStopping: stopping, changes: [:]),
            dataFingerprint: "ab", changes: ["wd": "0.1"])
    }

    @Test func aCheckpointReadsBackEqual() throws {
        let saved = checkpoint(step: 30)
        #expect(try Checkpoint(bytes: saved.bytes, path: "c") == saved)
    }

    @Test func aCheckpointCutShortAnywhereIsRefused() {
        let bytes = checkpoint(step: 30).bytes
        for count in 0..<bytes.count {
            #expect(throws: TrainingError.self) { try Checkpoint(bytes: Array(bytes[..<count]), path: "c") }
        }
    }

    @Test func aCheckpointWithOneBitChangedInItsPayloadIsRefused() {
        var bytes = checkpoint(step: 30).bytes
        bytes[bytes.count - 1] ^= 1
        let error = #expect(throws: TrainingError.self) { try Checkpoint(bytes: bytes, path: "c") }
        #expect(error?.code == .badCheckpoint)
    }

    @Test func anyOneBitChangedIsFound() {
        let bytes = checkpoint(step: 30).bytes
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            let error = #expect(throws: TrainingError.self, "byte \(place)") {
                try Checkpoint(bytes: damaged, path: "checkpoint-30")
            }
            #expect(error?.message == "checkpoint-30 is damaged: delete it, and the run goes on from an earlier one")
        }
    }

    /// With the checksum that belongs to it, so that its numbers alone say whether it can be.
    private func sealed(_ header: String, payload: [UInt8] = [1, 2, 3]) -> [UInt8] {
        let content = Array(header.utf8) + [0x0A] + payload
        return Array("DESCENT CHECKPOINT 3\n".utf8) + Checksum.text(content) + [0x0A] + content
    }

    @Test(arguments: [
        ("\"trainerBytes\":3", "\"trainerBytes\":9223372036854775807"), ("\"trainerBytes\":3", "\"trainerBytes\":-1"),
        ("\"trainerBytes\":3", "\"trainerBytes\":4"), ("\"step\":30", "\"step\":-9223372036854775808"),
        ("\"step\":30", "\"step\":9"),
        ("\"epoch\":1.5", "\"epoch\":\"NaN\""), ("\"epoch\":1.5", "\"epoch\":-1"),
        ("\"badCount\":0", "\"badCount\":9223372036854775807"),
        ("\"bestStep\":10", "\"bestStep\":-1"), ("\"bestStep\":10", "\"bestStep\":31"), ("\"patience\":3", "\"patience\":-3"),
        ("\"tolerance\":0.001", "\"tolerance\":\"NaN\""), ("\"step\":30", "\"step\":" + String(repeating: "9", count: 500)),
        ("\"changes\"", String(repeating: "[", count: 100_000)),
    ])
    func numbersThatCannotBeAreRefused(old: String, new: String) throws {
        var whole = checkpoint(step: 30)
        whole.best = nil
        whole.trainer = [1, 2, 3]
        let lines = whole.bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        let header = String(decoding: lines[2], as: UTF8.self)
        #expect(try Checkpoint(bytes: sealed(header), path: "c") == whole)
        #expect(header.contains(old))
        #expect(throws: TrainingError.self) { try Checkpoint(bytes: sealed(header.replacing(old, with: new)), path: "c") }
    }

    @Test func aCheckpointOfTheVersionBeforeIsRead() throws {
        var whole = checkpoint(step: 30)
        whole.best = nil
        whole.trainer = [1, 2, 3]
        let header = String(decoding: whole.bytes.split(separator: 0x0A, maxSplits: 3)[2], as: UTF8.self)
        // FNV-1a of 1, 2, 3, worked out elsewhere.
        let old = "DESCENT CHECKPOINT 2\n" + header.dropLast() + ",\"checksum\":\"d0aa6218672cf5ab\"}\n"
        let bytes = Array(old.utf8) + [1, 2, 3]
        #expect(try Checkpoint(bytes: bytes, path: "c") == whole)
        var damaged = bytes
        damaged[damaged.count - 1] ^= 1
        #expect(throws: TrainingError.self) { try Checkpoint(bytes: damaged, path: "c") }
    }

    @Test func theCheckpointAheadOfTheRecordedCurveIsPassedOver() throws {
        let folder = try TemporaryFolder()
        let checkpoints = CheckpointFolder(path: folder.path)
        try checkpoints.write(checkpoint(step: 100))
        try checkpoints.write(checkpoint(step: 200))
        #expect(try checkpoints.newest(notAfter: 250)?.step == 200)
        #expect(try checkpoints.newest(notAfter: 199)?.step == 100)
        #expect(try checkpoints.newest(notAfter: 99) == nil)
    }

    @Test func aCheckpointRightAfterAnotherTakesItsPlaceAndLeavesTheOlderOne() throws {
        let folder = try TemporaryFolder()
        let checkpoints = CheckpointFolder(path: folder.path)
        try checkpoints.write(checkpoint(step: 100))
        try checkpoints.write(checkpoint(step: 200))
        try checkpoints.write(checkpoint(step: 201), replacingNewest: true)
        #expect(try checkpoints.newest(notAfter: .max)?.step == 201)
        #expect(try checkpoints.newest(notAfter: 200)?.step == 100)
    }

    @Test func aDamagedNewestCheckpointFallsBackToTheOneBefore() throws {
        let folder = try TemporaryFolder()
        let checkpoints = CheckpointFolder(path: folder.path)
        try checkpoints.write(checkpoint(step: 100))
        try checkpoints.write(checkpoint(step: 200))
        _ = try folder.write("half a file", as: "checkpoint-200")
        #expect(try checkpoints.newest(notAfter: .max)?.step == 100)
    }

    @Test func checkpointsThatCannotBeReadAreNotTakenForNone() throws {
        let folder = try TemporaryFolder()
        let checkpoints = CheckpointFolder(path: folder.path)
        try checkpoints.write(checkpoint(step: 100))
        _ = try folder.write("half a file", as: "checkpoint-100")
        #expect(#expect(throws: TrainingError.self) { try checkpoints.newest(notAfter: .max) }?.code == .badCheckpoint)
        #expect(try checkpoints.newest(notAfter: 99) == nil)
        // A file where the folder should be.
        let file = CheckpointFolder(path: try folder.write("no folder", as: "file"))
        #expect(#expect(throws: TrainingError.self) { try file.newest(notAfter: .max) }?.code == .cannotWrite)
        #expect(try CheckpointFolder(path: folder.path + "/none").newest(notAfter: .max) == nil)
    }

    @Test func olderCheckpointsThinOutWithTheirAge() throws {
        let folder = try TemporaryFolder()
        let checkpoints = CheckpointFolder(path: folder.path)
        for step in 1...400 { try checkpoints.write(checkpoint(step: step * 10)) }
        let steps = try checkpoints.steps()
        #expect(steps.count == 8)
        #expect(steps.prefix(2) == [4_000, 3_990])
        // Whatever step one wants to go back to, there is a checkpoint not much further back than four times as far.
        for age in stride(from: 20, through: 600, by: 20) {
            #expect(steps.contains { (age...(5 * age)).contains(4_000 - $0) }, "\(age): \(steps)")
        }
    }

    @Test func checkpointsThatTakeTooMuchSpaceGoButForTheNewestTwo() throws {
        let folder = try TemporaryFolder()
        let size = checkpoint(step: 100).bytes.count
        let checkpoints = CheckpointFolder(path: folder.path, byteLimit: size * 3 + size / 2)
        for step in 1...9 { try checkpoints.write(checkpoint(step: step * 100)) }
        #expect(try checkpoints.steps().count == 3)
        let small = CheckpointFolder(path: folder.path, byteLimit: 1)
        try small.write(checkpoint(step: 1_000))
        #expect(try small.steps() == [1_000, 900])
    }

    @Test func writingWhereNothingCanBeWrittenSaysSo() {
        let error = #expect(throws: TrainingError.self) { try CheckpointFolder(path: "/proc/nowhere").write(checkpoint(step: 1)) }
        #expect(error?.code == .cannotWrite)
        #expect(error?.description.contains("check the disk's space and permissions") == true)
    }
}

@Suite struct EarlyStoppingTests {
    private func stopping(patience: Int = 3, tolerance: Double = 0.01, minimises: Bool = true) -> EarlyStopping {
        EarlyStopping(
            objective: Objective(metric: .validationLoss, minimises: minimises),
            criteria: .init(patience: patience, tolerance: tolerance))
    }

    @Test func patienceRunsOutAfterEvaluationsThatImproveTooLittle() {
        var state = stopping()
        for (step, value) in [1.0, 0.9, 0.899, 0.898, 0.897].enumerated() {
            #expect(state.reasonToStop(epoch: 1) == nil)
            _ = state.observe(value, step: step)
        }
        #expect(state.reasonToStop(epoch: 1) == .earlyStopping)
        #expect(state.bestStep == 4)
    }

    @Test func smallImprovementsThatAddUpCount() {
        var state = stopping()
        for step in 0..<50 {
            _ = state.observe(1 - 0.005 * Double(step), step: step)
            #expect(state.reasonToStop(epoch: 1) == nil)
        }
    }

    @Test func patienceDoesNotRunOutBeforeTheEpochsThatAreWantedOrWhenItIsOff() {
        var state = stopping(patience: 1)
        state.criteria.minimumEpochs = 5
        for step in 1...3 { _ = state.observe(1, step: step) }
        #expect(state.reasonToStop(epoch: 4.9) == nil)
        #expect(state.reasonToStop(epoch: 5) == .earlyStopping)
        state.criteria.patience = nil
        #expect(state.reasonToStop(epoch: 5) == nil)
    }

    @Test func aTargetIsReachedInTheObjectivesDirection() {
        for (minimises, values) in [(true, [0.9, 0.5]), (false, [0.1, 0.5])] {
            var state = stopping(minimises: minimises)
            state.criteria.targetValue = 0.5
            #expect(state.reasonToStop(epoch: 0) == nil)
            _ = state.observe(values[0], step: 1)
            #expect(state.reasonToStop(epoch: 1) == nil)
            _ = state.observe(values[1], step: 2)
            #expect(state.reasonToStop(epoch: 2) == .targetValueReached)
        }
    }

    @Test func timeIsUpWhenSoMuchWasTrained() {
        var state = stopping()
        state.criteria.maxRuntimeSeconds = 10
        state.trainedSeconds = 9.9
        #expect(state.reasonToStop(epoch: 1) == nil)
        state.trainedSeconds = 10
        #expect(state.reasonToStop(epoch: 1) == .maxRuntimeExceeded)
    }

    @Test func aMetricToMaximiseIsMaximised() {
        var state = stopping(minimises: false)
        #expect(state.observe(0.5, step: 1) == .best)
        #expect(state.observe(0.6, step: 2) == .best)
        #expect(state.observe(0.55, step: 3) == .worse)
        #expect(state.best == 0.6)
    }

    @Test func aLossThatIsNotANumberIsNeverTheBest() {
        var state = stopping()
        #expect(state.observe(.nan, step: 1) == .worse)
        #expect(state.observe(2, step: 2) == .best)
        #expect(state.observe(.nan, step: 3) == .worse)
        #expect(state.bestStep == 2)
    }
}

@Suite struct JobLifecycleTests {
    @Test func aJobIsPausedAndResumedAndStopped() {
        var job = JobLifecycle()
        #expect(job.begin().last == .startThread)
        #expect(job.begin().isEmpty)
        _ = job.enter(.training, plannedSteps: 10)
        #expect(job.pause().first == .askThread(.pause))
        #expect(job.pause().isEmpty)
        #expect(job.resume().last == .askThread(.run))
        #expect(job.stop() == [.post(JobStatusChange(status: .stopping)), .askThread(.stop)])
        #expect(job.end(.stopped, reason: .stoppedByUser) == [.finish(.stopped, reason: .stoppedByUser)])
        #expect(job.end(.stopped, reason: .stoppedByUser).isEmpty)
        #expect(job.resume().isEmpty)
    }

    @Test func aJobStoppedWhileItWaitsEndsAtOnce() {
        var job = JobLifecycle()
        #expect(job.stop() == [.finish(.stopped, reason: .stoppedByUser)])
        #expect(job.begin().isEmpty)
    }
}
