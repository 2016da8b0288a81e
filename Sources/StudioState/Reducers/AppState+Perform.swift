import Cells
import Events

extension AppState {
    /// Does what a key, a click or the palette asked for; says why when it cannot be done now.
    mutating func perform(_ action: StudioAction) -> [Effect] {
        needsRedraw = true
        if let binding = keyMap.binding(for: action), let refusal = binding.refusal(self) {
            note(refusal, .warning)
            return []
        }
        switch action {
        case .quit, .suspend, .help, .palette, .back, .undo, .theme, .glyphs, .mouse, .log: return performApplication(action)
        case .nextPane, .previousPane, .focusDatasets, .focusExperiments, .focusCurves, .focusAlerts, .zoom, .filter,
            .filterAccept:
            return performPane(action)
        case .down, .up, .first, .last, .pageDown, .pageUp:
            move(action)
            return []
        case .openData, .showData, .nextData, .previousData, .reloadData, .closeData: return performData(action)
        case .chooseColumns, .sortBy, .groupBy, .views, .saveView, .foldAll, .columnsLeft, .columnsRight, .showArchived,
            .sortLeft,
            .sortRight, .sortReverse:
            return performRunTable(action)
        case .filterComplete:
            completeFilter()
            return []
        case .newRun, .showRun, .markRun, .markRange, .markMatching, .markAll, .invertMarks, .clearMarks, .baseline, .renameRun,
            .tagRun, .noteRun, .archiveRun, .stopRun, .pauseRun, .steerRun, .forkRun, .reproduceRun, .deleteRun, .rerun, .copyRun,
            .compareRuns, .findImportance:
            return performRun(action)
        case .cursorLeft, .cursorRight, .cursorFarLeft, .cursorFarRight, .cursorStart, .nextRun, .previousRun, .nextMark,
            .previousMark, .nextMetric, .previousMetric, .smoothMore, .smoothLess, .xAxis, .yScale, .zoomIn, .zoomOut, .zoomInY,
            .zoomOutY, .panLeft,
            .panRight, .resetView, .follow, .tiles, .boxZoom, .nextExtremum, .previousExtremum, .yFit, .smoothKind, .gap,
            .seedBands:
            return performCurve(action)
        case .export, .exportSVG, .exportCSV, .copyChart: return performExport(action)
        case .showAlert, .fixAlert, .nextRemedy, .previousRemedy: return performAlert(action)
        case .menuDown, .menuUp, .menuPageDown, .menuPageUp, .menuRun, .menuHide, .menuRaise, .menuLower, .fieldNext,
            .fieldPrevious, .formStart, .fieldReset,
            .promptComplete, .promptAccept, .menuDelete, .lineAccept, .lineComplete, .columnToggle, .columnUp, .columnDown,
            .columnNext, .columnPrevious, .columnsAccept, .columnsReset, .steerAccept, .placeDown, .placeUp, .detailDown,
            .detailUp, .detailPageDown, .detailPageUp, .detailStart, .detailEnd, .detailNextTab, .detailPreviousTab, .nextSection,
            .previousSection, .compareRight, .compareLeft, .compareAll, .choose,
            .choiceDown,
            .choiceUp:
            return performPopup(action)
        }
    }

