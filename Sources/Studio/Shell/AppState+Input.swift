import Cells

extension AppState {
    mutating func reduceInput(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(let key): return press(key)
        case .paste(let text):
            return paste(text)
        case .mouse(let mouse): return settings.mouse ? reduceMouse(mouse) : []
        case .resized(let newSize):
            guard newSize != size else { return [] }
            size = newSize
            needsRedraw = true
            return []
        // The user may come back from an editor.
        case .focusGained: return lookAtShownData()
        case .focusLost: return []
        case .showsPictures:
            (showsPictures, needsRedraw) = (true, true)
            return []
        // What they mean together, the screen's owner finds out.
        case .hasSixels, .cellMeasured: return []
        }
    }

    /// A key: to the text being edited if it means something there, else to the key table.
    private mutating func press(_ key: Key) -> [Effect] {
        let everywhere = keyMap.action(for: key, in: .global)
        if key.modifiers.contains(.control), everywhere == .quit || everywhere == .suspend, let everywhere {
            return perform(everywhere)
        }
        // A character that is typed is text wherever text is being typed; other keys are commands first.
        let isCommand = (top?.takesCommandsFirst ?? false) && contexts.contains { keyMap.action(for: key, in: $0) != nil }
        if !isCommand, case .character = key.code, key.modifiers.isEmpty, let effects = typeInto(key) { return effects }
        for context in contexts {
            guard let action = keyMap.action(for: key, in: context) else { continue }
            return perform(action)
        }
        if let effects = typeInto(key) { return effects }
        guard case .character(let character) = key.code, key.modifiers.isEmpty else { return [] }
        if let effects = top?.press(character, &self) { return effects }
        // News need no answer: whoever goes on typing has read them, and means what lies under them.
        guard (top as? Question)?.isNews ?? false else { return [] }
        popups.removeLast()
        needsRedraw = true
        return press(key)
    }

    /// Gives the key to the text field that has the cursor; nil if there is none, or the key means nothing to it.
    private mutating func typeInto(_ key: Key) -> [Effect]? {
        guard let top else {
            guard focusedFilter.isEditing else { return nil }
            var filter = focusedFilter
            // Nothing is left to take away but the filter.
            if key == Key(.backspace), filter.field.isEmpty { return perform(.back) }
            guard filter.field.handle(key) else { return nil }
            experiments.completions = []
            setFilter(filter)
            return []
        }
        guard changeTop({ layer, state in layer.type(key, state) }) == true else { return nil }
        needsRedraw = true
        return (self.top ?? top).didType(&self)
    }

    private mutating func paste(_ text: String) -> [Effect] {
        guard top != nil else {
            // On the home screen a paste is nothing: it must not run forty commands.
            guard focusedFilter.isEditing else { return [] }
            var filter = focusedFilter
            filter.field.insert(text)
            setFilter(filter)
            return []
        }
        changeTop { layer, state in layer.paste(text, state) }
        needsRedraw = true
        return top?.didType(&self) ?? []
    }

    /// Stores an edited filter and has its list derived again.
    mutating func setFilter(_ filter: ListFilter) {
        focusedFilter = filter
        if focus == .experiments || focus == .curves { experiments.isFilterStale = true }
        needsRedraw = true
    }
}
