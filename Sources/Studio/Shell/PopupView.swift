import Cells
import Events

/// Draws one popup with its frame.
func drawPopup(_ popup: Popup, _ state: AppState, into buffer: inout CellBuffer) {
    let rect = StudioLayout.popup(popup, in: state.size)
    buffer.fill(rect, with: Cell(" ", Style(.text, on: .popup)))
    buffer.frame(rect, Style(.borderFocused, on: .popup))
    let interior = StudioLayout.interior(rect)
    switch popup {
    case .menu(let menu):
        drawTitle(menu.title, into: &buffer, in: rect)
        drawMenu(menu, state, into: &buffer, in: rect)
    case .form(let form):
        drawTitle("New run" + (form.origin.isEmpty ? "" : ": " + form.origin), into: &buffer, in: rect)
        drawForm(form, into: &buffer, in: rect)
    case .path(let prompt):
        drawTitle("Open data", into: &buffer, in: rect)
        drawPrompt(prompt, into: &buffer, in: interior)
    case .steer(let prompt):
        let deed = prompt.fork != nil ? "Fork" : prompt.goesOn ? "Go on with" : "Steer"
        drawTitle("\(deed) \(state.runs[prompt.run]?.record.name ?? prompt.run.text)", into: &buffer, in: rect)
        drawSteerPrompt(prompt, state, into: &buffer, in: interior)
    case .line(let prompt):
        drawTitle(lineTitle(prompt, state), into: &buffer, in: rect)
        drawLinePrompt(prompt, into: &buffer, in: interior)
    case .columns(let chooser):
        drawTitle("Columns", into: &buffer, in: rect)
        drawColumnChooser(chooser, into: &buffer, in: rect)
    case .page(let page):
        drawTitle(pageTitle(page, state), into: &buffer, in: rect)
        drawPage(page, state, into: &buffer, in: rect)
    case .question(let question):
        drawTitle(question.title, into: &buffer, in: rect)
        drawQuestion(question, into: &buffer, in: rect)
    }
}

/// Where the cursor stands in a popup's text field.
func popupCursor(_ popup: Popup, _ state: AppState) -> (x: Int, y: Int)? {
    let rect = StudioLayout.popup(popup, in: state.size)
    let interior = StudioLayout.interior(rect)
    switch popup {
    case .menu(let menu): return (interior.x + 3 + menu.search.window(width: max(1, interior.width - 4)).cursor, interior.y)
    case .path(let prompt): return (interior.x + 1 + prompt.field.window(width: max(1, interior.width - 2)).cursor, interior.y)
    case .steer(let prompt): return (interior.x + 1 + prompt.field.window(width: max(1, interior.width - 2)).cursor, interior.y)
    case .form(let form):
        let fields = StudioLayout.formRows(rect).fields
        guard let field = form.focused, !fields.isEmpty else { return nil }
        let x = fields.x + 2 + StudioLayout.formLabelWidth(fields)
        let window = field.input.window(width: StudioLayout.formValueWidth(fields))
        return (x + window.cursor, fields.y + form.cursor.index - form.cursor.top)
    case .line(let prompt): return (interior.x + 1 + prompt.field.window(width: max(1, interior.width - 2)).cursor, interior.y)
    case .columns(let chooser):
        return (interior.x + 3 + chooser.search.window(width: max(1, interior.width - 4)).cursor, interior.y)
    case .page, .question: return nil
    }
}

private func drawTitle(_ title: String, into buffer: inout CellBuffer, in rect: Rect) {
    let line = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
    buffer.write(" " + title + " ", x: line.x + 1, y: line.y, Style(.titleFocused, on: .popup, .bold), clip: line)
}

// MARK: - Menus