    private mutating func performApplication(_ action: StudioAction) -> [Effect] {
        switch action {
        case .quit: return quit()
        case .suspend: return [.suspend]
        case .help: popups.append(.menu(Menu(.help)))
        case .palette: popups.append(.menu(Menu(.palette)))
        case .back: return back()
        case .undo: return undo()
        case .theme:
            var menu = Menu(.themes(previous: settings.theme))
            menu.cursor.index = themes.firstIndex(of: settings.theme) ?? 0
            popups.append(.menu(menu))
        case .glyphs:
            settings.glyphs = next(after: settings.glyphs, in: GlyphSet.allCases)
            note("charts are drawn with \(settings.glyphs.settingsWord) characters", .text)
            return [.saveSettings(settings)]
        case .mouse:
            settings.mouse.toggle()
            note(settings.mouse ? "the mouse is on" : "the mouse is off", .text)
            return [.saveSettings(settings)]
        case .log: popups.append(.page(Page(.log)))
        default: break
        }
        return []
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
        if case .question(let question) = popups.last, question.answers.contains(where: { $0.outcome == .quit(.stopAndSave) }) {
            popups.removeLast()
            return []
        }
        guard !jobs.isEmpty else { return [.quit(.stopAndSave)] }
        let names =
            jobs.prefix(4).map(\.record.name).joined(separator: ", ") + (jobs.count > 4 ? " and \(jobs.count - 4) more" : "")
        popups.append(
            .question(
                Question(
                    title: "Quit", text: "\(jobs.count == 1 ? "A job is" : "\(jobs.count) jobs are") not done: \(names).",
                    answers: [
                        .init(key: "s", text: "stop and save, so that they can be resumed", outcome: .quit(.stopAndSave)),
                        .init(key: "w", text: "wait until they are done, then quit", outcome: .quit(.wait)),
                        .init(key: "a", text: "abandon what was done since the last checkpoint", outcome: .quit(.abandon)),
                        .init(key: "c", text: "cancel", outcome: .cancel),
                    ])))
        return []
    }

    /// Takes one layer off: popup, filter, zoom, zoomed chart, marks.
    private mutating func back() -> [Effect] {
        if let popup = popups.popLast() {
            switch popup {
            case .menu(let menu):
                if case .themes(let previous) = menu.kind { return [.setTheme(previous)] }
            case .form(let form): lastRequest = form.request
            case .path, .steer, .line, .columns, .page, .question: break
            }
            return []
        }
        if experiments.rangeStart != nil, focus == .experiments, !focusedFilter.isEditing {
            experiments.rangeStart = nil
            note("no range", .text)
        } else if focusedFilter.isEditing {
            var filter = focusedFilter
            filter.end(keeping: false)
            setFilter(filter)
        } else if focus == .curves, curves.boxStart != nil {
            curves.boxStart = nil
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
            note("the studio stays open", .text)
        }
        return []
    }

    private mutating func undo() -> [Effect] {
        guard let undo = undoStack.popLast() else { return [] }
        switch undo {
        case .deletedRuns(let ids):
            for id in ids {
                rememberBeforeEdit(id)
                runs.setDeleted(id, false)
            }
            experiments.isStale = true
            note(ids.count == 1 ? "\(runs[ids[0]]?.record.name ?? "the run") is back" : "\(ids.count) runs are back", .good)
            return ids.map { .command(.restoreRun($0)) }
        case .editedRuns(let edits):
            let name = edits.keys.first.flatMap { edits[$0]?.name ?? runs[$0]?.record.name } ?? "the run"
            note("\(edits.count == 1 ? name : "\(edits.count) runs") as before", .good)
            return apply(edits)
        case .closedDataset(let dataset, let index):
            datasets.insert(dataset, at: index)
            note("\(dataset.name) is back", .good)
            return dataset.id.map { [.command(.editEntity($0.entity, EntityEdit(isDeleted: false)))] } ?? []
        case .clearedMarks(let marks):
            experiments.marks = marks
            note("\(marks.count) marks are back", .good)
        }
        return []
    }

    /// Does what an answer stands for.
    mutating func take(_ outcome: Question.Outcome) -> [Effect] {
        popups.removeLast()
        needsRedraw = true
        switch outcome {
        case .cancel: return []
        case .stop(let ids):
            let stoppable = ids.filter { runs[$0].map { $0.status.isActive && $0.status != .stopping } ?? false }
            return stoppable.map { .command(.stopJob($0)) }
        case .reproduce(let id):
            awaitsFreshRun = true
            note("running \(runs[id]?.record.name ?? "the run") again", .text)
            return [.command(.reproduceRun(id))]
        case .quit(.wait):
            isWaitingToQuit = true
            note("the studio closes when the jobs are done (esc keeps it open)", .info)
            return runs.active.contains { $0.status != .paused } ? [] : [.quit(.wait)]
        case .quit(let choice): return [.quit(choice)]
        }
    }
}
