import Cells
import Events

extension AppState {
    /// Does what a key, a click or the palette asked for; says why when it cannot be done now.
    mutating func perform(_ action: StudioAction) -> [Effect] {
        needsRedraw = true
        guard let binding = keyMap.binding(for: action) else { return [] }
        if let refusal = binding.refusal(self) {
            say(refusal, .warning)
            return []
        }
        if !StudioAction.scrolling.contains(action) { pageChanged() }
        return binding.perform(&self)
    }

    /// A row of the key table whose group does not know it: a mistake in the program.
    func unhandled(_ action: StudioAction) { assertionFailure("\(action.id) is handled nowhere") }

    /// What is shown to read may say something else now.
    mutating func pageChanged() {
        revision += 1
        needsRedraw = true
    }

    /// What the studio itself does.
    mutating func performApplication(_ action: StudioAction) -> [Effect] {
        switch action {
        case .quit: return quit()
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .exportScreen: open(Menu(.exportScreen))
        case .exportScreenSVG: return [.exportFrame(name: frameName + ".svg")]
        case .exportScreenText: return [.exportFrame(name: frameName + ".txt")]
        case .copyScreen:
            say("copied the screen as text", .text)
            return [.copyFrame]
        case .help: open(Menu(.help))
        case .palette: open(Menu(.palette))
        case .back, .backspace: return back()
        case .undo: return undo()
        case .theme:
            var menu = Menu(.themes(previous: settings.theme))
            menu.cursor.index = themes.firstIndex(of: settings.theme) ?? 0
            open(menu)
        case .glyphs:
            settings.glyphs = next(after: settings.glyphs, in: GlyphSet.allCases)
            say("charts are drawn with \(settings.glyphs.settingsWord) characters", .text)
            return [.saveSettings(settings)]
        case .mouse:
            settings.mouse.toggle()
            say(settings.mouse ? "the mouse is on" : "the mouse is off", .text)
            return [.saveSettings(settings)]
        case .newRun: return openForm(startingRequest(), origin: "")
        case .openData: return askForPath()
        case .filter: beginFilter()
        case .log: return open(LogPage())
        default: unhandled(action)
        }
        return []
    }

    /// `descent-home` or `descent-adam-lineage`: letters, digits and dots only.
    private var frameName: String {
        let place = screens.last?.crumb(self) ?? (isZoomed ? focus.title : "home")
        return "descent-" + place.lowercased().fileNamePart
    }

    /// The value after `value`, and the first after the last.
    func next<Value: Equatable>(after value: Value, in all: [Value], by step: Int = 1) -> Value {
        guard let index = all.firstIndex(of: value) else { return all.first ?? value }
        return all[((index + step) % all.count + all.count) % all.count]
    }

    private mutating func quit() -> [Effect] {
        // What other processes train goes on without this one.
        let jobs = runs.active.filter { run in
            run.record.origin == .trained && processID.map { run.record.processID == $0 } ?? true
        }
        // Ctrl-C at the question is an answer, too: do not ask again.
        if let question = popups.last as? Question, question.title == Self.quitTitle {
            popups.removeLast()
            return []
        }
        if let loss = popups.compactMap({ $0.whatIsLost(self) }).first {
            open(
                Question(
                    Self.quitTitle, text: "\(loss) is not done yet.",
                    answers: [
                        .init(key: "b", text: "go back to it"),
                        .init(key: "q", text: "throw it away and quit") { state in
                            state.popups = []
                            return state.quit()
                        },
                    ]))
            return []
        }
        if let running = kernels.values.first(where: { $0.cell != nil }) {
            open(
                Question(
                    Self.quitTitle, text: "A cell of \(running.path) runs: what it has computed is lost.",
                    answers: [
                        .init(key: "b", text: "go back to it"),
                        .init(key: "q", text: "end its kernel and quit") { state in
                            state.kernels = [:]
                            return state.quit()
                        },
                    ]))
            return []
        }
        guard !jobs.isEmpty else { return [.quit(.stopAndSave)] }
        let names =
            jobs.prefix(4).map(\.record.name).joined(separator: ", ") + (jobs.count > 4 ? " and \(jobs.count - 4) more" : "")
        open(
            Question(
                Self.quitTitle, text: "\(jobs.count == 1 ? "A job is" : "\(jobs.count) jobs are") not done: \(names).",
                answers: [
                    .init(key: "g", text: goOnWords(jobs)) { _ in [.quit(.goOn)] },
                    .init(key: "s", text: "stop and save, so that they can be resumed") { _ in [.quit(.stopAndSave)] },
                    .init(key: "w", text: "wait until they are done, then quit") { $0.waitToQuit() },
                    .init(key: "a", text: "abandon what was done since the last checkpoint") { _ in [.quit(.abandon)] },
                    .init(key: "c", text: "cancel"),
                ]))
        return []
    }

    private static let quitTitle = "Quit"

    /// What going on without the studio means for the jobs.
    private func goOnWords(_ jobs: [RunSummary]) -> String {
        let anew = jobs.filter { $0.record.request.isScript && !runs.hasCheckpoint($0.record.id) && $0.step > 0 }
        return "go on without me: the workspace's host trains on"
            + (anew.isEmpty
                ? "" : anew.count == 1 ? " (\(anew[0].record.name) from its beginning)" : " (\(anew.count) scripts anew)")
    }

    private mutating func waitToQuit() -> [Effect] {
        isWaitingToQuit = true
        say("the studio closes when the jobs are done (esc keeps it open)", .info)
        return runs.active.contains { $0.status != .paused } || !liveTunings.isEmpty ? [] : [.quit(.wait)]
    }

    /// Takes one layer off: popup, screen, filter, zoom, zoomed chart, marks.
    private mutating func back() -> [Effect] {
        if let effects = closeTop() { return effects }
        if experiments.rangeStart != nil, focus == .experiments, !focusedFilter.isEditing {
            experiments.rangeStart = nil
            say("no range", .text)
        } else if focusedFilter.isEditing {
            var filter = focusedFilter
            filter.end(keeping: false)
            setFilter(filter)
        } else if focus == .curves, curves.boxStart != nil {
            curves.boxStart = nil
        } else if isZoomed, zoomIsPlace, !focusedFilter.isActive, let effects = returnFromJump() {
            return effects
        } else if isZoomed {
            isZoomed = false
        } else if focusedFilter.isActive, focus != .curves {
            var filter = focusedFilter
            filter.clear()
            setFilter(filter)
        } else if focus == .curves, curves.cursor != nil || !curves.follows {
            curves.cursor = nil
            curves.viewport = ChartViewport()
        } else if !experiments.marks.isEmpty {
            clearMarks()
        } else if isWaitingToQuit {
            isWaitingToQuit = false
            say("the studio stays open", .text)
        } else if let effects = returnFromJump() {
            return effects
        }
        return []
    }

    private mutating func undo() -> [Effect] { undoStack.popLast()?.perform(&self) ?? [] }
}
