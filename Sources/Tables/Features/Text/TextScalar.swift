/// What one character (a Unicode scalar) is to the reading of texts.
package struct TextScalar: Sendable, Hashable {
    package enum Kind: UInt8, Sendable { case other, word, blank, ideograph, symbol }

    /// How it is read where it does not belong to a symbol before it.
    package let kind: Kind
    /// Whether it belongs to the symbol that it follows: a joiner, a look (text or picture), a colour of skin, the end of a key, or a tag.
    package let changesSymbols: Bool
    /// Whether it joins the symbol before it and the next.
    package let isJoiner: Bool
    /// Whether it is half of a flag.
    package let isFlag: Bool
    package let isCapital: Bool
    package let isDigit: Bool
    package let isCurrency: Bool

    /// - Parameter readsSymbols: whether emoji and other symbols are words.
    package init(_ scalar: Unicode.Scalar, readsSymbols: Bool) {
        let value = scalar.value, properties = scalar.properties
        isFlag = readsSymbols && (0x1f1e6...0x1f1ff).contains(value)
        isJoiner = readsSymbols && value == 0x200d
        changesSymbols =
            readsSymbols
            && (isJoiner || (0xfe00...0xfe0f).contains(value) || properties.isEmojiModifier || value == 0x20e3
                || (0xe0020...0xe007f).contains(value))
        let isBlank = properties.isWhitespace || (28...31).contains(value)
        let category = properties.generalCategory
        guard !isBlank, !(readsSymbols && (category == .otherSymbol || properties.isEmojiPresentation)) else {
            kind = isBlank ? .blank : .symbol
            (isCapital, isDigit, isCurrency) = (false, false, false)
            return
        }
        let isNumber = properties.numericType != nil
        kind =
            properties.isIdeographic || (0x3040...0x30ff).contains(value)
            ? .ideograph : isNumber || properties.isAlphabetic || value == 95 ? .word : .other
        isCapital = properties.isUppercase
        isDigit = isNumber && kind == .word
        isCurrency = category == .currencySymbol
    }

    /// What stands for a character in lower case; a few have two there.
    package static func lowercase(_ scalar: Unicode.Scalar, _ read: TextScalar) -> String.UnicodeScalarView {
        read.isCapital ? scalar.properties.lowercaseMapping.unicodeScalars : String.UnicodeScalarView([scalar])
    }
}
