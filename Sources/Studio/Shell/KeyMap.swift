import Cells

/// The key table with the user's own keys put in: what a key does in a context.
package struct KeyMap: Sendable {
    package private(set) var bindings: [KeyBinding]
    /// What is wrong with the user's keys, one line each.
    package private(set) var messages: [String] = []
    private var actions: [KeyContext: [Key: StudioAction]] = [:]
    private var indices: [StudioAction: Int] = [:]

    package init(overrides: [String: [String]] = [:]) {
        bindings = KeyTable.bindings
        for (index, binding) in bindings.enumerated() { indices[binding.action] = index }
        for (id, names) in overrides.sorted(by: { $0.key < $1.key }) { override(id, names) }
        let overridden = Set(overrides.keys)
        // The user's keys first: a default key that the user gave away is taken from its old action.
        for binding in bindings where overridden.contains(binding.action.id) { register(binding, isOverride: true) }
        for binding in bindings where !overridden.contains(binding.action.id) { register(binding, isOverride: false) }
    }

    private mutating func override(_ id: String, _ names: [String]) {
        guard let action = KeyTable.action(id: id), let index = indices[action] else {
            messages.append("key.\(id): there is no such action")
            return
        }
        var keys: [Key] = []
        for name in names {
            if let key = Key(name: name) { keys.append(key) } else { messages.append("key.\(id): there is no key “\(name)”") }
        }
        if !keys.isEmpty || names.isEmpty { bindings[index].keys = keys }
    }

    private mutating func register(_ binding: KeyBinding, isOverride: Bool) {
        for context in binding.contexts {
            for key in binding.keys {
                guard let taken = actions[context]?[key] else {
                    actions[context, default: [:]][key] = binding.action
                    continue
                }
                let keeps = isOverride ? "keeps" : "was given"
                messages.append(
                    "key \(key.name): \(taken.id) \(keeps) it, so \(binding.action.id) cannot have it (\(context.title))"
                )
                if let index = indices[binding.action], bindings[index].contexts.count == 1 {
                    bindings[index].keys.removeAll { $0 == key }
                }
            }
        }
    }

    /// What `key` does in exactly this context.
    package func action(for key: Key, in context: KeyContext) -> StudioAction? { actions[context]?[key] }

    /// The table's row for an action.
    package func binding(for action: StudioAction) -> KeyBinding? { indices[action].map { bindings[$0] } }

    /// Rows that work in a context, most important first.
    package func bindings(in context: KeyContext) -> [KeyBinding] {
        bindings.enumerated().filter { $0.element.contexts.contains(context) }
            .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }
}
