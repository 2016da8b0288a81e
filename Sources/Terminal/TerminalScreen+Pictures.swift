import CNcurses
import Cells

extension TerminalScreen {
    /// Asks the terminal whether it shows pictures as pixels; what it answers are events. One within another, which would have to pass
    /// pictures on, is not asked.
    public func askForPictures() {
        let environment = options.environment
        let isWithin = ["TMUX", "STY", "CI"].contains { !(environment[$0] ?? "").isEmpty }
        guard isActive, !isClosed, TerminalKind(environment).family == .emulator, !isWithin else { return }
        asksForPictures = true
        writeRaw(KittyPictures.question + Self.cellQuestion + Self.attributesQuestion)
    }

    /// How many pixels a cell has, and what every terminal answers, so that no answer to what stands before it is known too.
    private static let cellQuestion = "\u{1B}[16t"
    private static let attributesQuestion = "\u{1B}[c"

    /// What an event means: where the terminal has sixels, its answers together say that it shows pictures.
    public func understood(_ event: InputEvent) -> InputEvent {
        guard asksForPictures else { return event }
        switch event {
        // Kitty's pictures are kept by the terminal, and go before.
        case .showsPictures: (hasKittyPictures, sixels) = (true, nil)
        case .hasSixels:
            guard !hasKittyPictures, writer != nil, let cell = cellPixels else { return event }
            sixels = SixelPictures(cell: cell)
            return .showsPictures
        case .cellMeasured(let cell):
            answeredCell = cell
            guard let sixels, let cell = cellPixels, sixels.cell != cell else { return event }
            self.sixels = SixelPictures(cell: cell)
            redraw()
            return .showsPictures
        default: break
        }
        return event
    }

    /// Pixels of a cell: by the system, which most terminals tell, else by the terminal's answer.
    private var cellPixels: Size? { systemCell ?? answeredCell }

    private var systemCell: Size? {
        var width: Int32 = 0, height: Int32 = 0
        guard cx_window_pixels(options.output, &width, &height) == 0, width >= size.width, height >= size.height else {
            return nil
        }
        return Size(width: Int(width) / size.width, height: Int(height) / size.height)
    }

    /// After another size, or other letters, a cell may have other pixels.
    func measureCell() {
        guard let sixels else { return }
        guard let cell = systemCell else { return writeRaw(Self.cellQuestion) }
        if cell != sixels.cell { self.sixels = SixelPictures(cell: cell) }
    }

    /// Takes all pictures away, where the terminal keeps them; they are sent anew with the next frame.
    func forgetPictures() {
        if hasPictures, sixels == nil { writeRaw(KittyPictures.removal) }
        pictures.forget()
        sixels?.forget()
        hasPictures = false
    }

    /// Shows a frame's pictures, after its cells so that they lie on what was written.
    /// - Parameter isWritten: whether anything was written into a row of cells.
    /// - Returns: bytes that it took.
    func show(_ placed: [PlacedPicture], isWritten: (Int) -> Bool) -> Int {
        guard hasPictures || !placed.isEmpty else { return 0 }
        let bytes = sixels?.bytes(showing: placed, isWritten: isWritten) ?? pictures.bytes(showing: placed)
        writeRaw(bytes)
        hasPictures = true
        return bytes.count
    }
}
