import Cells

/// Where one reads: how far the document is scrolled, and how it was last laid out.
package struct Reading: Sendable {
    /// What a layout depends on.
    struct Key: Hashable, Sendable {
        var size: Size
        /// Counts what may have changed a document.
        var revision: Int
    }

    package var top = 0
    /// The name or row under the cursor; nil until one goes to one.
    package var stop: DocumentStop? { didSet { if stop?.chart != oldValue?.chart { chartCursor = nil } } }
    /// Where the cursor stands in the chart under it; nil until it is moved.
    package var chartCursor: Double?
    var key: Key?
    var layout: DocumentLayout?

    package init() {}
}
