import Cells
import Pictures

/// The pictures in a notebook's outputs, read once: PNGs as pixels, no more of them than a terminal shows.
public struct NotebookPictures: Sendable {
    /// By the text of each picture; nil where it cannot be read.
    private var known: [String: Picture?] = [:]

    /// Columns and rows of pixels that are kept.
    private static let mostColumns = 960, mostRows = 1920
    private static let type = "image/png"

    public init() {}

    public init(_ notebook: Notebook) { take(notebook) }

    /// Reads those that are new, and forgets those that are gone.
    public mutating func take(_ notebook: Notebook) {
        var kept: [String: Picture?] = [:]
        for cell in notebook.cells {
            for case .data(let data, _) in cell.outputs {
                guard let text = data.text(Self.type), kept[text] == nil else { continue }
                kept[text] = known[text] ?? .some(Self.read(data))
            }
        }
        known = kept
    }

    /// The picture that an output shows; nil where it has none that can be read.
    public subscript(data: NotebookData) -> Picture? { data.text(Self.type).flatMap { known[$0] ?? nil } }

    /// The picture as a file; nil where it has none that can be read.
    public func file(of data: NotebookData) -> PictureFile? {
        guard let pixels = self[data], let text = data.text(Self.type), let bytes = data.bytes(Self.type),
            let size = PNGReader.size(of: bytes)
        else { return nil }
        return PictureFile(base64: text.filter { !$0.isWhitespace }, width: size.width, height: size.height, pixels: pixels)
    }

    /// Whether there is one.
    public var isEmpty: Bool { !known.values.contains { $0 != nil } }

    private static func read(_ data: NotebookData) -> Picture? {
        guard let bytes = data.bytes(type), let picture = try? PNGReader.picture(bytes) else { return nil }
        let share = max(1, max((picture.width + mostColumns - 1) / mostColumns, (picture.height + mostRows - 1) / mostRows))
        return share == 1 ? picture : picture.scaled(width: picture.width / share, height: max(1, picture.height / share))
    }
}
