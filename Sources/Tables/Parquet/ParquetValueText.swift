/// The exact text of stored values.
struct ParquetValueText {
    /// nil = text, or bytes that may be.
    private let stored: StoredText?
    /// Decimals in byte arrays have their highest byte first.
    private let isReversed: Bool

    init(_ leaf: ParquetLeaf) {
        stored = StoredText(leaf)
        isReversed = leaf.physicalType >= 6 && leaf.element.meaning == .decimal
    }

    func value(_ bytes: ArraySlice<UInt8>) -> SourceValue {
        if let stored {
            // More than 76 digits are no decimal, and long ones take long to divide.
            if !isReversed { return stored.value(bytes) }
            if bytes.count <= 32 { return stored.value(Array(bytes.reversed())) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return .bytes(Array(bytes)) }
        return .text(text)
    }
}

extension StoredText {
    /// How a column's values are written; nil for texts.
    init?(_ leaf: ParquetLeaf) {
        switch (leaf.physicalType, leaf.element.meaning) {
        case (0, _): self = .truth
        case (1...2, .date): self = .day
        case (1...2, .timestamp(let perSecond, let isUTC)): self = .moment(digits: Self.digits(perSecond), isUTC: isUTC)
        case (1...2, .time(let perSecond)): self = .clock(digits: Self.digits(perSecond))
        case (_, .decimal): self = .decimal(scale: leaf.element.scale)
        case (1...2, .integer(isSigned: false)): self = .unsigned
        case (1...2, _): self = .signed
        case (3, _): self = .int96
        case (4, _): self = .float
        case (5, _): self = .double
        case (7, .half): self = .half
        case (7, .uuid): self = .uuid
        default: return nil
        }
    }
}
