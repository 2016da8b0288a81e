import Cells
import Events

// Which rows the form has, which of them are folded away, and going from one to another.
extension NewRunForm {
    /// What the cursor can stand on.
    package enum Item: Hashable, Sendable {
        case field(Int)
        case heading(FormGroup)
    }

    /// A row as it is drawn.
    enum Line: Hashable {
        case item(Int)
        case title(String)
        case gap
    }

    /// Names of the algorithm's settings that are always in view.
    private var openSettings: [String] {
        let own = (algorithm?.hyperparameters ?? []).filter { !$0.isJobSetting }.map(\.name)
        let wanted = algorithm?.essentials ?? []
        let essentials = wanted.isEmpty ? Array(own.prefix(Self.essentialCount)) : wanted
        let lifted = fields.compactMap { field in
            if case .hyperparameter(let name) = field.name, self.lifted.contains(field.name) || field.isRange {
                name
            } else {
                nil
            }
        }
        let open = undeclared + essentials
        return open + lifted.filter { !open.contains($0) }
    }

    /// Settings in view of an algorithm that does not say which matter most.
    private static let essentialCount = 6

    /// Places of a group's fields, without those that are always in view.
    package func fields(of group: FormGroup) -> [Int] {
        let open = Set(openSettings)
        return fields.indices.filter { index in
            if !isOfUse(fields[index]) { return false }
            if case .hyperparameter(let name) = fields[index].name, open.contains(name) { return false }
            return self.group(of: fields[index]) == group
        }
    }

    /// Whether the algorithm has a use for a field: a script reads its data itself, and no learner runs a program.
    func isOfUse(_ field: FormField) -> Bool {
        let isScript = algorithm?.takesAnySetting ?? false
        switch field.name {
        case .settings: return isScript
        case .option(let name):
            switch field.jobOption?.topic {
            case .script: return isScript
            case .debugging: return true
            case .cluster: return !isScript
            case .columns, .validation, nil: return !isScript || JobOption.ofSplits.contains(name)
            }
        case .tuning: return isSearch
        default: return true
        }
    }

    /// The group that a field is in now: what trials are compared by belongs to the search.
    func group(of field: FormField) -> FormGroup? {
        isSearch && field.name == .hyperparameter("objective_metric") ? .search : FormGroup(of: field)
    }

    /// What is always in view: data, target and algorithm, or a script and its settings.
    private var basics: [FormField.Name] {
        let all: [FormField.Name] = [
            .dataset, .target, .algorithm, .option("script"), .option("command"), .settings, .option("metric"),
            .option("describe"),
        ]
        return all.filter { name in place(of: name).map { isOfUse(fields[$0]) } ?? false }
    }

    /// Derives the rows from the fields and from what is folded.
    /// - Parameter name: the field that the cursor stands on, if the fields are other ones by now.
    mutating func relist(standingOn name: FormField.Name? = nil) {
        let standing = items.indices.contains(cursor.index) ? items[cursor.index] : nil
        let standingName = name ?? focused?.name
        items = basics.compactMap { place(of: $0).map { .field($0) } }
        basicCount = items.count
        items += openSettings.compactMap { place(of: .hyperparameter($0)).map { .field($0) } }
        openCount = items.count
        for group in FormGroup.allCases {
            let own = fields(of: group)
            guard !own.isEmpty else { continue }
            items.append(.heading(group))
            if unfolded.contains(group) { items += own.map { .field($0) } }
        }
        // The cursor stays on its field, or its heading.
        if let name = standingName, let index = place(of: name), let item = items.firstIndex(of: .field(index)) {
            cursor.index = item
        } else if let standing, case .heading = standing, let item = items.firstIndex(of: standing) {
            cursor.index = item
        }
        cursor.index = min(cursor.index, max(0, items.count - 1))
    }

    func place(of name: FormField.Name) -> Int? { fields.firstIndex { $0.name == name } }