private func drawMenu(_ menu: Menu, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    let interior = StudioLayout.interior(rect)
    let rows = StudioLayout.menuRows(rect, menu)
    let search = interior.splitTop(1).top
    buffer.writeSearch(menu.search, in: search)
    let entries = MenuEntry.entries(of: menu, state)
    if entries.isEmpty { return buffer.writeEmpty(["Nothing matches"], in: rows, on: .popup) }
    let keyWidth = min(rows.width / 5, entries.map { TextWidth.of($0.keyText) }.max() ?? 0)
    let titleShare = entries.contains { !$0.detail.isEmpty } ? rows.width * 32 / 100 : rows.width - 2
    var titleWidth = min(titleShare, entries.map { TextWidth.of($0.title) }.max() ?? 0)
    // The sentences say more than the names of the keys: where both do not fit, they get the room.
    if menu.kind == .help, rows.width < 100 { titleWidth = 0 }
    for offset in 0..<rows.height {
        let index = menu.cursor.top + offset
        guard entries.indices.contains(index) else { break }
        let line = Rect(x: rows.x, y: rows.y + offset, width: rows.width, height: 1)
        drawEntry(entries[index], keyWidth: keyWidth, titleWidth: titleWidth, into: &buffer, in: line)
        if index == menu.cursor.index { buffer.highlight(line) }
    }
    if entries.indices.contains(menu.cursor.index) {
        drawMenuNote(entries[menu.cursor.index], into: &buffer, in: StudioLayout.menuNote(rect, menu))
    }
    buffer.scrollbar(
        rect, top: menu.cursor.top, shown: rows.height, count: entries.count, Style(.borderFocused, on: .popup))
}

/// All about the selected entry, and why it cannot be chosen now.
private func drawMenuNote(_ entry: MenuEntry, into buffer: inout CellBuffer, in note: Rect) {
    guard !note.isEmpty else { return }
    for x in note.x..<note.maxX { buffer[x, note.y] = Cell("╌", Style(.faint, on: .popup)) }
    let room = note.splitTop(1).rest
    let lines =
        TextWrap.lines(entry.detail, width: max(1, room.width - 2)).map { ($0, ColorRole.text) }
        + TextWrap.lines(entry.refusal.map { "Not now: \($0)" } ?? "", width: max(1, room.width - 2)).map { ($0, .warning) }
    for (row, line) in lines.prefix(room.height).enumerated() {
        buffer.write(line.0, x: room.x + 1, y: room.y + row, Style(line.1, on: .popup), clip: room)
    }
}

private func drawEntry(_ entry: MenuEntry, keyWidth: Int, titleWidth: Int, into buffer: inout CellBuffer, in line: Rect) {
    let isRefused = entry.refusal != nil
    var x = line.x + 1
    if keyWidth > 0 {
        let keys = Rect(x: x, y: line.y, width: keyWidth, height: 1)
        buffer.write(entry.keyText, x: x, y: line.y, Style(isRefused ? .muted : .key, on: .popup, .bold), clip: keys)
        x += keyWidth + 2
    }
    if titleWidth > 0 {
        let isAlone = entry.detail.isEmpty && !isRefused
        let title = Rect(x: x, y: line.y, width: isAlone ? line.maxX - x - 1 : titleWidth, height: 1).intersection(line)
        buffer.write(entry.title, x: x, y: line.y, Style(isRefused ? .muted : .text, on: .popup), clip: title)
        x = title.maxX + 2
    }
    let detail = Rect(x: x, y: line.y, width: line.maxX - x - 1, height: 1).intersection(line)
    guard detail.width > 5 else { return }
    let text = entry.refusal.map { "(\($0))" } ?? entry.detail
    let role: ColorRole = isRefused ? (titleWidth > 0 ? .warning : .muted) : titleWidth > 0 ? .muted : .text
    // A sentence that stands alone is what the key does, whether or not it can be done now.
    buffer.write(titleWidth > 0 ? text : entry.detail, x: detail.x, y: line.y, Style(role, on: .popup), clip: detail)
}

// MARK: - Path prompt, pages, questions

private func drawPrompt(_ prompt: PathPrompt, into buffer: inout CellBuffer, in interior: Rect) {
    guard !interior.isEmpty else { return }
    let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    buffer.fill(line, with: Cell(" ", Style(.fieldText, on: .field)))
    buffer.write(
        prompt.field.window(width: max(1, line.width)).text, x: line.x, y: line.y, Style(.fieldText, on: .field), clip: line)
    let list = interior.splitTop(2).rest
    let typed = prompt.field.text
    let matching = prompt.paths.filter { $0.hasPrefix(typed) }
    if matching.isEmpty {
        buffer.writeEmpty([typed.isEmpty ? "Type a path; tab completes" : "No path starts like this"], in: list, on: .popup)
    }
    for (row, path) in matching.prefix(list.height).enumerated() {
        let isLastOfMore = row == list.height - 1 && matching.count > list.height
        let text = isLastOfMore ? "… \(matching.count - row) more" : path
        let role: ColorRole = path.hasSuffix("/") || isLastOfMore ? .muted : .text
        buffer.write(text, x: list.x + 1, y: list.y + row, Style(role, on: .popup), clip: list)
    }
}

