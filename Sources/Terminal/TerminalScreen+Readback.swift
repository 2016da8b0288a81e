import CNcurses
import Cells

extension TerminalScreen {
    /// A cell of curses' own screen: tests ask for what no terminal tells.
    struct ShownCell: Hashable {
        var scalar: Unicode.Scalar
        var isBold: Bool
        /// -1 is the terminal's own colour.
        var foreground: Int32
        var background: Int32
    }

    func shownCell(x: Int, y: Int) -> ShownCell? {
        var value: UInt32 = 0, attributes: attr_t = 0, pair: Int32 = 0
        guard cx_read_cell(window, Int32(y), Int32(x), &value, &attributes, &pair) == OK else { return nil }
        var foreground: Int32 = -1, background: Int32 = -1
        guard pair == 0 || extended_pair_content(pair, &foreground, &background) == OK else { return nil }
        return Unicode.Scalar(value).map {
            ShownCell(
                scalar: $0, isBold: attributes & cx_bold() != 0, foreground: foreground, background: background)
        }
    }
}
