extension AppState {
    mutating func performColumns(_ action: StudioAction) -> [Effect] {
        guard var chooser = popups.last as? ColumnChooser else { return [] }
        switch action {
        case .columnToggle: chooser.toggle()
        case .columnUp: chooser.move(-1)
        case .columnDown: chooser.move(1)
        case .columnNext: chooser.step(1)
        case .columnPrevious: chooser.step(-1)
        case .columnPageNext, .columnPagePrevious:
            chooser.page(action == .columnPageNext ? 1 : -1, rows: chooser.rows(in: chooser.place(on: size)).height)
        case .columnsAccept:
            popups.removeLast()
            return setColumns(chooser.chosen)
        case .columnsReset:
            popups.removeLast()
            return setColumns(nil)
        default: break
        }
        popups[popups.count - 1] = chooser
        return []
    }
}
