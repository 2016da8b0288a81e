import Cells

/// A screen's document in its place.
struct PlacedDocument {
    var layout: DocumentLayout
    /// The lines that stay.
    var head: Rect
    /// The lines that scroll, from line `top` on.
    var rows: Rect
    var top: Int
    /// The name or row under the cursor, if it is in view.
    var stop: DocumentStop?
}
