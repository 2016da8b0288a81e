/// The filter line of a list: what is typed, and what last matched something.
package struct ListFilter: Hashable, Sendable {
    package var field = TextField()
    /// The text the list is filtered by: the newest that matched something.
    package var applied = ""
    /// What the filter was before editing began, for Esc.
    package var before = ""
    package var isEditing = false

    package init() {}

    /// Whether what is typed matches nothing, or cannot be read, so that the list shows what an older filter let through.
    package var isBehind: Bool { field.text != applied }
    package var isActive: Bool { isEditing || !applied.isEmpty || !field.isEmpty }

    mutating func begin() {
        before = applied
        isEditing = true
    }

    /// Ends editing: with what is typed, or back to what it was. A text that lets nothing through is not kept, nor is the
    /// beginning of it that did.
    mutating func end(keeping keeps: Bool) {
        if !keeps || isBehind { applied = before }
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
