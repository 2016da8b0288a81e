import Cells

/// The messages of this session, newest first.
package struct LogPage: Screen {
    package var reading = Reading()

    init() {}

    /// Narrower than the screen, since lines of text are.
    package func place(on screen: Size) -> Rect { StudioLayout.roomy(screen).centred(width: 108, height: screen.height) }

    package func title(_ state: AppState) -> String { "Log" }

    package func document(_ state: AppState, width: Int) -> Document {
        if state.log.isEmpty { return Document([TextLine("Nothing was logged yet.", .muted)]) }
        let names = ObjectNames(state, in: state.log.lazy.map(\.text))
        return Document(
            state.log.reversed().map { entry in
                var line = TextLine(NumberFormat.clock(entry.time, utcOffsetSeconds: state.utcOffsetSeconds) + "  ", .muted)
                line.parts += names.parts(entry.text, entry.role)
                return line
            })
    }
}
