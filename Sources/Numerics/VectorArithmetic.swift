/// Sums over rows of numbers, eight at a time, always in the same order, so that the same numbers give the same sums.
public enum VectorArithmetic {
    /// x · y over `count` numbers.
    @inlinable @inline(__always)
    public static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
        let rawX = UnsafeRawPointer(x), rawY = UnsafeRawPointer(y)
        var sums = SIMD8<Double>.zero, index = 0
        while index + 8 <= count {
            let offset = index &* 8
            sums +=
                rawX.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
                * rawY.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
            index &+= 8
        }
        var sum = sums.sum()
        while index < count {
            sum += x[index] * y[index]
            index &+= 1
        }
        return sum
    }

    /// y += factor x over `count` numbers.
    @inlinable @inline(__always)
    public static func add(_ factor: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
        let rawX = UnsafeRawPointer(x), rawY = UnsafeMutableRawPointer(y)
        var index = 0
        while index + 8 <= count {
            let offset = index &* 8
            let sum =
                rawY.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self)
                + rawX.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self) * factor
            rawY.storeBytes(of: sum, toByteOffset: offset, as: SIMD8<Double>.self)
            index &+= 8
        }
        while index < count {
            y[index] += factor * x[index]
            index &+= 1
        }
    }
}
