import Cells

/// A value as a whole, wrapped.
package struct CellPopup: Layer {
    let title: String
    let text: String

    package var contexts: [KeyContext] { [.cell] }
    package func title(_ state: AppState) -> String { title }

    private func lines(_ width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
            $0.isEmpty ? [""] : TextWrap.lines(String($0), width: max(1, width))
        }
    }

    package func place(on screen: Size) -> Rect {
        let roomy = StudioLayout.roomy(screen), width = min(76, roomy.width)
        return roomy.centred(width: width, height: min(roomy.height, lines(width - 4).count + 2))
    }

    package func draw(_ state: AppState, into buffer: inout CellBuffer, in place: Rect) {
        let room = StudioLayout.interior(place)
        let all = lines(room.width - 2)
        for (row, line) in all.prefix(room.height).enumerated() {
            let isCut = row == room.height - 1 && all.count > room.height
            buffer.write(
                isCut ? "… \(all.count - row) more lines" : line, x: room.x + 1, y: room.y + row, Style(.text, on: .popup),
                clip: room)
        }
    }
}
