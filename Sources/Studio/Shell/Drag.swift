/// What the mouse holds while its button is down.
enum Drag: Sendable {
    /// Borders between panes, and how large the panes were before.
    case borders([HeldBorder], before: PaneSizes)
    /// The scrollbar of a pane.
    case scrollbar(Pane)
    /// That of what lies on top.
    case topScrollbar
    /// The cursor of the curves.
    case chart
}

/// A border the mouse holds.
struct HeldBorder: Hashable, Sendable {
    var border: PaneBorder
    /// How far behind it the mouse took hold of it.
    var offset: Int
}
