import Cells

/// A short message over the bottom of the screen.
package struct Toast: Hashable, Sendable {
    package var text: String
    package var role: ColorRole
    /// When it goes away, in seconds since 1970.
    package var until: Double
}
