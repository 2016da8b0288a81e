import Cells
import Studio

/// A studio that is measured: what a person does, and a frame.
extension AppState {
    mutating func press(_ name: String) {
        guard let key = Key(name: name) else { return }
        _ = reduce(into: &self, .input(.key(key)))
    }

    mutating func paint() {
        var buffer = CellBuffer(size: size)
        draw(self, into: &buffer)
        didDraw()
    }
}
