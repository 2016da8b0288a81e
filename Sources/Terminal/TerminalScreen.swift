import CNcurses
import Cells
import Glibc

/// The terminal's screen: opened once, shown one frame after another, and given back as it was found. Curses is not made for
/// threads, so all of this belongs to the main one.
@MainActor
public final class TerminalScreen {
    /// What `open` may be told.
    public struct Options: Sendable {
        public var input: Int32 = STDIN_FILENO
        public var output: Int32 = STDOUT_FILENO
        public var environment: [String: String]
        public var usesMouse = true
        /// For output that is no terminal: tests.
        public var fixedSize: Size?

        public init(environment: [String: String]) { self.environment = environment }
    }

    public let capabilities: TerminalCapabilities
    /// The size as of the last `updateSize`.
    public private(set) var size: Size
    /// Keys typed before the screen was open, to be fed to the decoder first.
    public private(set) var typedAhead: [UInt8] = []

    let options: Options
    private let handle: OpaquePointer
    let window: UnsafeMutablePointer<WINDOW>
    private let files: (input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>)
    private let savedModes: termios?
    private var colors: ColorPairs
    /// What is on the screen; nil when it has to be drawn anew.
    private var shown: CellBuffer?
    private var shownTheme: Theme?
    private var styles: [Style: CellLook] = [:]
    private var row: [cchar_t] = []
    private var isCursorVisible = false
    private var isActive = true
    private var isClosed = false

    // MARK: - Opening

    /// Takes the terminal over.
    /// - Throws: `.notATerminal` if output or input is none, `.unknownTerminal` if no description fits.
    public static func open(_ options: Options) throws(TerminalError) -> TerminalScreen {
        if options.fixedSize == nil, isatty(options.output) == 0 || isatty(options.input) == 0 {
            throw TerminalError(
                code: .notATerminal, message: "not a terminal: start it in one, or use a subcommand (descent help)",
                operation: "isatty")
        }
        return try TerminalScreen(options)
    }

    private init(_ options: Options) throws(TerminalError) {
        self.options = options
        var modes = termios()
        savedModes = tcgetattr(options.input, &modes) == 0 ? modes : nil
        let term = options.environment["TERM"] ?? "", kind = TerminalKind(options.environment)
        guard kind.family != .dumb else { throw Self.dumb(term) }
        let isUnicode = TerminalCapabilities.chooseLocale(options.environment)
        // LINES and COLUMNS would override the terminal's own size. Without that curses knows no size where the description has none,
        // as the Linux console's, and opens nothing.
        use_env(false)
        use_tioctl(true)
        let input = try Self.stream(options.input, "r"), output = try Self.stream(options.output, "w")
        files = (input, output)
        guard let (handle, name) = Self.newTerminal(kind.descriptions, input: input, output: output) else {
            fclose(input)
            fclose(output)
            throw TerminalError(
                code: .unknownTerminal,
                message:
                    "this machine has no description of TERM=\(term), nor of \(kind.descriptions.dropFirst().joined(separator: ", ")): "
                    + "install ncurses-base, or say in TERMINFO where descriptions are",
                operation: "newterm")
        }
        guard let window = cx_screen() else {
            throw TerminalError(code: .unknownTerminal, message: "curses gave no screen", operation: "newterm")
        }
        self.handle = handle
        self.window = window
        raw()
        noecho()
        nonl()
        start_color()
        use_default_colors()
        typeahead(-1)
        leaveok(window, true)
        idlok(window, false)
        curs_set(0)
        capabilities = TerminalCapabilities(
            options.environment, description: name, colors: has_colors() ? cx_colors() : 0, isUnicode: isUnicode)
        colors = ColorPairs(limit: Int(cx_color_pairs()))
        size = Size(width: Int(getmaxx(window)), height: Int(getmaxy(window)))
        updateSize()
        takeTypedAhead()
        enter()
    }

    private static func dumb(_ term: String) -> TerminalError {
        TerminalError(
            code: .unknownTerminal,
            message:
                "TERM=\(term) is a terminal that cannot move its cursor, which the studio needs: start it in another one (if this one "
                + "can, set TERM, such as TERM=xterm-256color), or see `descent runs list` and `descent frame`, which do without",
            operation: "newterm")
    }

