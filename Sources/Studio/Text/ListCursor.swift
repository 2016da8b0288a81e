import Cells
import CheckedNumbers

/// The selected row of a list and the first one shown.
package struct ListCursor: Hashable, Sendable {
    package var index = 0
    package var top = 0

    package init() {}

    /// Keeps the selection inside `count` rows and in view on a page of `page` rows.
    mutating func clamp(count: Int, page: Int) {
        let page = max(1, page)
        index = min(max(0, index), max(0, count - 1))
        if index < top { top = index }
        if index >= top + page { top = index - page + 1 }
        top = min(max(0, top), max(0, count - page))
    }

    /// Selects the first or the last row, as Home and End do where they have no text to move in.
    /// - Returns: whether the key is one of them.
    mutating func jump(_ key: Key, count: Int, in field: TextField) -> Bool {
        guard field.isEmpty, key.modifiers.isEmpty, key.code == .home || key.code == .end else { return false }
        index = key.code == .home ? 0 : max(0, count - 1)
        return true
    }

    /// Selects the row at a share of all, as dragging a scrollbar does.
    /// - Returns: whether there are more rows than fit.
    mutating func move(to share: Double, count: Int, page: Int) -> Bool {
        guard count > page else { return false }
        index = Int(nearestWithin: share * Double(count - 1))
        clamp(count: count, page: page)
        return true
    }
}
