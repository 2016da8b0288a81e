import Cells

extension AppState {
    mutating func reduceInput(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(let key): return press(key)
        case .paste(let text):
            paste(text)
            return pathEffects()
        case .mouse(let mouse): return settings.mouse ? reduceMouse(mouse) : []
        case .resized(let newSize):
            guard newSize != size else { return [] }
            size = newSize
            needsRedraw = true
            return []
        case .focusGained, .focusLost: return []
        }
    }

    /// A key: to the text being edited if it means something there, else to the key table.
    private mutating func press(_ key: Key) -> [Effect] {
        let everywhere = keyMap.action(for: key, in: .global)
        if key.modifiers.contains(.control), everywhere == .quit || everywhere == .suspend, let everywhere {
            return perform(everywhere)
        }
        // A character that is typed is text wherever text is being typed; other keys are commands first.
        let isCommand = contexts == [.columns] && keyMap.action(for: key, in: .columns) != nil
        if !isCommand, case .character = key.code, key.modifiers.isEmpty, let effects = typeInto(key) { return effects }
        for context in contexts {
            guard let action = keyMap.action(for: key, in: context) else { continue }
            return perform(action)
        }
        if let effects = typeInto(key) { return effects }
        if let effects = answer(key) { return effects }
        if case .character(let digit) = key.code, key.modifiers.isEmpty { turnPage(to: RunTab(digit: digit)) }
        return []
    }

    /// Gives the key to the text field that has the cursor; nil if there is none, or the key means nothing to it.
    private mutating func typeInto(_ key: Key) -> [Effect]? {
        guard let index = popups.indices.last else {
            guard focusedFilter.isEditing else { return nil }
            var filter = focusedFilter
            guard filter.field.handle(key) else { return nil }
            experiments.completions = []
            setFilter(filter)
            return []
        }
        switch popups[index] {
        case .menu(var menu):
            guard menu.search.handle(key) else { return nil }
            menu.cursor = ListCursor()
            popups[index] = .menu(menu)
            needsRedraw = true
            return previewTheme()
        case .path(var prompt):
            guard prompt.field.handle(key) else { return nil }
            popups[index] = .path(prompt)
        case .steer(var prompt):
            guard prompt.field.handle(key) else { return nil }
            prompt.message = problem(in: prompt)
            popups[index] = .steer(prompt)
        case .line(var prompt):
            guard prompt.field.handle(key) else { return nil }
            prompt.message = nil
            prompt.completions = []
            popups[index] = .line(prompt)
        case .columns(var chooser):
            guard chooser.search.handle(key) else { return nil }
            chooser.cursor = ListCursor()
            popups[index] = .columns(chooser)
        case .form(let form):
            guard typeIntoForm(form, key) else { return nil }
        case .page, .question: return nil
        }
        needsRedraw = true
        return pathEffects()
    }

    private mutating func paste(_ text: String) {
        guard let index = popups.indices.last else {
            // On the home screen a paste is nothing: it must not run forty commands.
            guard focusedFilter.isEditing else { return }
            var filter = focusedFilter
            filter.field.insert(text)
            setFilter(filter)
            return
        }
        switch popups[index] {
        case .menu(var menu):
            menu.search.insert(text)
            popups[index] = .menu(menu)
        case .path(var prompt):
            prompt.field.insert(text)
            popups[index] = .path(prompt)
        case .steer(var prompt):
            prompt.field.insert(text)
            prompt.message = problem(in: prompt)
            popups[index] = .steer(prompt)
        case .line(var prompt):
            prompt.field.insert(text)
            prompt.message = nil
            popups[index] = .line(prompt)
        case .columns(var chooser):
            chooser.search.insert(text)
            popups[index] = .columns(chooser)
        case .form(var form):
            guard form.fields.indices.contains(form.cursor.index) else { return }
            form.fields[form.cursor.index].input.insert(text)
            form.message = nil
            popups[index] = .form(form)
            formChanged()
        case .page, .question: return
        }
        needsRedraw = true
    }

    /// Stores an edited filter and has its list derived again.
    mutating func setFilter(_ filter: ListFilter) {
        focusedFilter = filter
        if focus == .experiments || focus == .curves { experiments.isFilterStale = true }
        needsRedraw = true
    }

    /// A letter that stands for one of a question's answers.
    private mutating func answer(_ key: Key) -> [Effect]? {
        guard case .question(let question) = popups.last, case .character(let character) = key.code, key.modifiers.isEmpty,
            let answer = question.answers.first(where: { $0.key == character })
        else { return nil }
        return take(answer.outcome)
    }
}