    private static func stream(_ descriptor: Int32, _ mode: String) throws(TerminalError) -> UnsafeMutablePointer<FILE> {
        // A copy, so that closing the stream leaves the descriptor open.
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0, let file = fdopen(copy, mode) else {
            throw TerminalError(
                code: .systemCall, message: "fdopen: \(String(cString: strerror(errno)))", operation: "fdopen")
        }
        return file
    }

    private static func newTerminal(
        _ names: [String], input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>
    ) -> (OpaquePointer, String)? {
        for name in names {
            if let handle = name.withCString({ newterm($0, output, input) }) { return (handle, name) }
        }
        return nil
    }

    /// Keys typed while the program started are kept, but not sequences: a reply to somebody else's question, or half of one.
    private func takeTypedAhead() {
        guard options.fixedSize == nil else { return }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var ready = pollfd(fd: options.input, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, 0) > 0, ready.revents & Int16(POLLIN) != 0 {
            let count = read(options.input, &bytes, bytes.count)
            if count <= 0 { break }
            typedAhead += bytes[0..<count]
        }
        if typedAhead.contains(0x1B) { typedAhead = [] }
    }

    // MARK: - Entering and leaving

    private func enter() {
        TerminalGuard.arm(
            output: options.output, input: options.input, modes: savedModes,
            bytes: capabilities.isModern ? TerminalModes.restore : TerminalModes.restorePlain)
        guard capabilities.isModern else { return }
        writeRaw(TerminalModes.enter + (options.usesMouse ? TerminalModes.mouse : ""))
    }

    private func leave() {
        if capabilities.isModern { writeRaw(TerminalModes.leave) }
        curs_set(1)
        endwin()
        fflush(files.output)
        if var savedModes { tcsetattr(options.input, TCSADRAIN, &savedModes) }
        TerminalGuard.disarm()
    }

