import CNcurses
import Cells

extension TerminalScreen {
    /// Shows a frame; what is outside the terminal is cut off.
    /// - Parameter cursor: where to show the terminal's cursor, for a field being edited.
    /// - Returns: how many bytes that took; about, where curses writes.
    @discardableResult
    public func present(_ buffer: CellBuffer, theme: Theme, cursor: (x: Int, y: Int)? = nil) -> Int {
        guard isActive, !isClosed else { return 0 }
        if theme != shownTheme {
            styles.removeAll()
            redraw()
            shownTheme = theme
        }
        if shown?.size != buffer.size { shown = nil }
        let isWhole = shown == nil
        let isCursorThere = inside(cursor).map { Rect(x: $0.x, y: $0.y, width: 1, height: 1) } == shownCursor
        guard isWhole || !isCursorThere || shown != buffer else { return 0 }
        shownCursor = inside(cursor).map { Rect(x: $0.x, y: $0.y, width: 1, height: 1) }
        if capabilities.isSynchronized { writeRaw(TerminalModes.beginFrame) }
        defer { if capabilities.isSynchronized { writeRaw(TerminalModes.endFrame) } }
        let before = shown
        shown = buffer
        let left = sixels?.left(showing: buffer.pictures) ?? []
        let count =
            writer == nil ? curse(buffer, after: before, theme, cursor) : send(buffer, after: before, left, theme, cursor)
        return count
            + show(buffer.pictures) { y in
                before.map { row(y, of: $0) != row(y, of: buffer) } ?? true || left.contains { ($0.y..<$0.maxY).contains(y) }
            }
    }

    private func inside(_ cursor: (x: Int, y: Int)?) -> (x: Int, y: Int)? {
        cursor.flatMap { $0.x >= 0 && $0.x < size.width && $0.y >= 0 && $0.y < size.height ? $0 : nil }
    }

    /// Writes what differs. Curses only clears the screen, where nothing of it is known.
    /// - Parameter left: where something else than cells was seen, so that they are written whatever they were.
    private func send(
        _ buffer: CellBuffer, after before: CellBuffer?, _ left: [Rect], _ theme: Theme, _ cursor: (x: Int, y: Int)?
    ) -> Int {
        if before == nil {
            werase(window)
            wnoutrefresh(window)
            doupdate()
        }
        let place = inside(cursor)
        writer?.begin()
        for y in 0..<min(buffer.size.height, size.height) {
            let cells = row(y, of: buffer)
            let covered = left.filter { ($0.y..<$0.maxY).contains(y) }
            if covered.isEmpty, let before, row(y, of: before) == cells { continue }
            var old = before.map { drawn(row(y, of: $0), theme) }
            for rect in covered {
                for x in (rect.x..<rect.maxX).clamped(to: 0..<(old?.count ?? 0)) { old?[x] = nil }
            }
            writer?.row(y, drawn(cells, theme), after: old)
        }
        writer?.end(cursor: place)
        let bytes = writer?.bytes ?? []
        writeRaw(bytes)
        if (place != nil) != isCursorVisible { curs_set(place == nil ? 0 : 1) }
        isCursorVisible = place != nil
        return bytes.count + (capabilities.isSynchronized ? (TerminalModes.beginFrame + TerminalModes.endFrame).utf8.count : 0)
    }

    private func row(_ y: Int, of buffer: CellBuffer) -> ArraySlice<Cell> {
        let start = y * buffer.size.width
        return buffer.cells[start..<(start + min(buffer.size.width, size.width))]
    }

    /// Has curses show a frame, on terminals that lack what writing it takes.
    private func curse(_ buffer: CellBuffer, after before: CellBuffer?, _ theme: Theme, _ cursor: (x: Int, y: Int)?) -> Int {
        var bytes = 0
        for y in 0..<min(buffer.size.height, size.height) {
            let cells = row(y, of: buffer)
            if let before, row(y, of: before) == cells { continue }
            put(drawn(cells, theme), row: y)
            bytes += cells.count
        }
        if let place = inside(cursor) {
            leaveok(window, false)
            wmove(window, Int32(place.y), Int32(place.x))
            if !isCursorVisible { curs_set(1) }
            isCursorVisible = true
        } else if isCursorVisible {
            curs_set(0)
            leaveok(window, true)
            isCursorVisible = false
        }
        wnoutrefresh(window)
        doupdate()
        return bytes
    }

    private func put(_ cells: [FrameWriter.Drawn?], row y: Int) {
        var line: [cchar_t] = []
        for case let cell? in cells {
            let pair = capabilities.depth == .mono ? 0 : colors.pair(cell.look.foreground, cell.look.background)
            for _ in 0..<(cell.isStandIn ? cell.width : 1) {
                line.append(cchar_t())
                cx_set_cell(&line, Int32(line.count - 1), cell.scalar.value, cell.look.attributes, pair)
            }
        }
        mvwadd_wchnstr(window, Int32(y), 0, line, Int32(line.count))
    }

    /// A row as the terminal can show it, a cell a column; nil for the right half of a wide character.
    private func drawn(_ cells: ArraySlice<Cell>, _ theme: Theme) -> [FrameWriter.Drawn?] {
        var drawn: [FrameWriter.Drawn?] = []
        drawn.reserveCapacity(cells.count)
        var isRightHalf = false
        for index in cells.indices {
            defer { isRightHalf = drawn.last.map { $0?.width == 2 } ?? false }
            if isRightHalf {
                drawn.append(nil)
                continue
            }
            let cell = cells[index]
            var one = FrameWriter.Drawn(scalar: " ", look: look(of: cell.style, theme))
            defer { drawn.append(one) }
            if cell.isContinuation { continue }
            let scalar = drawable(cell.scalar)
            let isFollowed = index + 1 < cells.endIndex && cells[index + 1].isContinuation
            switch (TextWidth.of(cell.scalar), TextWidth.of(scalar)) {
            // The right half of a wide character has no room beyond the edge.
            case (2, _) where !isFollowed: break
            // Stand-ins for a wide character take as much room, also where the C library disagrees about it.
            case (2, 1): (one.scalar, one.width, one.isStandIn) = (scalar, 2, true)
            case (2, _) where cx_width(scalar.value) != 2: (one.scalar, one.width, one.isStandIn) = ("?", 2, true)
            case (2, _): (one.scalar, one.width) = (scalar, 2)
            case (_, 1) where scalar.value < 0x300 || cx_width(scalar.value) == 1: one.scalar = scalar
            default: one.scalar = "?"
            }
        }
        return drawn
    }

    private func drawable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { return " " }
        return capabilities.isUnicode ? scalar : ASCIIReplacement.scalar(for: scalar)
    }

    private func look(of style: Style, _ theme: Theme) -> CellLook {
        if let look = styles[style] { return look }
        let resolved = theme.resolve(style, depth: capabilities.depth)
        let look = CellLook(
            attributes: CellLook.attributes(resolved.attributes),
            foreground: capabilities.depth == .mono ? nil : resolved.foreground,
            background: capabilities.depth == .mono ? nil : resolved.background,
            blank: resolved.attributes.isDisjoint(with: [.reverse, .underline])
                ? .some(capabilities.depth == .mono ? nil : resolved.background) : nil)
        styles[style] = look
        return look
    }
}
