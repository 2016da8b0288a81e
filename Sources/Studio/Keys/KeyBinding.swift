import Cells

/// Where a key means something: in a pane of the home screen, everywhere on the home screen, or in what lies over it.
package enum KeyContext: String, Sendable, CaseIterable {
    case global, datasets, experiments, curves, alerts
    case menu, form, prompt, steer, line, columns, filter, compare, detail, confirm

    package var title: String {
        switch self {
        case .global: "Everywhere"
        case .datasets: "Datasets"
        case .experiments: "Experiments"
        case .curves: "Curves"
        case .alerts: "Alerts"
        case .menu: "In a list"
        case .form: "In a form"
        case .prompt: "At a prompt"
        case .steer: "While steering"
        case .line: "At a line"
        case .columns: "Choosing columns"
        case .filter: "While filtering"
        case .compare: "Comparing runs"
        case .detail: "In a detail page"
        case .confirm: "At a question"
        }
    }

    /// Contexts of the home screen, whose actions the palette can run.
    package var isHome: Bool {
        switch self {
        case .global, .datasets, .experiments, .curves, .alerts: true
        default: false
        }
    }
}

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
