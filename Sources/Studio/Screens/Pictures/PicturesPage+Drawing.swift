import Cells
import PrintableText

extension PicturesPage {
    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let (head, room) = parts(place)
        if let problem {
            return buffer.writeEmpty(
                [problem, "S says how large pictures are, C which column tells classes"], in: room, on: .popup)
        }
        guard let answer else {
            return buffer.writeEmpty(
                [question.wrongOf == nil ? "looking for pictures …" : "asking the model …"], in: room, on: .popup)
        }
        drawHead(answer, state, into: &buffer, in: head)
        let grid = grid(place)
        let shown = shown(grid)
        if shown.isEmpty {
            let none = question.wrongOf == nil ? "there is no picture" : "the model gets none of them wrong"
            return buffer.writeEmpty([answer.progress < 1 ? "looking for pictures …" : none], in: room, on: .popup)
        }
        if isBeside { drawNames(grid, into: &buffer, in: room) }
        for spot in shown {
            draw(
                tile(spot.section, spot.place), isHere: spot.section == section && spot.place == self.place, grid, state,
                into: &buffer, in: grid.place(spot.column, spot.line, in: room))
        }
        let lines = lines(grid)
        buffer.scrollbar(
            place, top: lines.top, shown: lines.shown, count: lines.count, Style(.borderFocused, on: .popup))
    }

    /// What the pictures are, which of them are shown, and what is under the cursor.
    private func drawHead(_ answer: PicturesAnswer, _ state: AppState, into buffer: inout CellBuffer, in head: Rect) {
        var which = TextLine()
        let all = answer.sections.reduce(0) { $0 + $1.count }
        if let run = question.wrongOf {
            let name = state.runs[run]?.record.name ?? run.text
            which.add("\(NumberFormat.grouped(all)) of \(NumberFormat.grouped(answer.lookedAt))", .text, .bold)
            which.add(" that \(name.printable) gets wrong", .warning)
        } else {
            which.add("\(NumberFormat.grouped(all)) pictures", .text, .bold)
        }
        if let column = answer.classColumn {
            which.add("   \(column.printable) ", .muted)
            if let chosen, answer.sections.indices.contains(chosen) {
                which.add(answer.sections[chosen].label?.printable ?? "none", .accent, .bold)
                which.add(" (\(NumberFormat.grouped(answer.sections[chosen].count)))", .muted)
            } else {
                which.add("\(NumberFormat.grouped(answer.sections.count)) classes side by side", .accent)
            }
        } else {
            which.add("   no column tells classes (C gives one)", .muted)
        }
        if answer.progress < 1 { which.add("   looking \(NumberFormat.percent(answer.progress))", .warning) }
        buffer.write(which, x: head.x + 1, y: head.y, on: .popup, clip: head)
        let facts = ([answer.words] + answer.notes).joined(separator: "; ")
        buffer.write(facts.printable, x: head.x + 1, y: head.y + 1, Style(.muted, on: .popup), clip: head)
    }

    /// The names of classes that stand beside each other, each with its pictures.
    private func drawNames(_ grid: PictureGrid, into buffer: inout CellBuffer, in room: Rect) {
        for line in 0..<grid.down {
            let index = lines(grid).top + line
            guard sections.indices.contains(index) else { break }
            let place = Rect(
                x: room.x, y: room.y + line * (grid.picture.height + 1), width: grid.gutter - 1, height: grid.picture.height
            ).intersection(room)
            let isHere = index == section
            let label = (sections[index].label ?? "none").printable.shortenedAtEnd(to: max(1, grid.gutter - 2))
            buffer.write(label, x: place.x, y: place.y, Style(isHere ? .title : .accent, on: .popup, .bold), clip: place)
            buffer.write(
                NumberFormat.grouped(sections[index].count), x: place.x, y: place.y + 1, Style(.muted, on: .popup), clip: place)
        }
    }

    private func draw(
        _ tile: PicturesAnswer.Tile?, isHere: Bool, _ grid: PictureGrid, _ state: AppState, into buffer: inout CellBuffer,
        in place: Rect
    ) {
        guard let tile else {
            buffer.write("…", x: place.x, y: place.y, Style(.faint, on: .popup), clip: place)
            return
        }
        let cells = PictureCells(
            tile.picture, size: grid.picture, glyphs: state.settings.glyphs, isColorless: state.isColorless)
        cells.draw(into: &buffer, x: place.x, y: place.y, clip: place, on: .popup)
        let line = Rect(x: place.x, y: place.y + grid.picture.height, width: place.width, height: 1).intersection(place)
        buffer.write(Self.caption(tile), x: line.x, y: line.y, on: .popup, clip: line)
        if isHere { buffer.highlight(line) }
    }

    /// `1,043 7`; of one that a model gets wrong `1,043 7→1 93 %`.
    private static func caption(_ tile: PicturesAnswer.Tile) -> TextLine {
        var line = TextLine(NumberFormat.grouped(tile.row + 1), .muted)
        if let label = tile.label { line.add(" " + label.printable, tile.predicted == nil ? .accent : .good, .bold) }
        if let predicted = tile.predicted { line.add("→" + predicted.printable, .bad, .bold) }
        if let sureness = tile.sureness { line.add(" " + NumberFormat.percent(sureness), .muted) }
        return line
    }
}
