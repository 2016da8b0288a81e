extension Decoder {
    /// Holds what was decoded to what fits together. A file is input: its lengths and indices are checked against each other
    /// before anything is computed with them.
    ///
    /// - Throws: `DecodingError.dataCorrupted`, whose description is the fault, when it does not hold.
    package func check(_ holds: Bool, _ fault: @autoclosure () -> String) throws {
        guard !holds else { return }
        throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: fault()))
    }
}

extension Int {
    /// The product of two numbers from a file; nil when it is more than this type holds or a number is negative.
    package static func size(_ first: Int, times second: Int) -> Int? {
        let (product, overflows) = first.multipliedReportingOverflow(by: second)
        return overflows || first < 0 || second < 0 ? nil : product
    }
}
