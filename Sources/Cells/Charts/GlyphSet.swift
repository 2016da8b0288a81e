/// Which characters charts are drawn with.
public enum GlyphSet: String, CaseIterable, Hashable, Sendable {
    case braille, block, ascii
}
