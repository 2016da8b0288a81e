/// Room for numbers that stays where it is: aligned to a cache line, zero at first, asked for once and not every step.
final class FloatBuffer {
    let count: Int
    let base: UnsafeMutablePointer<Float>

    init(count: Int) {
        self.count = count
        // SAFETY: owned by this object alone and given back in `deinit`; users keep the object as long as the pointer.
        base = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64).bindMemory(
            to: Float.self, capacity: max(1, count))
        base.initialize(repeating: 0, count: max(1, count))
    }

    convenience init(_ values: [Float]) {
        self.init(count: values.count)
        replace(with: values)
    }

    deinit { base.deallocate() }

    var values: [Float] { [Float](UnsafeBufferPointer(start: base, count: count)) }

    func replace(with values: [Float]) {
        precondition(values.count == count, "\(values.count) numbers for \(count) places")
        values.withUnsafeBufferPointer { source in
            if let address = source.baseAddress { base.update(from: address, count: count) }
        }
    }
}
