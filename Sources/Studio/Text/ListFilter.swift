/// The filter line of a list: what is typed, and what last matched something.
package struct ListFilter: Hashable, Sendable {
    package var field = TextField()
    /// The text the list is filtered by: the newest that matched something.
    package var applied = ""
    /// What the filter was before editing began, for Esc.
    package var before = ""
    package var isEditing = false

    package init() {}

    /// Whether what is typed matches nothing, so that the list still shows an older view.
    package var matchesNothing: Bool { field.text != applied }
    package var isActive: Bool { isEditing || !applied.isEmpty || !field.isEmpty }

    mutating func begin() {
        before = applied
        isEditing = true
    }

    /// Back to what it was; `keeps` ends editing with what is applied.
    mutating func end(keeping keeps: Bool) {
        if !keeps { applied = before }
        field.text = applied
        isEditing = false
    }

    mutating func clear() { self = ListFilter() }
}

extension ListFilter {
    /// Indices of the entries the filter lets through; a text that matches nothing leaves the older one in force.
    mutating func matching(_ count: Int, _ accepts: (Int, String) -> Bool) -> [Int] {
        let typed = field.text
        if typed != applied, typed.isEmpty || (0..<count).contains(where: { accepts($0, typed) }) { applied = typed }
        let pattern = applied
        return pattern.isEmpty ? Array(0..<count) : (0..<count).filter { accepts($0, pattern) }
    }
}