    /// The rows for a page of so many: with room to breathe if all fit.
    func lines(height: Int) -> [Line] {
        let hasSettings = openCount > basicCount
        let isRoomy = items.count + (hasSettings ? 1 : 0) + 2 <= height
        var lines: [Line] = []
        for index in items.indices {
            if index == basicCount, hasSettings { lines += (isRoomy ? [.gap] : []) + [.title(self[.algorithm])] }
            if index == openCount, isRoomy { lines.append(.gap) }
            lines.append(.item(index))
        }
        return lines
    }

    /// The place in `fields` of what the cursor stands on; nil on a heading.
    package var focusedIndex: Int? {
        guard items.indices.contains(cursor.index), case .field(let index) = items[cursor.index],
            fields.indices.contains(index)
        else { return nil }
        return index
    }

    package var focused: FormField? { focusedIndex.map { fields[$0] } }

    /// The heading that the cursor stands on.
    package var focusedGroup: FormGroup? {
        guard items.indices.contains(cursor.index), case .heading(let group) = items[cursor.index] else { return nil }
        return group
    }

    /// Puts the cursor on a row. The first key typed into a field of choices replaces what stands there.
    mutating func go(to item: Int) {
        guard items.indices.contains(item) else { return }
        cursor.index = item
        paths = []
        replaces = focused?.isPicked ?? false
    }

    mutating func move(_ direction: Int) {
        settle()
        go(to: (cursor.index + direction + items.count) % max(1, items.count))
    }

    /// To the next heading, or the first one after the last.
    mutating func moveToHeading(_ direction: Int) {
        settle()
        let headings = items.indices.filter { if case .heading = items[$0] { true } else { false } }
        let next = direction > 0 ? headings.first { $0 > cursor.index } : headings.last { $0 < cursor.index }
        if let next { go(to: next) } else { go(to: direction > 0 ? items.count - 1 : 0) }
    }

    /// Shows a group's fields, or folds them away.
    mutating func fold(_ group: FormGroup, _ folds: Bool) {
        if folds { unfolded.remove(group) } else { unfolded.insert(group) }
        relist()
        guard let heading = items.firstIndex(of: .heading(group)) else { return }
        cursor.index = heading
        bottom = folds ? nil : heading + fields(of: group).count
    }

    /// Puts the cursor on a field, wherever it is folded away.
    mutating func reveal(_ index: Int) {
        guard fields.indices.contains(index) else { return }
        if !items.contains(.field(index)), let group = group(of: fields[index]) { fold(group, false) }
        bottom = nil
        if let item = items.firstIndex(of: .field(index)) { go(to: item) }
    }

    /// Takes a choice whose beginning was typed, if no other begins so.
    mutating func settle() {
        guard let index = focusedIndex, fields[index].problem != nil, let completion = fields[index].plainCompletion else {
            return
        }
        fields[index].input.text = completion
    }

    /// Keeps the cursor, and as much as can be of what was just unfolded, on a page of so many rows.
    mutating func scroll(page: Int) {
        cursor.index = min(max(0, cursor.index), max(0, items.count - 1))
        let lines = lines(height: page), page = max(1, page)
        func line(_ item: Int) -> Int { lines.firstIndex(of: .item(item)) ?? 0 }
        // What was jumped to has its neighbours around it.
        let distance = line(cursor.index) - cursor.top
        if distance < -1 || distance > page { cursor.top = line(cursor.index) - page / 3 }
        if let bottom { cursor.top = max(cursor.top, line(min(bottom, items.count - 1)) - page + 1) }
        bottom = nil
        // A title is seen with the first row under it.
        var first = line(cursor.index)
        while first > 0, !isItem(lines[first - 1]) { first -= 1 }
        if cursor.index == 0 { first = 0 }
        cursor.top = min(cursor.top, first)
        cursor.top = max(cursor.top, line(cursor.index) - page + 1)
        cursor.top = min(max(0, cursor.top), max(0, lines.count - page))
    }

    private func isItem(_ line: Line) -> Bool { if case .item = line { true } else { false } }
}
