import Cells
import Events

extension AppState {
    mutating func performSteering(_ action: StudioAction) -> [Effect] {
        guard case .steer(var prompt) = popups.last else { return [] }
        if action == .steerAccept { return steer(prompt) }
        prompt.fork?.move(action == .placeUp ? -1 : 1)
        popups[popups.count - 1] = .steer(prompt)
        return []
    }

    mutating func performLine(_ action: StudioAction) -> [Effect] {
        guard case .line(let prompt) = popups.last else { return [] }
        if action == .lineAccept { return acceptLine(prompt) }
        completeLine(prompt)
        return []
    }

    mutating func performDocument(_ action: StudioAction) -> [Effect] {
        guard case .page(let page) = popups.last else { return [] }
        popups[popups.count - 1] = .page(moved(page, action))
        return []
    }

    mutating func performCompare(_ action: StudioAction) -> [Effect] { performDocument(action) }

    mutating func performQuestion(_ action: StudioAction) -> [Effect] {
        guard case .question(var question) = popups.last else { return [] }
        let count = question.answers.count
        switch action {
        case .choiceDown: question.selected = (question.selected + 1) % count
        case .choiceUp: question.selected = (question.selected + count - 1) % count
        case .choose: return take(question.answers[question.selected].outcome)
        default: break
        }
        popups[popups.count - 1] = .question(question)
        return []
    }

    private func moved(_ page: Page, _ action: StudioAction) -> Page {
        let (text, _, rows, top) = placed(page)
        var page = page
        page.top = top
        switch action {
        case .detailNextTab: page.turn(to: next(after: page.tab, in: RunTab.allCases))
        case .detailPreviousTab: page.turn(to: next(after: page.tab, in: RunTab.allCases, by: -1))
        case .detailDown: page.top += 1
        case .detailUp: page.top -= 1
        case .detailPageDown: page.top += max(1, rows.height - 1)
        case .detailPageUp: page.top -= max(1, rows.height - 1)
        case .detailStart: page.top = 0
        case .detailEnd: page.top = text.lines.count - rows.height
        case .nextSection: page.top = text.sections.first { $0.line > page.top }?.line ?? page.top
        case .previousSection: page.top = text.sections.last { $0.line < page.top }?.line ?? 0
        case .compareRight: page.hiddenColumns += 1
        case .compareLeft: page.hiddenColumns -= 1
        case .compareAll: page.showsAll.toggle()
        default: break
        }
        page.top = min(max(0, page.top), text.lastTop(height: rows.height))
        page.hiddenColumns = min(max(0, page.hiddenColumns), text.hiddenColumns)
        return page
    }

    mutating func performMenu(_ action: StudioAction) -> [Effect] {
        guard let index = popups.indices.last, case .menu(var menu) = popups[index] else { return [] }
        let entries = MenuEntry.entries(of: menu, self)
        if action == .menuRun {
            guard entries.indices.contains(menu.cursor.index) else { return [] }
            return choose(entries[menu.cursor.index])
        }
        if [.menuHide, .menuRaise, .menuLower].contains(action) { return arrangeMetric(action, menu, entries) }
        if action == .menuDelete {
            guard entries.indices.contains(menu.cursor.index), case .view(let name) = entries[menu.cursor.index].outcome else {
                return []
            }
            return deleteView(name)
        }
        let page = StudioLayout.menuRows(StudioLayout.popup(popups[index], in: size), menu).height
        switch action {
        case .menuDown: menu.cursor.index = entries.isEmpty ? 0 : (menu.cursor.index + 1) % entries.count
        case .menuUp: menu.cursor.index = entries.isEmpty ? 0 : (menu.cursor.index + entries.count - 1) % entries.count
        case .menuPageDown: menu.cursor.index += max(1, page - 1)
        case .menuPageUp: menu.cursor.index -= max(1, page - 1)
        default: break
        }
        menu.cursor.clamp(count: entries.count, page: page)
        popups[index] = .menu(menu)
        return previewTheme()
    }

    /// Hides or shows the metric under the cursor, or moves it among the others.
    private mutating func arrangeMetric(_ action: StudioAction, _ menu: Menu, _ entries: [MenuEntry]) -> [Effect] {
        guard let index = popups.indices.last, entries.indices.contains(menu.cursor.index),
            case .metric(let word) = entries[menu.cursor.index].outcome
        else { return [] }
        if action == .menuHide {
            if settings.hiddenMetrics.remove(word) == nil { settings.hiddenMetrics.insert(word) }
            return [.saveSettings(settings)]
        }
        var order = settings.orderedMetrics(CurvesScene.metrics(of: shownRuns.compactMap { runs[$0] }))
        guard let place = order.firstIndex(of: word) else { return [] }
        let target = place + (action == .menuRaise ? -1 : 1)
        guard order.indices.contains(target) else { return [] }
        order.swapAt(place, target)
        settings.metricOrder = order + settings.metricOrder.filter { !order.contains($0) }
        var menu = menu
        menu.cursor.index = MenuEntry.entries(of: menu, self).firstIndex { $0.outcome == .metric(word) } ?? menu.cursor.index
        popups[index] = .menu(menu)
        return [.saveSettings(settings)]
    }

