import Cells

/// The bar at the bottom: the keys that matter where the user is, in order of importance, as many as fit.
package enum HintBar {
    /// One hint and where it stands.
    package struct Hint: Hashable, Sendable {
        package var action: StudioAction
        package var key: String
        package var text: String
        package var isEnabled: Bool
        package var x: Int
        package var width: Int
    }

    /// The hints that fit, and whether some did not.
    package static func hints(_ state: AppState) -> (hints: [Hint], isCut: Bool) {
        let room = state.layout.hints
        var placed: [Hint] = []
        var x = room.x + 1
        var isCut = false
        for binding in wanted(state) {
            guard let key = binding.keys.first else { continue }
            let width = TextWidth.of(key.label) + 1 + TextWidth.of(binding.hint)
            // Room for the ellipsis is kept.
            guard x + width + 2 <= room.maxX else {
                isCut = true
                break
            }
            placed.append(
                Hint(
                    action: binding.action, key: key.label, text: binding.hint, isEnabled: binding.refusal(state) == nil, x: x,
                    width: width))
            x += width + 2
        }
        return (placed, isCut)
    }

    private static func wanted(_ state: AppState) -> [KeyBinding] {
        var seen: Set<StudioAction> = []
        let all = state.contexts.flatMap { state.keyMap.bindings(in: $0) }
            .filter { !$0.hint.isEmpty && seen.insert($0.action).inserted }
        let order = all.enumerated().sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
        return order.map(\.element).filter { binding in
            // What cannot be done now makes room for what can.
            binding.refusal(state) == nil && (binding.action != .back || canGoBack(state))
        }
    }

    private static func canGoBack(_ state: AppState) -> Bool {
        !state.popups.isEmpty || state.isZoomed || state.focusedFilter.isActive || !state.experiments.marks.isEmpty
    }

    /// The hint at a cell.
    package static func hint(_ state: AppState, atX x: Int, y: Int) -> Hint? {
        guard state.layout.hints.contains(x: x, y: y) else { return nil }
        return hints(state).hints.first { x >= $0.x && x < $0.x + $0.width }
    }
}
