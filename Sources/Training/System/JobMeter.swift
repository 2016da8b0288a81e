import Synchronization

/// How far a job is, for those who look from other threads. Written by the job's thread only; writing costs a few plain stores.
package final class JobMeter: Sendable {
    private let rows = Atomic<Int>(0)
    private let epochBits = Atomic<UInt64>(0)
    /// -1 until the job has found its place.
    private let step = Atomic<Int>(-1)

    package init() {}

    /// The job stands at a step, after so many more rows. Called when what was recorded of that step is with the bus.
    package func reach(step: Int, epoch: Double, rows count: Int) {
        rows.store(rows.load(ordering: .relaxed) + count, ordering: .relaxed)
        epochBits.store(epoch.bitPattern, ordering: .relaxed)
        self.step.store(step, ordering: .releasing)
    }

    /// Where the job stands, and how many rows this attempt has trained on; nil until it has found its place.
    package var place: (step: Int, epoch: Double, rows: Int)? {
        let step = step.load(ordering: .acquiring)
        guard step >= 0 else { return nil }
        return (step, Double(bitPattern: epochBits.load(ordering: .relaxed)), rows.load(ordering: .relaxed))
    }
}
