import Cells
import PipelineSteps

/// The steps that prepare a data set, and what the one under the cursor did to its columns.
package struct PipelinePage: Screen {
    package let file: RowsFile
    package private(set) var pipeline: DataPipeline
    /// What the steps did, as far as that is known; of steps that were there before some were changed.
    package private(set) var preview: PipelinePreview?
    /// Whether `preview` is of the steps as they are.
    package private(set) var isCurrent = false
    package var reading = Reading()
    package private(set) var cursor = ListCursor()
    /// Lines of what the step did that are scrolled away.
    package private(set) var skipped = 0

    init(_ file: RowsFile, _ pipeline: DataPipeline) { (self.file, self.pipeline) = (file, pipeline) }

    package var contexts: [KeyContext] { [.pipeline] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.stepUp, .stepDown) }
    package func title(_ state: AppState) -> String { "Pipeline: \(file.name)" }
    package func crumb(_ state: AppState) -> String { "pipeline of \(file.name)" }
    package func document(_ state: AppState, width: Int) -> Document { Document() }
    package func query(_ state: AppState) -> (any StudioQuery)? { PreviewPipeline(file, pipeline) }

    /// The step under the cursor.
    package var step: PipelineStep? {
        pipeline.steps.indices.contains(cursor.index) ? pipeline.steps[cursor.index] : nil
    }

    /// The column that the steps say is predicted.
    package var target: String? { pipeline.target?.text("column") }

    /// What a step did; nil where that is not known, or another step stood there then.
    func change(of index: Int) -> PipelinePreview.Step? {
        guard let steps = preview?.steps, steps.indices.contains(index), pipeline.steps.indices.contains(index),
            steps[index].words == pipeline.steps[index].words
        else { return nil }
        return steps[index]
    }

    /// Columns that there are before a step, as far as that is known.
    func columns(before place: Int, _ state: AppState) -> [String] {
        var names = state.datasets.profile(path: file.path)?.columns.map(\.name) ?? []
        for index in 0..<max(0, place) {
            for change in self.change(of: index)?.changes ?? [] {
                if change.after == nil { names.removeAll { $0 == change.name } }
                if change.before == nil { names.append(change.name) }
            }
        }
        return names
    }

    mutating func take(_ answer: PipelinePreview, to query: PreviewPipeline) {
        guard query.file == file, query.pipeline == pipeline else { return }
        (preview, isCurrent) = (answer, true)
    }

    /// Shows other steps, until it is known what they do.
    mutating func show(_ next: DataPipeline, at place: Int?, _ state: AppState) {
        (pipeline, isCurrent, skipped) = (next, false, 0)
        if let place { cursor.index = place }
        settle(state)
    }

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        switch action {
        case .stepDown: (cursor.index, skipped) = (cursor.index + 1, 0)
        case .stepUp: (cursor.index, skipped) = (cursor.index - 1, 0)
        case .changesDown: skipped += max(1, parts(place(on: state.size)).changes.height - 2)
        case .changesUp: skipped -= max(1, parts(place(on: state.size)).changes.height - 2)
        default: break
        }
        settle(state)
    }

    private mutating func settle(_ state: AppState) {
        let room = parts(place(on: state.size))
        cursor.clamp(count: pipeline.steps.count, page: max(1, room.steps.height))
        skipped = min(max(0, skipped), max(0, lines(width: room.changes.width).count - room.changes.height))
    }

    package mutating func fit(in place: Rect, _ state: AppState) { settle(state) }

    /// A click chooses a step, a double click opens its form.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let steps = parts(place).steps
        guard steps.contains(x: mouse.x, y: mouse.y) else { return [] }
        let index = cursor.top + mouse.y - steps.y
        guard pipeline.steps.indices.contains(index) else { return [] }
        state.changeTop(PipelinePage.self) { page, state in
            (page.cursor.index, page.skipped) = (index, 0)
            page.settle(state)
        }
        state.pageChanged()
        return mouse.clicks == 2 ? state.perform(.stepChange) : []
    }

    /// Parts of the page: what it is of, the steps, and what the step under the cursor did; below each other where it is narrow.
    func parts(_ place: Rect) -> (head: Rect, steps: Rect, rule: Rect, changes: Rect) {
        let (head, rest) = StudioLayout.interior(place).splitTop(2)
        guard rest.width >= 76 else {
            let (steps, below) = rest.splitTop(min(max(3, pipeline.steps.count), max(3, rest.height / 3)))
            let (rule, changes) = below.splitTop(1)
            return (head, steps, rule, changes.inset(horizontal: 1, vertical: 0))
        }
        let width = min(56, max(26, rest.width * 2 / 5))
        let steps = Rect(x: rest.x, y: rest.y, width: width, height: rest.height)
        let rule = Rect(x: rest.x + width, y: rest.y, width: 1, height: rest.height)
        let changes = Rect(x: rule.maxX + 1, y: rest.y, width: max(0, rest.maxX - rule.maxX - 2), height: rest.height)
        return (head, steps, rule, changes)
    }
}
