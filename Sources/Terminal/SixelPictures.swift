import Cells
import Pictures

/// Pictures as a terminal that has sixels is sent them. It keeps none: a picture is pixels among its cells, gone where text is written,
/// so each is sent again where a frame wrote into its rows, and the cells of one that is gone are written anew.
struct SixelPictures {
    /// Pixels of a cell.
    let cell: Size
    private var shown: [PlacedPicture] = []
    /// Those shown last at the end.
    private var made: [(file: PictureFile, size: Size, picture: SixelPicture)] = []

    /// Pictures that are kept as they are sent, for when they come into view again.
    private static let mostKept = 6

    init(cell: Size) { self.cell = cell }

    /// Cells on which pictures lie that will not lie there any more.
    func left(showing pictures: [PlacedPicture]) -> [Rect] { shown.filter { !pictures.contains($0) }.map(\.place) }

    /// What makes the terminal show these pictures, after the frame's cells.
    /// - Parameter isWritten: whether anything was written into a row of cells.
    mutating func bytes(showing pictures: [PlacedPicture], isWritten: (Int) -> Bool) -> [UInt8] {
        var text = ""
        for picture in pictures {
            let place = picture.place
            guard !shown.contains(picture) || (place.y..<place.maxY).contains(where: isWritten) else { continue }
            // The cursor goes back to where it was: a picture moves it.
            text += "\u{1B}7\u{1B}[\(place.y + 1);\(place.x + 1)H" + sixels(of: picture) + "\u{1B}8"
        }
        shown = pictures
        return Array(text.utf8)
    }

    /// The terminal shows none any more.
    mutating func forget() { shown = [] }

    private mutating func sixels(of picture: PlacedPicture) -> String {
        guard let pixels = picture.file.pixels else { return "" }
        let size = Size(width: picture.place.width * cell.width, height: max(1, picture.rows) * cell.height)
        let first = picture.hiddenRows * cell.height
        // Whole bands of six: a terminal may count a part of one as all of it, and scroll.
        let count = min(picture.place.height * cell.height, size.height - first) / 6 * 6
        guard count > 0 else { return "" }
        return made(picture.file, pixels, size).text(first..<first + count)
    }

    private mutating func made(_ file: PictureFile, _ pixels: Picture, _ size: Size) -> SixelPicture {
        if let place = made.firstIndex(where: { $0.size == size && $0.file == file }) {
            let known = made.remove(at: place)
            made.append(known)
            return known.picture
        }
        let picture = SixelPicture(pixels.scaled(width: size.width, height: size.height))
        made.append((file, size, picture))
        if made.count > Self.mostKept { made.removeFirst() }
        return picture
    }
}
