import CheckedNumbers
import Testing

struct CheckedNumberTests {
    @Test func `a number becomes the nearest whole number`() {
        #expect(Int(nearest: 2.5) == 3)
        #expect(Int(nearest: -2.5) == -3)
        #expect(Int(nearest: 9_223_372_036_854_774_784.0) == 9_223_372_036_854_774_784)
        #expect(Int(roundedDownWithin: 2.9) == 2)
        #expect(Int(roundedDownWithin: -2.1) == -3)
        #expect(Int(roundedUpWithin: 2.1) == 3)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 9_223_372_036_854_775_808, -1e300])
    func `what no whole number stands for is nil`(value: Double) {
        #expect(Int(nearest: value) == nil)
    }

    @Test func `the end of the range stands for what lies beyond it`() {
        #expect(Int(nearestWithin: 1e300) == .max)
        #expect(Int(nearestWithin: -Double.infinity) == .min)
        #expect(Int(nearestWithin: Double.nan) == 0)
        #expect(Int(nearestWithin: Double.nan, ifNaN: 7) == 7)
        #expect(UInt8(nearestWithin: 256 as Double) == 255)
        #expect(UInt8(nearestWithin: -1 as Double) == 0)
        #expect(UInt8(roundedDownWithin: Float.infinity) == 255)
        #expect(Int32(roundedUpWithin: -Float.infinity) == .min)
    }
}
