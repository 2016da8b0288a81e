import Events

extension RunID {
    /// The id of a run by where it was logged, the same whenever that is read: forty bits of a hash, in the letters of run ids.
    /// - Parameter generation: logs that were written anew in the same place are runs of their own.
    init(ofLog key: String, generation: Int) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array(key.utf8) + Array("#\(generation)".utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
        hash ^= hash >> 32
        var source = HashSource(state: hash)
        self = RunID.random(using: &source)
    }

    private struct HashSource: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }
}
