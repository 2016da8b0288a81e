import Events

// Taking over one field of another run.
extension AppState {
    /// Why nothing can be copied into the focused field; nil when something can.
    var copyRefusal: String? {
        guard let field = (popups.last as? NewRunForm)?.focused else { return "this is a heading" }
        let has = { (entry: RunLibrary.Entry) in
            !entry.summary.isDeleted && !field.name.text(of: entry.summary.record).isEmpty
        }
        return runs.entries.values.contains(where: has) ? nil : "no run has anything to copy here"
    }

    /// What other runs have in a field, newest first.
    private func copies(of field: FormField) -> [RunFieldCopy] {
        let entries = runs.entries.values
        let newest = entries.indices.filter { !entries[$0].summary.isDeleted }
            .sorted { entries[$0].summary.record.createdAt > entries[$1].summary.record.createdAt }
        return newest.compactMap { place -> RunFieldCopy? in
            let record = entries[place].summary.record
            let value = field.name.text(of: record)
            return value.isEmpty ? nil : RunFieldCopy(run: record.name, value: value)
        }
    }

    mutating func openCopy(_ form: NewRunForm) -> [Effect] {
        guard let field = form.focused else { return [] }
        open(Menu(.copies(of: field.label, copies(of: field))))
        return []
    }

    /// Puts what was chosen into the focused field of the form.
    mutating func copyIntoForm(_ value: String) -> [Effect] {
        changeTop(NewRunForm.self) { form, state in
            guard let name = form.focused?.name else { return }
            form[name] = value
            (form.replaces, form.message) = (false, nil)
            form.changed(state)
        }
        needsRedraw = true
        return top?.didType(&self) ?? []
    }
}

/// What a run has in a field of the form.
package struct RunFieldCopy: Hashable, Sendable {
    package let run: String
    package let value: String
}
