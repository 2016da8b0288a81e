import Cells

/// The bar at the bottom: the keys that matter where the user is, in order of importance, as many as fit.
package enum HintBar {
    /// One hint and where it stands.
    package struct Hint: Hashable, Sendable {
        package var action: StudioAction
        package var key: String
        package var text: String
        package var x: Int
        package var width: Int

        init(action: StudioAction, key: String, text: String, x: Int, width: Int) {
            self.action = action
            self.key = key
            self.text = text
            self.x = x
            self.width = width
        }

        init(moved hint: Hint, to x: Int) {
            self = hint
            self.x = x
        }
    }

    /// The hints that fit, and where to say that some did not.
    package static func hints(_ state: AppState) -> (hints: [Hint], cutAt: Int?) {
        let room = state.layout.hints
        var rest = wanted(state)
        var placed: [Hint] = []
        // Where one always finds further stands at the right end, and stays there.
        var end = room.maxX - 1
        if room.width >= 60 {
            for action in [StudioAction.quit, .closeScreen, .help, .palette] {
                guard let index = rest.firstIndex(where: { $0.action == action }) else { continue }
                let binding = rest.remove(at: index)
                guard let hint = place(binding, x: 0) else { continue }
                end -= hint.width
                placed.append(Hint(moved: hint, to: end))
                end -= 2
            }
        }
        var x = room.x + 1
        var isCut = false
        for binding in rest {
            guard let hint = place(binding, x: x) else { continue }
            // Room for the ellipsis is kept.
            guard x + hint.width + 2 <= end else {
                isCut = true
                break
            }
            placed.append(hint)
            x += hint.width + 2
        }
        return (placed.sorted { $0.x < $1.x }, isCut ? x : nil)
    }

    private static func place(_ binding: KeyBinding, x: Int) -> Hint? {
        guard let key = binding.keys.first else { return nil }
        return Hint(
            action: binding.action, key: key.label, text: binding.hint, x: x,
            width: TextWidth.of(key.label) + 1 + TextWidth.of(binding.hint))
    }

    private static func wanted(_ state: AppState) -> [KeyBinding] {
        var seen: Set<StudioAction> = []
        let all = state.contexts.flatMap { state.keyMap.bindings(in: $0) }
            .filter { !$0.hint.isEmpty && seen.insert($0.action).inserted }
        // On a screen, and on a data set's page, what works everywhere comes after what works there.
        let isPage = !state.screens.isEmpty || state.isZoomed && state.focus == .datasets
        let rank = { (binding: KeyBinding) in isPage && binding.contexts.contains(.global) ? 1 : 0 }
        let order = all.enumerated().sorted {
            (rank($0.element), $0.element.priority, $0.offset) < (rank($1.element), $1.element.priority, $1.offset)
        }
        return order.map(\.element).filter { binding in
            // What cannot be done now makes room for what can; a key that means something else here is not this action's.
            binding.refusal(state) == nil && (binding.action != .back || canGoBack(state))
                && binding.keys.first.map { meaning(of: $0, state) == binding.action } ?? false
        }
    }

    private static func meaning(of key: Key, _ state: AppState) -> StudioAction? {
        state.contexts.lazy.compactMap { state.keyMap.action(for: key, in: $0) }.first
    }

    private static func canGoBack(_ state: AppState) -> Bool {
        state.top != nil || state.isZoomed || state.focusedFilter.isActive || !state.experiments.marks.isEmpty
    }

    /// The hint at a cell.
    package static func hint(_ state: AppState, atX x: Int, y: Int) -> Hint? {
        guard state.layout.hints.contains(x: x, y: y) else { return nil }
        // What lies over the hints is what was clicked.
        if let top = state.top, !top.isFramed, top.place(on: state.size).contains(x: x, y: y) { return nil }
        return hints(state).hints.first { x >= $0.x && x < $0.x + $0.width }
    }
}
