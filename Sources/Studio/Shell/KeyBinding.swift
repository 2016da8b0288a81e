import Cells

/// One row of the key table: an action, its keys, where they work, and how hints, help and palette speak of it.
package struct KeyBinding: Sendable {
    package var action: StudioAction
    /// The first is the one that hints show.
    package var keys: [Key]
    package var contexts: [KeyContext]
    /// One or two words for the hint bar; empty keeps it out. Ends with "…" when it opens a menu or a form.
    package var hint: String
    /// One sentence for help and palette.
    package var help: String
    /// Hints come in this order, smallest first.
    package var priority: Int
    /// Why the action cannot be done now; nil when it can.
    package var refusal: @Sendable (AppState) -> String?
    /// Does it; only called when it can be done.
    var perform: @Sendable (inout AppState) -> [Effect] = { _ in [] }

    init(
        _ action: StudioAction, _ keys: String, _ contexts: [KeyContext], hint: String = "", priority: Int = 50, _ help: String,
        unless refusal: @escaping @Sendable (AppState) -> String? = { _ in nil }
    ) {
        self.action = action
        self.keys = keys.split(separator: " ").compactMap { Key(name: String($0)) }
        self.contexts = contexts
        self.hint = hint
        self.help = help
        self.priority = priority
        self.refusal = refusal
    }

    /// The keys as help shows them: `j down`.
    package var keyText: String { keys.map(\.label).joined(separator: " ") }
}

extension Key {
    /// As hints and help show the key: arrows as arrows, the rest by its name.
    package var label: String {
        guard modifiers.isEmpty else { return name }
        switch code {
        case .up: return "↑"
        case .down: return "↓"
        case .left: return "←"
        case .right: return "→"
        default: return name
        }
    }
}
