extension Optional where Wrapped == [Int32] {
    func withOptionalPointer<Result>(_ body: (UnsafePointer<Int32>?) -> Result) -> Result {
        guard let self else { return body(nil) }
        return self.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// The numbers' address, or none.
func withOptional<Result>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
    guard let values else { return body(nil) }
    return values.withUnsafeBufferPointer { body($0.baseAddress) }
}
