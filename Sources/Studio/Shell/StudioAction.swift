/// Something a key, a click or the palette can do, by the id that the settings file uses: `run.stop`. Each is declared beside its row
/// of the key table.
package struct StudioAction: Hashable, Sendable {
    /// A part of the studio, a dot, and what is done.
    package let id: String

    init(_ id: String) { self.id = id }
}
