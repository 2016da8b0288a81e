import Events
import Notebooks
import PrintableText

extension StudioAction {
    static let openKernel = StudioAction("kernel.open")
    static let runCell = StudioAction("kernel.run-cell")
    static let runAbove = StudioAction("kernel.run-above")
    static let runBelow = StudioAction("kernel.run-below")
    static let interruptKernel = StudioAction("kernel.interrupt")
    static let restartKernel = StudioAction("kernel.restart")
    static let closeKernel = StudioAction("kernel.close")
    static let moveKernel = StudioAction("kernel.move")
    static let followCell = StudioAction("kernel.follow")
}

extension KeyTable {
    /// A notebook's cells, run one by one.
    static let kernels = KeyGroup([
        KeyBinding(
            .openKernel, "c", [.notebook], hint: "open kernel", priority: 7,
            "Open a kernel for the notebook, to run cells one by one; it lives as long as the studio.",
            unless: KernelRefusal.opened),
        KeyBinding(
            .runCell, "enter", [.notebook], hint: "run cell", priority: 6,
            "Run the cell under the cursor and go to the next one; answer what it asks.", unless: KernelRefusal.cell),
        KeyBinding(
            .runAbove, "A", [.notebook], hint: "above/below", priority: 12, "Run all cells above the one under the cursor.",
            unless: KernelRefusal.idle),
        KeyBinding(
            .runBelow, "B", [.notebook], "Run the cell under the cursor and all below it.", unless: KernelRefusal.idle),
        KeyBinding(
            .interruptKernel, "i", [.notebook], hint: "interrupt", priority: 9,
            "Interrupt the cell that runs, as Ctrl-C would; cells that wait are not run.", unless: KernelRefusal.running),
        KeyBinding(
            .followCell, "f", [.notebook], hint: "follow", priority: 13,
            "Go to the end of what the running cell gives, and keep it in view as it grows; whoever scrolls up stays there.",
            unless: KernelRefusal.running),
        KeyBinding(
            .restartKernel, "R", [.notebook], hint: "restart…", priority: 14,
            "Begin with a new kernel: nothing of what was run is known any more; what was run can be run again.",
            unless: KernelRefusal.open),
        KeyBinding(
            .moveKernel, "m", [.notebook], hint: "hardware…", priority: 16,
            "Begin with a new kernel on other hardware: more or fewer threads, with or without the GPU, with Spark, on an attached machine.",
            unless: KernelRefusal.open),
        KeyBinding(
            .closeKernel, "X", [.notebook], hint: "end kernel", priority: 18,
            "End the kernel; what cells gave is in the notebook.",
            unless: KernelRefusal.open),
    ]) { $0.performKernel($1) }
}

/// Why something cannot be done with a notebook's kernel.
enum KernelRefusal {
    private static func page(_ state: AppState) -> NotebookPage? { state.screens.last as? NotebookPage }

    static func standing(_ state: AppState) -> KernelStanding? { page(state).flatMap { state.kernels[$0.path] } }

    @Sendable static func opened(_ state: AppState) -> String? {
        if page(state)?.notebook == nil { return "the notebook is not read yet" }
        guard let standing = standing(state) else { return nil }
        return standing.hasEnded ? "the kernel is gone: R begins with a new one" : "it has a kernel already"
    }

    @Sendable static func open(_ state: AppState) -> String? {
        standing(state) == nil ? "no kernel is open: c opens one" : nil
    }

    @Sendable static func idle(_ state: AppState) -> String? {
        if let refusal = open(state) { return refusal }
        return standing(state)?.hasEnded == true ? "the kernel is gone: R begins with a new one" : nil
    }

    @Sendable static func cell(_ state: AppState) -> String? {
        if let refusal = idle(state) { return refusal }
        if case .asking = standing(state)?.activity { return nil }
        guard let cell = page(state)?.chosenCell(state) else { return "there is no cell of code from here on" }
        let notebook = standing(state)?.notebook
        return notebook?.cells.indices.contains(cell) == true ? nil : "the notebook is not read yet"
    }

    @Sendable static func running(_ state: AppState) -> String? {
        if let refusal = open(state) { return refusal }
        return standing(state)?.cell == nil ? "no cell runs" : nil
    }
}

