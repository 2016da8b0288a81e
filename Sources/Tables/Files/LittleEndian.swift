extension UnsafeRawBufferPointer {
    /// A whole number whose lowest byte comes first.
    ///
    /// - Throws: `fault` when there are not so many bytes at `place`.
    func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
        at place: Int, as type: Number.Type, or fault: TableError
    ) throws(TableError) -> Number {
        let size = MemoryLayout<Number>.size
        guard place >= 0, count >= size, place <= count - size else { throw fault }
        return Number(littleEndian: loadUnaligned(fromByteOffset: place, as: type))
    }
}
