import Events

/// Points of one metric as they lie in the store, at most `capacity` of them: steps, times, values and epochs column by column.
struct SeriesChunk {
    /// Points in a full chunk.
    static let capacity = 1024

    var points: [MetricPoint] = []

    var isFull: Bool { points.count >= Self.capacity }

    /// 28 bytes a point, little endian, without a header: the count is the blob's length over 28.
    var bytes: [UInt8] {
        let count = points.count
        return [UInt8](unsafeUninitializedCapacity: count * 28) { buffer, initialised in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for (index, point) in points.enumerated() {
                raw.storeBytes(of: Int64(point.step).littleEndian, toByteOffset: index * 8, as: Int64.self)
                raw.storeBytes(
                    of: point.wallTime.bitPattern.littleEndian, toByteOffset: (count + index) * 8, as: UInt64.self)
                raw.storeBytes(
                    of: point.value.bitPattern.littleEndian, toByteOffset: (2 * count + index) * 8, as: UInt64.self)
                raw.storeBytes(
                    of: Float(point.epoch).bitPattern.littleEndian, toByteOffset: 3 * count * 8 + index * 4, as: UInt32.self)
            }
            initialised = count * 28
        }
    }

    /// Appends the points of a blob to `out`; a blob whose length is no multiple of 28 gives nothing.
    static func decode(_ blob: UnsafeRawBufferPointer, into out: inout [MetricPoint]) {
        let count = blob.count / 28
        guard count * 28 == blob.count else { return }
        func word(_ position: Int) -> UInt64 {
            UInt64(littleEndian: blob.loadUnaligned(fromByteOffset: position * 8, as: UInt64.self))
        }
        for index in 0..<count {
            let epoch = UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: 24 * count + index * 4, as: UInt32.self))
            out.append(
                MetricPoint(
                    step: Int(Int64(bitPattern: word(index))), epoch: Double(Float(bitPattern: epoch)),
                    wallTime: Double(bitPattern: word(count + index)), value: Double(bitPattern: word(2 * count + index))))
        }
    }
}