    private mutating func choose(_ entry: MenuEntry) -> [Effect] {
        if let refusal = entry.refusal {
            note(refusal, .warning)
            return []
        }
        popups.removeLast()
        switch entry.outcome {
        case .metric(let word):
            setMetric(word)
            return []
        case .sort(let field):
            focus = .experiments
            return sort(by: field)
        case .group(let field):
            focus = .experiments
            return group(by: field)
        case .view(let name): return showView(name)
        case .search(let text):
            focus = .experiments
            experiments.filter.clear()
            experiments.filter.field.text = text
            experiments.isStale = true
            return []
        case .theme(let name):
            settings.theme = name
            return [.setTheme(name), .saveSettings(settings)]
        case .action(let action):
            // A pane's own action is done in its pane, so that what it does is seen.
            let panes = keyMap.binding(for: action)?.contexts ?? []
            if !panes.contains(.global), !panes.contains(focus.context),
                let pane = Pane.allCases.first(where: { panes.contains($0.context) })
            {
                focus = pane
                if isZoomed { isZoomed = false }
            }
            return perform(action)
        }
    }

    /// Shows the theme under the cursor of the theme menu.
    mutating func previewTheme() -> [Effect] {
        guard case .menu(let menu) = popups.last, case .themes = menu.kind else { return [] }
        let entries = MenuEntry.entries(of: menu, self)
        guard entries.indices.contains(menu.cursor.index), case .theme(let name) = entries[menu.cursor.index].outcome else {
            return []
        }
        return [.setTheme(name)]
    }

    mutating func performPath(_ action: StudioAction) -> [Effect] {
        guard let index = popups.indices.last, case .path(let prompt) = popups[index] else { return [] }
        switch action {
        case .promptComplete:
            guard let completed = PathCompletion.complete(prompt.field.text, from: prompt.paths) else { return [] }
            var prompt = prompt
            prompt.field.text = completed
            popups[index] = .path(prompt)
            return pathEffects()
        case .promptAccept:
            let path = String(prompt.field.text.trimmingSpaces)
            guard !path.isEmpty, !path.hasSuffix("/") else {
                note("type the path of a data file; tab completes", .warning)
                return []
            }
            popups.removeLast()
            return openDataset(path)
        default: return []
        }
    }

    /// What is wrong with the settings typed so far; a word that is still being typed is left alone.
    func problem(in prompt: SteerPrompt) -> String? {
        let text = prompt.field.text
        var words = text.split(separator: " ").map(String.init)
        if let last = words.last, !text.hasSuffix(" "), !last.contains("=") || last.hasSuffix("=") { words.removeLast() }
        do throws(HyperparameterProblem) { _ = try changes(words, of: prompt) } catch { return error.description }
        return nil
    }

    private func changes(_ words: [String], of prompt: SteerPrompt) throws(HyperparameterProblem) -> [String: String] {
        let name = runs[prompt.run]?.record.algorithm ?? ""
        guard let algorithm = algorithms.first(where: { $0.name == name }) else {
            throw HyperparameterProblem("this studio does not know \(name): steer the run where it trains")
        }
        return try algorithm.changes(parsing: words, goesOn: prompt.goesOn || prompt.fork != nil)
    }

    /// Sends what was typed to the run's job, or starts the fork, or says what is wrong with it.
    private mutating func steer(_ prompt: SteerPrompt) -> [Effect] {
        guard let index = popups.indices.last else { return [] }
        var prompt = prompt
        do throws(HyperparameterProblem) {
            let settings = try changes(prompt.field.text.split(separator: " ").map(String.init), of: prompt)
            guard let fork = prompt.fork else {
                if settings.isEmpty {
                    throw HyperparameterProblem("nothing to set: write NAME=VALUE, such as learning_rate=0.01")
                }
                popups.removeLast()
                guard prompt.goesOn else { return [.command(.changeHyperparameters(prompt.run, settings))] }
                note("going on with \(runs[prompt.run]?.record.name ?? "the run")", .text)
                return [.command(.continueJob(prompt.run, settings))]
            }
            guard fork.entries.indices.contains(fork.selected) else {
                throw HyperparameterProblem(
                    "the run has no checkpoint: it writes one about once a second, and when it ends, is paused or steered")
            }
            popups.removeLast()
            awaitsFreshRun = true
            note("forking \(runs[prompt.run]?.record.name ?? "the run")", .text)
            return [.command(.forkJob(prompt.run, at: fork.entries[fork.selected].place, settings: settings))]
        } catch {
            prompt.message = error.description
            popups[index] = .steer(prompt)
            return []
        }
    }

    /// Asks for the paths that continue what is typed.
    mutating func pathEffects() -> [Effect] {
        switch popups.last {
        case .path(let prompt): prompt.listedPrefix == prompt.field.text ? [] : ask(ListPaths(prompt.field.text))
        case .form(let form): form.focused?.isPath == true ? ask(ListPaths(form.focused?.input.text ?? "")) : []
        default: []
        }
    }
}
