import Cells
import CheckedNumbers
import Events

/// Rows of a data set seen as pictures: all classes beside each other, a line each, or those of one class; or those that a run's
/// model gets wrong.
package struct PicturesPage: Screen {
    package private(set) var question: PictureQuestion
    package private(set) var answer: PicturesAnswer?
    package internal(set) var problem: String?
    package var reading = Reading()
    /// The class that is shown alone, by its place; nil = all beside each other.
    package private(set) var chosen: Int?
    /// The class and the picture in it under the cursor.
    package private(set) var section = 0
    package private(set) var place = 0
    /// The first class, or the first line of a class's pictures, that is in view; and the first picture of each line where classes
    /// stand beside each other.
    private var top = 0, left = 0
    private(set) var zoom = 0
    private var tiles: [Spot: PicturesAnswer.Tile] = [:]
    private var answered: ReadPictures?

    private struct Spot: Hashable { var section: Int, place: Int }
    /// Pictures that are kept: some pages of small ones.
    private static let mostTiles = 4_000

    init(_ question: PictureQuestion) { self.question = question }

    package var contexts: [KeyContext] { [.pictures] }
    package var wheel: (up: StudioAction, down: StudioAction)? { (.pictureUp, .pictureDown) }
    package func title(_ state: AppState) -> String { "Pictures: \(question.file.name)" }
    package func crumb(_ state: AppState) -> String { "pictures" }
    package func document(_ state: AppState, width: Int) -> Document { Document() }
    package func query(_ state: AppState) -> (any StudioQuery)? { ReadPictures(question) }

    // MARK: - What there is

    var sections: [PicturesAnswer.Section] { answer?.sections ?? [] }
    /// Whether classes stand beside each other, a line each.
    var isBeside: Bool { chosen == nil && sections.count > 1 }
    /// Pictures of the class under the cursor.
    private var count: Int { sections.indices.contains(section) ? sections[section].count : 0 }

    func tile(_ section: Int, _ place: Int) -> PicturesAnswer.Tile? { tiles[Spot(section: section, place: place)] }
    /// The picture under the cursor; nil where it was not read yet.
    package var tile: PicturesAnswer.Tile? { tile(section, place) }

    mutating func take(_ answer: PicturesAnswer, to query: ReadPictures) {
        if self.answer?.sections != answer.sections || tiles.count > Self.mostTiles { tiles = [:] }
        for tile in answer.tiles { tiles[Spot(section: tile.section, place: tile.place)] = tile }
        (self.answer, problem, answered) = (answer, nil, query)
    }

    /// Looks at other pictures of the file.
    mutating func ask(_ next: PictureQuestion) {
        let isOther = next.classColumn != question.classColumn || next.wrongOf != question.wrongOf || next.shape != question.shape
        question = next
        (tiles, answered, problem) = ([:], nil, nil)
        if isOther { (answer, chosen, section, place, top, left) = (nil, nil, 0, 0, 0, 0) }
    }

    // MARK: - What is in view

    func parts(_ place: Rect) -> (head: Rect, room: Rect) {
        let (head, room) = StudioLayout.interior(place).splitTop(3)
        return (head, room.inset(horizontal: 1, vertical: 0))
    }

    func grid(_ place: Rect) -> PictureGrid {
        PictureGrid(
            parts(place).room, pixels: Size(width: answer?.width ?? 1, height: answer?.height ?? 1), zoom: zoom,
            gutter: isBeside ? gutter : 0, isWrong: question.wrongOf != nil)
    }

    private var gutter: Int { min(18, max(8, (sections.map { TextWidth.of($0.label ?? "none") }.max() ?? 0) + 2)) }

    /// The pictures that are in view, with the column and the line that each stands in.
    func shown(_ grid: PictureGrid) -> [(column: Int, line: Int, section: Int, place: Int)] {
        (0..<grid.down).flatMap { line in
            (0..<grid.across).compactMap { column -> (column: Int, line: Int, section: Int, place: Int)? in
                let section = isBeside ? top + line : self.section
                let place = isBeside ? left + column : (top + line) * grid.across + column
                guard sections.indices.contains(section), place < sections[section].count else { return nil }
                return (column, line, section, place)
            }
        }
    }

    /// What has to be read for what is in view; nil when it is there.
    func picturesQuery(_ state: AppState) -> ReadPictures? {
        guard let answer, answer.progress >= 1 else { return nil }
        let grid = grid(place(on: state.size)), shown = shown(grid)
        guard shown.contains(where: { tile($0.section, $0.place) == nil }) else { return nil }
        let windows =
            isBeside
            ? Set(shown.map(\.section)).sorted().map { ReadPictures.Window(section: $0, first: left, count: grid.across) }
            // One page further than is seen.
            : [ReadPictures.Window(section: section, first: top * grid.across, count: 2 * grid.across * grid.down)]
        let query = ReadPictures(question, windows)
        return answered == query ? nil : query
    }

    // MARK: - Going about

    mutating func perform(_ action: StudioAction, _ state: AppState) {
        let grid = grid(place(on: state.size)), page = grid.across * grid.down
        switch action {
        case .pictureRight: place += 1
        case .pictureLeft: place -= 1
        case .pictureDown: if isBeside { section += 1 } else if place + grid.across < count { place += grid.across }
        case .pictureUp: if isBeside { section -= 1 } else if place >= grid.across { place -= grid.across }
        case .picturePageDown: place += isBeside ? grid.across : page
        case .picturePageUp: place -= isBeside ? grid.across : page
        case .pictureStart: place = 0
        case .pictureEnd: place = count - 1
        case .pictureNextClass, .picturePreviousClass: choose(by: action == .pictureNextClass ? 1 : -1)
        case .pictureLarger: zoom += 1
        case .pictureSmaller: zoom -= 1
        default: break
        }
        zoom = min(max(zoom, -5), 5)
        settle(place(on: state.size))
    }

    /// Goes from all classes beside each other to the first, from one to the next, and from the last back to all.
    private mutating func choose(by step: Int) {
        guard sections.count > 1 else { return }
        let count = sections.count + 1, next = ((chosen.map { $0 + 1 } ?? 0) + step + count) % count
        show(class: next == 0 ? nil : next - 1)
    }

    /// Shows a class alone, by its place, or all of them.
    mutating func show(class next: Int?) {
        chosen = next
        if let next { section = next }
        (place, top, left) = (0, 0, 0)
    }

    package mutating func fit(in place: Rect, _ state: AppState) { settle(place) }

    /// Keeps the cursor among what there is, and in view.
    private mutating func settle(_ rect: Rect) {
        if let chosen, !sections.indices.contains(chosen) { self.chosen = nil }
        section = min(max(0, section), max(0, sections.count - 1))
        place = min(max(0, place), max(0, count - 1))
        let grid = grid(rect)
        if isBeside {
            top = min(max(top, section - grid.down + 1), section)
            left = min(max(left, place - grid.across + 1), place)
            top = min(top, max(0, sections.count - grid.down))
        } else {
            let line = place / grid.across
            top = min(max(top, line - grid.down + 1), line)
            left = 0
        }
    }

    package mutating func scroll(to share: Double, in place: Rect, _ state: AppState) -> Bool {
        let grid = grid(place)
        guard !isBeside, count > grid.across * grid.down else { return false }
        self.place = Int(nearestWithin: Double(count - 1) * share)
        settle(place)
        return true
    }

    /// Lines above what is in view, in view, and in all, for the scrollbar.
    func lines(_ grid: PictureGrid) -> (top: Int, shown: Int, count: Int) {
        (top, grid.down, isBeside ? sections.count : (count + grid.across - 1) / grid.across)
    }

    /// A click chooses a picture, a double click leads to its row.
    package func click(_ mouse: MouseEvent, in place: Rect, _ state: inout AppState) -> [Effect] {
        let grid = grid(place), room = parts(place).room
        guard let hit = shown(grid).first(where: { grid.place($0.column, $0.line, in: room).contains(x: mouse.x, y: mouse.y) })
        else { return [] }
        state.changeTop(PicturesPage.self) { page, _ in
            (page.section, page.place) = (hit.section, hit.place)
            page.settle(place)
        }
        state.pageChanged()
        return mouse.clicks == 2 ? state.perform(.pictureRow) : []
    }
}
