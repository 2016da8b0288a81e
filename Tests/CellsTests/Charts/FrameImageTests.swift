import Cells
import Testing

@Suite struct FrameImageTests {
    private let frame: CellBuffer = {
        var buffer = CellBuffer(size: Size(width: 12, height: 2))
        buffer.write("a<b", x: 1, y: 0, Style(.good, on: .background, .bold))
        buffer.write("⡇⠁│", x: 0, y: 1, Style(.bad))
        return buffer
    }()

    @Test func textIsEscapedAndLooksAsInTheTheme() {
        let image = frame.svg(theme: .descentDark, title: "a & b")
        #expect(image.contains("<title>a &amp; b</title>") && image.contains(">a&lt;b</text>"))
        #expect(image.contains("fill=\"\(Theme.descentDark.hexColor(.good))\" font-weight=\"700\""))
        #expect(image.contains("width=\"96\" height=\"34\""))
    }

    /// ⡇ has four dots, ⠁ one; the line is one stroke up and one down.
    @Test func dotsAndLinesAreShapes() {
        let image = frame.svg(theme: .descentDark, title: "")
        #expect(image.ranges(of: "h2.4v2.4h-2.4z").count == 5)
        #expect(image.contains("M19 17h1v9h-1z") && !image.contains("│"))
    }

    /// Blocks fill their cell to the edge, whatever the font: half of it from below, all of it, a quarter from the left.
    @Test func blocksAreShapes() {
        var buffer = CellBuffer(size: Size(width: 4, height: 1))
        buffer.write("▄█▎━", x: 0, y: 0, Style(.good))
        let image = buffer.svg(theme: .descentDark, title: "")
        #expect(image.contains("M0 8.50h8v8.50h-8zM8 0h8v17h-8zM16 0h2v17h-2z"))
        #expect(!image.contains("<text"))
    }

    @Test func plainTextHasNoSpacesAtTheEnds() {
        #expect(frame.plainText == " a<b\n⡇⠁│\n")
    }
}
