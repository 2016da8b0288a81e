import Testing

@testable import Numerics

@Suite struct RandomSourceTests {
    @Test func `the same seed gives the same numbers, another seed others`() {
        var first = RandomSource(seed: 7), second = RandomSource(seed: 7), other = RandomSource(seed: 8)
        let numbers = (0..<100).map { _ in first.next() }
        #expect(numbers == (0..<100).map { _ in second.next() })
        #expect(numbers != (0..<100).map { _ in other.next() })
    }

    @Test func `the first numbers are those of the reference implementation`() {
        // splitmix64 and xoshiro256** in C by Blackman and Vigna, seed 0: first word of splitmix64.
        #expect(RandomSource(seed: 0).state[0] == 0xe220_a839_7b1d_cdaf)
        #expect(RandomSource(seed: 0).state[1] == 0x6e78_9e6a_a1b9_65f4)
        // xoshiro256** from the state 1, 2, 3, 4.
        var source = RandomSource(state: [1, 2, 3, 4])
        #expect(source?.next() == 11520)
        #expect(source?.next() == 0)
        #expect(source?.next() == 1_509_978_240)
    }

    @Test func `a saved state continues where it stopped`() {
        var source = RandomSource(seed: 3)
        _ = source.normal()
        var resumed = RandomSource(state: source.state)
        #expect(resumed?.next() == source.next())
        #expect(RandomSource(state: [0, 0, 0, 0]) == nil)
    }

    @Test func `a shuffle keeps every element and reaches every order`() {
        var source = RandomSource(seed: 1)
        var seen: [[Int]: Int] = [:]
        for _ in 0..<6000 {
            var order = [0, 1, 2]
            source.shuffle(&order)
            seen[order, default: 0] += 1
        }
        #expect(seen.count == 6)
        // 1000 expected each, deviation about 29: six deviations.
        for (order, count) in seen { #expect(abs(count - 1000) < 180, "\(order): \(count)") }
    }

    @Test func `normal numbers have mean 0 and deviation 1`() {
        var source = RandomSource(seed: 2)
        var moments = Moments()
        for _ in 0..<100_000 { moments.add(source.normal()) }
        #expect(abs(moments.mean) < 0.02)
        #expect(abs(moments.populationDeviation - 1) < 0.02)
    }
}