extension AppState {
    mutating func performKernel(_ action: StudioAction) -> [Effect] {
        guard let page = screens.last as? NotebookPage else { return [] }
        let path = page.path
        guard action != .openKernel else {
            kernels[path] = KernelStanding(path: path, hardware: KernelHardware())
            revision += 1
            return [.kernel(KernelWish(path, .open(KernelHardware())))]
        }
        guard let standing = kernels[path] else { return [] }
        switch action {
        case .runCell:
            if case .asking(_, let prompt) = standing.activity { return ask(prompt, of: path) }
            return runCell(page, standing)
        case .runAbove: return run(standing, page.chosenCell(self).map { 0..<$0 } ?? 0..<Int.max)
        case .runBelow: return run(standing, page.chosenCell(self).map { $0..<Int.max } ?? 0..<0)
        case .followCell: changeScreen(NotebookPage.self) { page, state in page.bringEnd(of: standing.cell, state) }
        case .interruptKernel: return [.kernel(KernelWish(path, .interrupt))]
        case .restartKernel: askToRestart(standing, standing.hardware, "Begin with a new kernel?")
        case .moveKernel: askForHardware(standing)
        case .closeKernel: return close(standing)
        default: unhandled(action)
        }
        return []
    }

    /// Runs the cell under the cursor, and goes to the next one.
    private mutating func runCell(_ page: NotebookPage, _ standing: KernelStanding) -> [Effect] {
        guard let cell = page.chosenCell(self) else { return [] }
        changeScreen(NotebookPage.self) { page, state in page.goToCell(after: cell, state) }
        return [.kernel(KernelWish(page.path, .run([cell])))]
    }

    private func run(_ standing: KernelStanding, _ range: Range<Int>) -> [Effect] {
        let cells = standing.notebook?.codeCells.filter(range.contains) ?? []
        return cells.isEmpty ? [] : [.kernel(KernelWish(standing.path, .run(cells)))]
    }

    private mutating func close(_ standing: KernelStanding) -> [Effect] {
        let path = standing.path, effects: [Effect] = [.kernel(KernelWish(path, .close))]
        guard standing.cell != nil else {
            kernels[path] = nil
            revision += 1
            return effects
        }
        open(
            Question(
                "End the kernel", text: "A cell runs in it: what that has computed is lost.",
                answers: [
                    .init(key: "e", text: "end it") { state in
                        state.kernels[path] = nil
                        state.revision += 1
                        return effects
                    },
                    .init(key: "c", text: "leave it"),
                ], isMoot: { $0.kernels[path] == nil }))
        return []
    }

    // MARK: - Beginning anew

    private mutating func askToRestart(_ standing: KernelStanding, _ hardware: KernelHardware, _ title: String) {
        let path = standing.path, done = standing.done
        // In the order of the notebook, each once.
        let again = Array(Set(done)).sorted(), all = standing.notebook?.codeCells ?? []
        func answer(_ key: Character, _ text: String, _ cells: [Int], unless refusal: String? = nil) -> Question.Answer {
            .init(key: key, text: text, refusal: refusal) { _ in [.kernel(KernelWish(path, .restart(hardware, thenRun: cells)))] }
        }
        open(
            Question(
                title, text: "It knows nothing of what was run; what cells gave stays until they are run.",
                answers: [
                    answer("n", "and run nothing", []),
                    answer(
                        "a", "and run again what was run (\(again.count))", again,
                        unless: again.isEmpty ? "nothing was run yet" : nil),
                    answer("w", "and run the whole notebook (\(all.count))", all),
                    .init(key: "c", text: "go on with the old one"),
                ], isMoot: { $0.kernels[path] == nil }))
    }

