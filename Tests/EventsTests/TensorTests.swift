import JSON
import Synchronization
import Testing

@testable import Events

@Suite struct TensorTests {
    /// The powers of two that `values` lie between, counted one by one.
    private static func summary(of values: [Double]) -> TensorSummary {
        var negative = [Int](repeating: 0, count: 200), positive = negative
        for value in values where value != 0 && value.isFinite {
            if value < 0 { negative[Int(value.exponent) + 100] += 1 } else { positive[Int(value.exponent) + 100] += 1 }
        }
        var summary = TensorSummary("a", .weights, count: values.count)
        summary.histogram = MagnitudeHistogram(countedFrom: -100, negative: negative, positive: positive)
        summary.zeros = values.count { $0 == 0 }
        (summary.minimum, summary.maximum) = (values.min(), values.max())
        return summary
    }

    /// An independent generator: quantiles of an ordered list are its elements.
    @Test func quantilesAreWithinTheirPowerOfTwo() throws {
        let values = (0..<2001).map { Double($0 - 700) / 100 }
        let summary = Self.summary(of: values)
        for share in [0, 0.05, 0.25, 0.35, 0.5, 0.75, 0.95, 1] {
            let exact = values[min(2000, Int(share * 2000))], found = try #require(summary.quantile(share))
            #expect(abs(found - exact) <= 0.02 + abs(exact) * 0.1, "\(share): \(found) and not \(exact)")
        }
        #expect(summary.quantile(0) == -7 && summary.quantile(1) == 13)
        #expect(summary.quantile(1.5) == nil)
    }

    @Test func aTensorOfZerosHasZeroForEveryQuantile() {
        let summary = Self.summary(of: [0, 0, 0])
        #expect(summary.quantile(0.5) == 0 && summary.shareOfZeros == 1)
    }

    @Test func aTensorWithoutFiniteValuesHasNoQuantile() {
        var summary = TensorSummary("a", .weights, count: 4)
        (summary.nans, summary.infinities) = (3, 1)
        #expect(summary.quantile(0.5) == nil && summary.shareOfNaNs == 0.75 && summary.shareOfInfinities == 0.25)
    }

    @Test func whatIsSmallerThan64PowersOfTwoReachIsInTheFirstCell() {
        let histogram = MagnitudeHistogram(
            countedFrom: -10, negative: [3] + [Int](repeating: 0, count: 99), positive: [1] + [Int](repeating: 0, count: 98) + [2]
        )
        #expect(histogram.firstExponent == 26 && histogram.negative.count == 64)
        #expect(histogram.negative.first == 3 && histogram.positive.first == 1 && histogram.positive.last == 2)
        #expect(histogram.count == 6 && histogram.count(below: 27) == 4)
    }

    /// Members that a script may send wrongly: none of them may be counted with.
    @Test(arguments: [
        #"{"name":"a","collection":"weights","count":-1}"#,
        #"{"name":"a","collection":"weights","count":2,"sampled":3}"#,
        #"{"name":"a","collection":"weights","count":9223372036854775807,"zeros":9223372036854775807,"histogram":[0,[9223372036854775807],[0]]}"#,
        #"{"name":"a","collection":"weights","count":2,"zeros":3}"#,
        #"{"name":"a","collection":"weights","count":2,"nans":-3}"#,
        #"{"name":"","collection":"weights","count":2}"#,
        #"{"name":"a","collection":"weights","count":2,"histogram":[0,[3],[0]]}"#,
        #"{"name":"a","collection":"weights","count":2,"shape":[-2]}"#,
        #"{"collection":"weights","count":2}"#,
    ])
    func aSummaryThatMakesNoSenseIsNotTaken(text: String) throws {
        #expect(TensorSummary(json: try JSONValue(parsing: text)) == nil)
    }

    @Test(arguments: [
        "[0,[1],[1,2]]", "[0,[-1],[1]]", "[0]", "[99999,[1],[1]]", "[0.5,[1],[1]]",
        "[0,[9223372036854775807],[9223372036854775807]]", #"[0,["a"],[1]]"#,
    ])
    func aHistogramThatMakesNoSenseIsNotTaken(text: String) throws {
        #expect(MagnitudeHistogram(json: try JSONValue(parsing: text)) == nil)
    }

    /// A script that does not tell mean magnitudes: the histogram tells them to a few per cent.
    @Test func aMeanMagnitudeThatNobodyToldComesFromTheHistogram() throws {
        let values = (1...4000).map { Double($0) / 1000 }
        var told = Self.summary(of: values)
        told.meanMagnitude = values.reduce(0, +) / 4000
        guard case .object(let members) = told.json else { return }
        let read = try #require(TensorSummary(json: .object(members.filter { $0.name != "mean_magnitude" })))
        #expect(abs(read.meanMagnitude / told.meanMagnitude - 1) < 0.1)
    }

    private static func step(_ number: Int, of run: String) -> StudioEvent {
        StudioEvent(
            sequence: UInt64(number), wallTime: 0, run: RunID(run),
            kind: .tensors(
                .summarised(
                    TensorsOfStep(
                        step: number, epoch: 0, wallTime: 0, summaries: [TensorSummary("w", .weights, count: 1)]))))
    }

    @Test func aScreenThatIsSlowGetsTheNewestTensorsOfEachRun() {
        let mailbox = Mailbox(policy: .merging(limit: 1000))
        let notice = StudioEvent(sequence: 5, wallTime: 0, run: nil, kind: .notice(.messageLogged("a")))
        mailbox.deliver(EventBatch(events: [Self.step(1, of: "a"), Self.step(2, of: "b"), Self.step(3, of: "a")]))
        mailbox.deliver(EventBatch(events: [Self.step(4, of: "a"), notice]))
        #expect(mailbox.take().events.map(\.sequence) == [2, 4, 5])
    }

    @Test func aStoreThatCanNotWriteLetsTensorsGoWhenThereIsNoRoom() {
        let mailbox = Mailbox(policy: .lossless(capacity: 40))
        mailbox.setHoldsUp(false)
        for number in 1...5 { mailbox.deliver(EventBatch(events: [Self.step(number, of: "a")])) }
        mailbox.deliver(EventBatch(events: [StudioEvent(sequence: 6, wallTime: 0, run: RunID("a"), kind: .run(.deleted))]))
        #expect(mailbox.take().events.map(\.sequence) == [1, 2, 3, 6])
    }
}
