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
    var colors: ColorPairs
    /// What is on the screen; nil when it has to be drawn anew.
    var shown: CellBuffer?
    var shownTheme: Theme?
    var styles: [Style: CellLook] = [:]
    var pictures = KittyPictures()
    /// nil where the terminal has none, or kitty's.
    var sixels: SixelPictures?
    /// Whether the terminal was asked about pictures, and said that it has kitty's.
    var asksForPictures = false, hasKittyPictures = false
    /// Pixels of a cell, as the terminal said.
    var answeredCell: Size?
    /// nil where curses writes.
    var writer: FrameWriter?
    var isCursorVisible = false
    /// The cell that the cursor is shown in.
    var shownCursor: Rect?
    /// Whether the terminal was sent pictures.
    var hasPictures = false
    private(set) var isActive = true
    private(set) var isClosed = false

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
        writer = FrameWriter()
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
        forgetPictures()
        if capabilities.isModern { writeRaw(TerminalModes.leave) }
        curs_set(1)
        isCursorVisible = true
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
        forgetPictures()
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
        let isOther = now != size
        size = now
        measureCell()
        return isOther
    }

    // MARK: - Writing

    /// Writes to the terminal past curses.
    func writeRaw(_ text: String) { writeRaw(Array(text.utf8)) }

    func writeRaw(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes
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
