import Cells

extension StudioLayout {
    /// A border where it stands.
    package struct PlacedBorder: Hashable, Sendable {
        package var border: PaneBorder
        /// What it divides.
        package var room: Rect
        /// Cells of the room before it.
        package var cells: Int

        package var length: Int { border.isVertical ? room.width : room.height }

        /// How far a place is behind it: 0 on the frame behind it, -1 on the one before it, which both are the border to the
        /// eye; nil beside it.
        func offset(atX x: Int, y: Int) -> Int? {
            guard room.contains(x: x, y: y) else { return nil }
            let offset = border.isVertical ? x - room.x - cells : y - room.y - cells
            return offset == 0 || offset == -1 ? offset : nil
        }

        /// Both lines of the frames that it is drawn with.
        var lines: Rect {
            border.isVertical
                ? Rect(x: room.x + cells - 1, y: room.y, width: 2, height: room.height)
                : Rect(x: room.x, y: room.y + cells - 1, width: room.width, height: 2)
        }
    }

    /// The border that makes a pane wider or taller; nil where its size is not to be chosen.
    package func border(of pane: Pane, isVertical: Bool) -> PlacedBorder? {
        guard let rect = panes[pane] else { return nil }
        return borders.first { placed in
            placed.border.isVertical == isVertical
                && (isVertical
                    ? placed.room.y <= rect.y && placed.room.maxY >= rect.maxY
                        && (rect.maxX == placed.room.x + placed.cells || rect.x == placed.room.x + placed.cells)
                    : placed.room.x <= rect.x && placed.room.maxX >= rect.maxX
                        && (rect.maxY == placed.room.y + placed.cells || rect.y == placed.room.y + placed.cells))
        }
    }
}

extension AppState {
    mutating func performPaneSize(_ action: StudioAction) -> [Effect] {
        guard action != .paneReset else {
            settings.paneSizes = PaneSizes()
            say("the panes are as large as usual", .text)
            return [.saveSettings(settings)]
        }
        let isVertical = action == .paneWider || action == .paneNarrower
        guard let rect = layout.panes[focus], let placed = layout.border(of: focus, isVertical: isVertical) else { return [] }
        let isBefore = isVertical ? rect.x < placed.room.x + placed.cells : rect.y < placed.room.y + placed.cells
        let grows = action == .paneWider || action == .paneTaller
        let before = layout
        settings.paneSizes.move(
            placed.border, to: placed.cells + (grows == isBefore ? 1 : -1) * (isVertical ? 2 : 1), of: placed.length)
        guard layout != before else {
            say("there is no more room to give", .text)
            return []
        }
        return [.saveSettings(settings)]
    }

    /// Takes hold of the borders at a cell; a double click gives the panes beside them their usual sizes.
    /// - Returns: nil when no border is there.
    mutating func pressBorder(_ mouse: MouseEvent) -> [Effect]? {
        let layout = layout
        guard !isOnScrollbar(mouse) else { return nil }
        let held = layout.borders.compactMap { placed in
            placed.offset(atX: mouse.x, y: mouse.y).map { HeldBorder(border: placed.border, offset: $0) }
        }
        guard !held.isEmpty else { return nil }
        if mouse.clicks == 2 {
            for border in held { settings.paneSizes[border.border] = nil }
            needsRedraw = true
            return [.saveSettings(settings)]
        }
        drag = .borders(held, before: settings.paneSizes)
        return []
    }

    /// Moves the held borders to the mouse.
    mutating func drag(_ held: [HeldBorder], to mouse: MouseEvent) {
        for border in held {
            // One may have moved the room of another.
            guard let placed = layout.borders.first(where: { $0.border == border.border }) else { continue }
            let place = placed.border.isVertical ? mouse.x - placed.room.x : mouse.y - placed.room.y
            settings.paneSizes.move(border.border, to: place - border.offset, of: placed.length)
        }
        needsRedraw = true
    }

    /// Where the borders stand that the mouse holds, to be drawn so.
    var heldBorders: [Rect] {
        guard case .borders(let held, _) = drag else { return [] }
        let layout = layout
        return held.compactMap { border in layout.borders.first { $0.border == border.border }?.lines }
    }

    /// Why the focused pane cannot be made wider or taller; nil when it can.
    func paneSizeRefusal(isVertical: Bool) -> String? {
        if isZoomed { return "the pane has the whole screen (z shows the others)" }
        if layout.borders.isEmpty { return "the screen is too small to share out: the focused pane gets the room" }
        guard layout.border(of: focus, isVertical: isVertical) == nil else { return nil }
        return isVertical ? "the pane has the whole width" : "the pane has the whole height"
    }
}
