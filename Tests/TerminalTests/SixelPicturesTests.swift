import Cells
import Glibc
import Pictures
import PseudoTerminals
import Testing

@testable import Terminal

/// Pictures for terminals that have sixels: when they are sent, what takes them away, and what the terminal has to have said.
@Suite struct SixelPicturesTests {
    private func picture(_ name: String, at place: Rect, rows: Int = 4, hidden: Int = 0) -> PlacedPicture {
        let pixels = Picture(
            width: 4, height: 4, pixels: (0..<16).flatMap { place in [UInt8(clamping: place * 16), 0, 0, 255] })
        return PlacedPicture(
            PictureFile(base64: name, width: 4, height: 4, pixels: pixels), in: place, rows: rows, hiddenRows: hidden)
    }

    @Test func aPictureIsSentWhereItsRowsWereWritten() {
        var pictures = SixelPictures(cell: Size(width: 8, height: 17))
        func sent(_ shown: [PlacedPicture], written: Set<Int>) -> String {
            String(decoding: pictures.bytes(showing: shown, isWritten: written.contains), as: UTF8.self)
        }
        let whole = picture("A", at: Rect(x: 3, y: 5, width: 10, height: 4))
        // 4 rows of 17 pixels are 68, of which 66 are whole bands of six.
        let first = sent([whole], written: [])
        #expect(first.hasPrefix("\u{1B}7\u{1B}[6;4H\u{1B}P0;1;0q\"1;1;80;66") && first.hasSuffix("\u{1B}\\\u{1B}8"))
        #expect(sent([whole], written: [0, 1, 4, 9]).isEmpty)
        #expect(sent([whole], written: [8]) == first)
        // Half out of view it is the lower half.
        let half = picture("A", at: Rect(x: 3, y: 1, width: 10, height: 2), hidden: 2)
        #expect(pictures.left(showing: [half]) == [whole.place])
        #expect(sent([half], written: []).contains("[2;4H\u{1B}P0;1;0q\"1;1;80;30"))
        #expect(pictures.left(showing: [half]).isEmpty && pictures.left(showing: []) == [half.place])
        #expect(sent([], written: [1]).isEmpty)
        pictures.forget()
        #expect(pictures.left(showing: []).isEmpty)
    }

    @Test func answersAreReadAndOnlyFourIsSixels() {
        var decoder = InputDecoder()
        func events(_ text: String) -> [InputEvent] { decoder.feed(text.utf8) }
        #expect(events("\u{1B}[6;17;8t\u{1B}[?62;4;22c") == [.cellMeasured(Size(width: 8, height: 17)), .hasSixels])
        #expect(events("\u{1B}[?62;22c\u{1B}[?4c\u{1B}[?64;14;40c\u{1B}[>41;4;0c") == [])
        #expect(events("\u{1B}[6;0;8t\u{1B}[6;9999;8t\u{1B}[4;600;800t\u{1B}[8;24;80t") == [])
    }
}

@MainActor
@Suite(.serialized) struct SixelScreenTests {
    private func frame(_ pictures: [PlacedPicture], _ lines: [Int: String] = [:]) -> CellBuffer {
        var buffer = CellBuffer(size: Size(width: 30, height: 8))
        for (y, line) in lines { buffer.write(line, x: 0, y: y, .text) }
        buffer.pictures = pictures
        return buffer
    }

    private func picture(_ place: Rect) -> PlacedPicture {
        let pixels = Picture(width: 2, height: 2, pixels: [UInt8](repeating: 255, count: 16))
        return PlacedPicture(
            PictureFile(base64: "A", width: 2, height: 2, pixels: pixels), in: place, rows: place.height, hiddenRows: 0)
    }

    private func open(_ terminal: PseudoTerminal) throws -> TerminalScreen {
        setenv("LC_ALL", "C.UTF-8", 1)
        var options = TerminalScreen.Options(environment: TerminalScreenTests.utf8)
        (options.input, options.output) = (terminal.slave, terminal.slave)
        return try TerminalScreen.open(options)
    }

    /// What was written since the last time.
    private func written(_ terminal: PseudoTerminal, _ seen: inout Int) -> String {
        // All of it is there already, however slowly it is read.
        while terminal.pump(milliseconds: 100) {}
        defer { seen = terminal.output.count }
        return String(decoding: terminal.output[seen...], as: UTF8.self)
    }

    @Test func sixelsAreShownWhereTheTerminalHasThemAndKittysGoBefore() throws {
        let terminal = try PseudoTerminal(width: 30, height: 8)
        let screen = try open(terminal)
        defer { screen.close() }
        // What nobody asked for says nothing.
        #expect(screen.understood(.hasSixels) == .hasSixels)
        screen.askForPictures()
        // Without a cell's size there is no telling how large a picture is to be.
        #expect(screen.understood(.hasSixels) == .hasSixels)
        #expect(screen.understood(.cellMeasured(Size(width: 8, height: 12))) == .cellMeasured(Size(width: 8, height: 12)))
        #expect(screen.understood(.hasSixels) == .showsPictures)
        #expect(screen.sixels != nil)
        // Another size of letters, another picture.
        #expect(screen.understood(.cellMeasured(Size(width: 16, height: 24))) == .showsPictures)
        #expect(screen.sixels?.cell == Size(width: 16, height: 24))
        #expect(screen.understood(.showsPictures) == .showsPictures && screen.sixels == nil)
        #expect(screen.understood(.hasSixels) == .hasSixels)
    }

    @Test func aPictureThatMovesLeavesNoPixelsBehind() throws {
        let terminal = try PseudoTerminal(width: 30, height: 8)
        let screen = try open(terminal)
        defer { screen.close() }
        screen.askForPictures()
        _ = screen.understood(.cellMeasured(Size(width: 8, height: 12)))
        _ = screen.understood(.hasSixels)
        var seen = 0
        screen.present(frame([picture(Rect(x: 2, y: 1, width: 5, height: 2))], [7: "a"]), theme: .descentDark)
        #expect(written(terminal, &seen).contains("\u{1B}[2;3H\u{1B}P0;1;0q\"1;1;40;24"))
        // Elsewhere something is written: the picture stays.
        screen.present(frame([picture(Rect(x: 2, y: 1, width: 5, height: 2))], [7: "b"]), theme: .descentDark)
        let other = written(terminal, &seen)
        #expect(other.contains("b") && !other.contains("\u{1B}P"))
        // In its rows something is written: it is sent again, after that.
        screen.present(frame([picture(Rect(x: 2, y: 1, width: 5, height: 2))], [1: "x", 7: "b"]), theme: .descentDark)
        let beside = written(terminal, &seen)
        #expect(beside.contains("x") && beside.contains("\u{1B}P0;1;0q"))
        // Gone: its cells are written anew, although they were blank and are.
        screen.present(frame([], [1: "x", 7: "b"]), theme: .descentDark)
        let gone = written(terminal, &seen)
        #expect(
            !gone.contains("\u{1B}P") && gone.split(separator: "     ", omittingEmptySubsequences: false).count == 3,
            "\(gone.debugDescription)")
        #expect(terminal.screen.lines[1] == "x" && terminal.screen.lines[7] == "b")
    }
}
