import CNcurses
import Cells

/// A style as the terminal shows it.
struct CellLook: Equatable {
    var attributes: attr_t
    /// nil is the terminal's own.
    var foreground: UInt8?
    var background: UInt8?
    /// The background's colour, where nothing is seen of a blank but that; nil where attributes show on it.
    var blank: UInt8??

    static func attributes(_ attributes: Style.Attributes) -> attr_t {
        var result: attr_t = 0
        if attributes.contains(.bold) { result |= cx_bold() }
        if attributes.contains(.dim) { result |= cx_dim() }
        if attributes.contains(.underline) { result |= cx_underline() }
        if attributes.contains(.reverse) { result |= cx_reverse() }
        if attributes.contains(.italic) { result |= cx_italic() }
        return result
    }
}

/// Curses numbers pairs of colours; these are given numbers as they are first used, and never another's.
struct ColorPairs {
    private var pairs: [Int32: Int32] = [:]
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The number of a pair of colours; 0, the terminal's own, when there are no more.
    mutating func pair(_ foreground: UInt8?, _ background: UInt8?) -> Int32 {
        guard foreground != nil || background != nil else { return 0 }
        let front = foreground.map(Int32.init) ?? -1, back = background.map(Int32.init) ?? -1
        let key = (front + 1) << 16 | (back + 1)
        if let known = pairs[key] { return known }
        let number = Int32(pairs.count + 1)
        guard Int(number) < limit, init_extended_pair(number, front, back) == OK else { return 0 }
        pairs[key] = number
        return number
    }
}
