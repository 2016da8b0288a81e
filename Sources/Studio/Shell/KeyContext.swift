/// Where a key means something: in a pane of the home screen, everywhere on the home screen, or in what lies over it. Each is
/// declared beside the first keys that work there, and stands in the list `KeyTable.contexts`.
package struct KeyContext: Hashable, Sendable {
    /// As help and messages about keys say it: `In a list`.
    package let title: String
    /// Whether it belongs to the home screen, whose actions the palette can run.
    package let isHome: Bool

    init(_ title: String, isHome: Bool = false) {
        self.title = title
        self.isHome = isHome
    }
}