    private mutating func askForHardware(_ standing: KernelStanding) {
        let path = standing.path, now = standing.hardware
        func answer(
            _ key: Character, _ text: String, _ hardware: KernelHardware, unless refusal: String? = nil
        ) -> Question.Answer {
            .init(key: key, text: text, refusal: refusal ?? (hardware == now ? "it computes so already" : nil)) { state in
                guard let standing = state.kernels[path] else { return [] }
                state.askToRestart(standing, hardware, "Begin with \(hardware.words)?")
                return []
            }
        }
        let threads = [1, 2, 4, 8, 16, 32, 64].filter { $0 <= standing.processors }
        let keys: [Character] = ["1", "2", "4", "8", "6", "3", "5"]
        open(
            Question(
                "Hardware", text: "The kernel computes with \(now.words).",
                answers: zip(threads, keys).map { count, key in
                    answer(key, "\(count) thread\(count == 1 ? "" : "s")", with(now) { $0.threads = count })
                } + [
                    answer("a", "as many threads as it likes", with(now) { $0.threads = nil }),
                    answer(
                        "g", now.usesGPU ? "without GPUs" : "with the GPUs that are there", with(now) { $0.usesGPU.toggle() },
                        unless: standing.hasGPU ? nil : "this machine has no GPU that a kernel could use"),
                    answer(
                        "s", now.usesSpark ? "without Spark" : "with Spark", with(now) { $0.usesSpark.toggle() },
                        // What another machine has, that one says.
                        unless: now.place == nil && !now.usesSpark ? standing.sparkProblem : nil),
                ]
                    + elsewhere.map { letter, place in
                        answer(
                            letter, "on \(place.name)", KernelHardware(place: place.name),
                            unless: place.isStale ? "\(place.name) is away" : nil)
                    } + [
                        answer(
                            "h", "on this machine", KernelHardware(), unless: now.place == nil ? "it is here" : nil),
                        .init(key: "c", text: "leave it"),
                    ], isMoot: { $0.kernels[path] == nil }))
    }

    private func with(_ hardware: KernelHardware, _ change: (inout KernelHardware) -> Void) -> KernelHardware {
        var other = hardware
        change(&other)
        return other
    }

    /// The machines that the studio is attached to, with the letters that choose them.
    private var elsewhere: [(letter: Character, place: PlaceStanding)] { Array(zip("nopqrtuvw", places)) }

    // MARK: - What the program tells

    mutating func take(_ standing: KernelStanding) -> [Effect] {
        // One that was ended tells nothing any more.
        guard let before = kernels[standing.path] else { return [] }
        let page = (screens.last as? NotebookPage).flatMap { $0.path == standing.path ? $0 : nil }, isShown = page != nil
        let wasAtEnd = page?.seesEnd(of: before.cell ?? standing.cell, self) ?? false
        kernels[standing.path] = standing
        (needsRedraw, revision) = (true, revision + 1)
        if wasAtEnd {
            changeScreen(NotebookPage.self) { page, state in page.bringEnd(of: standing.cell ?? before.cell, state) }
        }
        if standing.remark != before.remark, !standing.remark.isEmpty { say(standing.remark, .warning) }
        switch (standing.activity, before.activity) {
        case (.ended(let message), let old) where old != standing.activity: say("\(standing.path): \(message)", .bad)
        case (.asking(_, let prompt), let old) where old != standing.activity:
            if isShown, popups.isEmpty { return ask(prompt, of: standing.path) }
            say("\(standing.path) asks: \(prompt.text)", .warning)
        default: break
        }
        return askForPictures(standing.pictures)
    }

    private mutating func ask(_ prompt: KernelPrompt, of path: String) -> [Effect] {
        var line = LinePrompt(
            prompt.text.isEmpty ? "A cell asks" : prompt.text.printable,
            help: "The cell's code waits for a line. Enter answers it, esc leaves it waiting: enter on the page asks again.",
            accept: { text, _ in [.kernel(KernelWish(path, .answer(text)))] })
        line.field.isSecret = prompt.isSecret
        open(line)
        return []
    }
}

extension KernelHardware {
    var words: String {
        let threads = threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "as many threads as it likes"
        return threads + (usesGPU ? "" : ", without GPUs") + (usesSpark ? ", with Spark" : "")
            + (place.map { ", on \($0)" } ?? "")
    }
}

extension Notebook {
    /// Places of the cells that are run: code that is not empty and not tagged to be left out.
    var codeCells: [Int] { cells.indices.filter { cells[$0].isRun } }
}