private func pageTitle(_ page: Page, _ state: AppState) -> String {
    switch page.kind {
    case .importance: "What matters"
    case .comparison(let ids): "Compare \(ids.count) runs"
    case .log: "Log"
    case .run(let id): "\(state.runs.badges.letter(of: id)) \(state.runs[id]?.record.name ?? id.text): \(page.tab.rawValue)"
    }
}

private func drawPage(_ page: Page, _ state: AppState, into buffer: inout CellBuffer, in rect: Rect) {
    let (text, head, room, top) = state.placed(page)
    if page.isOfRun {
        drawTabs(page.tab, into: &buffer, in: head)
    } else if head.height > text.head.count {
        drawSections(text, current: text.section(atTop: top), into: &buffer, in: head)
    }
    for (row, line) in text.head.enumerated() where row < head.height {
        buffer.write(line, x: head.x + 1, y: head.maxY - text.head.count + row, on: .popup, clip: head)
    }
    for (row, line) in text.lines.dropFirst(top).prefix(room.height).enumerated() {
        buffer.write(line, x: room.x + 1, y: room.y + row, on: .popup, clip: room)
    }
    for chart in text.charts { drawChart(chart, into: &buffer, in: room, top: top) }
    buffer.scrollbar(rect, top: top, shown: room.height, count: text.lines.count, Style(.borderFocused, on: .popup))
}

/// The line that names a page's parts.
private func drawSections(_ text: PageText, current: Int, into buffer: inout CellBuffer, in head: Rect) {
    let line = head.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    for label in text.labels(current: current, width: line.width) {
        let isCurrent = label.section == current
        let style = Style(isCurrent ? .title : .muted, on: .popup, isCurrent ? [.bold, .underline] : [])
        buffer.write(label.name, x: line.x + label.x, y: line.y, style, clip: line)
    }
}

/// A chart of a page that is scrolled down to line `top`: what is in the room of it.
private func drawChart(_ page: PageChart, into buffer: inout CellBuffer, in room: Rect, top: Int) {
    let place = Rect(x: room.x + 1 + page.rect.x, y: room.y + page.rect.y - top, width: page.rect.width, height: page.rect.height)
    let shown = place.intersection(room)
    guard !shown.isEmpty else { return }
    var own = CellBuffer(size: place.size)
    page.chart.draw(into: &own, in: own.bounds.splitTop(1).rest)
    own.restyle(own.bounds) { $0.background = .popup }
    own.write(page.title, x: 0, y: 0, on: .popup, clip: own.bounds)
    for y in shown.y..<shown.maxY { for x in shown.x..<shown.maxX { buffer[x, y] = own[x - place.x, y - place.y] } }
}

private func drawTabs(_ chosen: RunTab, into buffer: inout CellBuffer, in interior: Rect) {
    let line = interior.splitTop(1).top.inset(horizontal: 1, vertical: 0)
    for label in RunTab.labels(chosen: chosen, width: line.width) {
        let x = line.x + label.x
        buffer.write(String(label.tab.digit), x: x, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        let isChosen = label.tab == chosen
        let style = Style(isChosen ? .title : .muted, on: .popup, isChosen ? [.bold, .underline] : [])
        buffer.write(label.name, x: x + 2, y: line.y, style, clip: line)
    }
}

private func drawQuestion(_ question: Question, into buffer: inout CellBuffer, in rect: Rect) {
    let interior = StudioLayout.interior(rect)
    let area = StudioLayout.answerRows(rect, question)
    for (row, line) in TextWrap.lines(question.text, width: max(1, rect.width - 4)).enumerated() {
        buffer.write(line, x: interior.x + 1, y: interior.y + row, Style(.text, on: .popup), clip: interior)
    }
    for (row, answer) in question.answers.enumerated() where row < area.height {
        let line = Rect(x: area.x, y: area.y + row, width: area.width, height: 1)
        let x = buffer.write(String(answer.key), x: line.x + 2, y: line.y, Style(.key, on: .popup, .bold), clip: line)
        buffer.write("  " + answer.text, x: x, y: line.y, Style(.text, on: .popup), clip: line)
        if row == question.selected { buffer.highlight(line) }
    }
}