    /// Gives the terminal back. Afterwards nothing is shown any more.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        if isActive { leave() }
        delscreen(handle)
        fclose(files.input)
        fclose(files.output)
    }

    /// Gives the terminal back, stops the process as Ctrl-Z does, and takes the terminal again when it is continued.
    public func suspend() {
        guard isActive, !isClosed else { return }
        leave()
        isActive = false
        TerminalGuard.stopProcess()
        resume()
    }

    /// Takes the terminal (again): after a stop that nobody announced, too. Everything is drawn anew.
    public func resume() {
        guard !isClosed else { return }
        reset_prog_mode()
        raw()
        noecho()
        nonl()
        isActive = true
        enter()
        updateSize()
        redraw()
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    public func redraw() {
        shown = nil
        cx_forget_screen()
    }

    /// Asks for the terminal's size.
    /// - Returns: whether it has changed.
    @discardableResult
    public func updateSize() -> Bool {
        var width: Int32 = 0, height: Int32 = 0
        if let fixed = options.fixedSize {
            (width, height) = (Int32(fixed.width), Int32(fixed.height))
        } else if cx_window_size(options.output, &width, &height) != 0 || width <= 0 || height <= 0 {
            (width, height) = (getmaxx(window), getmaxy(window))
        }
        let now = Size(width: Int(max(1, min(width, 4096))), height: Int(max(1, min(height, 4096))))
        if getmaxx(window) != Int32(now.width) || getmaxy(window) != Int32(now.height) {
            resizeterm(Int32(now.height), Int32(now.width))
            redraw()
        }
        defer { size = now }
        return now != size
    }

    // MARK: - Frames

    /// Shows a frame; what is outside the terminal is cut off.
    /// - Parameter cursor: where to show the terminal's cursor, for a field being edited.
    public func present(_ buffer: CellBuffer, theme: Theme, cursor: (x: Int, y: Int)? = nil) {
        guard isActive, !isClosed else { return }
        if theme != shownTheme {
            styles.removeAll()
            shown = nil
            shownTheme = theme
        }
        let isSameSize = shown?.size == buffer.size
        var isChanged = shown == nil || (cursor != nil) != isCursorVisible || cursor != nil
        let width = min(buffer.size.width, size.width)
        for y in 0..<min(buffer.size.height, size.height) {
            let cells = buffer.cells[(y * buffer.size.width)..<(y * buffer.size.width + width)]
            if isSameSize, let shown, shown.cells[cells.indices] == cells { continue }
            put(cells, row: y, theme: theme)
            isChanged = true
        }
        shown = buffer
        if isChanged { flush(cursor) }
    }

    private func put(_ cells: ArraySlice<Cell>, row y: Int, theme: Theme) {
        if row.count < cells.count { row = Array(repeating: cchar_t(), count: cells.count) }
        var count = 0
        var column = 0
        var previous: CellLook?
        for cell in cells {
            column += 1
            if cell.isContinuation { continue }
            var look = look(of: cell.style, theme)
            if cell.scalar == " ", let previous, Self.isShortGap(cells, at: cells.startIndex + column - 1),
                let blank = look.blank,
                previous.blank == .some(blank)
            {
                look = previous
            }
            previous = look
            var scalar = drawable(cell.scalar)
            // The right half of a wide character has no room beyond the edge.
            if TextWidth.of(scalar) == 2, column == cells.count { scalar = " " }
            count += set(scalar, look, at: count)
            // A stand-in for a wide character takes as much room.
            if TextWidth.of(cell.scalar) == 2, TextWidth.of(scalar) == 1, column < cells.count {
                count += set(scalar, look, at: count)
            }
        }
        mvwadd_wchnstr(window, Int32(y), 0, row, Int32(count))
    }

    /// Whether a blank stands among other characters: in the looks of the one before it, it costs no change of looks. A long gap
    /// would be written anew whenever that character changes.
    private static func isShortGap(_ cells: ArraySlice<Cell>, at index: Int) -> Bool {
        let around = cells[max(cells.startIndex, index - longestGap)..<min(cells.endIndex, index + longestGap + 1)]
        guard let next = around[index...].firstIndex(where: { $0.scalar != " " }),
            let before = around[..<index].lastIndex(where: { $0.scalar != " " })
        else { return false }
        return next - before - 1 <= longestGap
    }

    private static let longestGap = 4

    /// Writes a character to the row; two stand-ins where the C library disagrees about its width.
    private func set(_ scalar: Unicode.Scalar, _ look: CellLook, at index: Int) -> Int {
        let width = TextWidth.of(scalar)
        if width == 1, scalar.value < 0x300 || cx_width(scalar.value) == 1 {
            cx_set_cell(&row, Int32(index), scalar.value, look.attributes, look.pair)
            return 1
        }
        if width == 2, cx_width(scalar.value) == 2 {
            cx_set_cell(&row, Int32(index), scalar.value, look.attributes, look.pair)
            return 1
        }
        for offset in 0..<max(1, width) {
            cx_set_cell(&row, Int32(index + offset), 0x3F, look.attributes, look.pair)
        }
        return max(1, width)
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
            pair: capabilities.depth == .mono ? 0 : colors.pair(resolved.foreground, resolved.background),
            blank: resolved.attributes.isDisjoint(with: [.reverse, .underline]) ? .some(resolved.background) : nil)
        styles[style] = look
        return look
    }

    private func flush(_ cursor: (x: Int, y: Int)?) {
        if let cursor, cursor.x >= 0, cursor.x < size.width, cursor.y >= 0, cursor.y < size.height {
            leaveok(window, false)
            wmove(window, Int32(cursor.y), Int32(cursor.x))
            if !isCursorVisible { curs_set(1) }
            isCursorVisible = true
        } else if isCursorVisible {
            curs_set(0)
            leaveok(window, true)
            isCursorVisible = false
        }
        wnoutrefresh(window)
        // Curses writes everything at the end of doupdate, so the marks stand around the frame.
        if capabilities.isSynchronized { writeRaw(TerminalModes.beginFrame) }
        doupdate()
        if capabilities.isSynchronized { writeRaw(TerminalModes.endFrame) }
    }

    /// Writes to the terminal past curses.
    func writeRaw(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = write(options.output, base, rest.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}

/// xterm's private modes: bracketed paste 2004, focus 1004, mouse with drags 1002 as SGR 1006, synchronized output 2026.
enum TerminalModes {
    static let enter = "\u{1B}[?2004h\u{1B}[?1004h"
    static let mouse = "\u{1B}[?1002h\u{1B}[?1006h"
    static let leave = "\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l"
    static let beginFrame = "\u{1B}[?2026h"
    static let endFrame = "\u{1B}[?2026l"
    /// For a crash: all of it without curses.
    /// The same where only colours and the cursor were changed.
    static let restorePlain = "\u{1B}[0m\u{1B}[?25h\r\n"
    static let restore = leave + "\u{1B}[0m\u{1B}[?25h\u{1B}[?1l\u{1B}>\u{1B}[?1049l\r"
}
