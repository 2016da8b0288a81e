import Cells
import CheckedNumbers

/// Where pictures stand on a page: as many beside and below each other as fit.
struct PictureGrid: Hashable {
    /// Cells of a picture, without the line below it.
    let picture: Size
    /// Columns of the screen from one picture to the next.
    let stride: Int
    /// Pictures beside each other, and lines of them.
    let across: Int
    let down: Int
    /// Room at the left for the name of a class.
    let gutter: Int

    /// How much larger than a column a pixel is drawn.
    static let scales: [Double] = [0.125, 0.25, 0.5, 1, 2, 4]
    /// Columns that what is said below a picture takes.
    static let caption = 9, wrongCaption = 16

    /// - Parameters:
    ///   - pixels: of a picture.
    ///   - zoom: steps up or down from what shows some dozen pictures.
    ///   - isWrong: whether below each stands what it was taken for.
    init(_ room: Rect, pixels: Size, zoom: Int, gutter: Int, isWrong: Bool) {
        let width = max(1, room.width - gutter)
        let size = { (scale: Double) in
            Size(
                width: max(1, Int(roundedUpWithin: Double(pixels.width) * scale)),
                height: max(1, Int(roundedUpWithin: Double(pixels.height) * scale / 2)))
        }
        let own = Self.scales.lastIndex { scale in
            let size = size(scale)
            return size.height + 1 <= max(3, room.height / 2) && size.width <= width / 4
        }
        let step = min(max(0, (own ?? 0) + zoom), Self.scales.count - 1)
        // What is larger than the room is drawn as large as that.
        let wanted = size(Self.scales[step]), most = max(1, room.height - 1)
        let share = min(1, Double(width) / Double(wanted.width), Double(most) / Double(wanted.height))
        picture = Size(
            width: max(1, Int(roundedDownWithin: Double(wanted.width) * share)),
            height: max(1, Int(roundedDownWithin: Double(wanted.height) * share)))
        stride = max(picture.width, isWrong ? Self.wrongCaption : Self.caption) + 2
        across = max(1, (width + 2) / stride)
        down = max(1, room.height / (picture.height + 1))
        self.gutter = gutter
    }

    /// Where a picture stands, with the line below it.
    func place(_ column: Int, _ line: Int, in room: Rect) -> Rect {
        Rect(
            x: room.x + gutter + column * stride, y: room.y + line * (picture.height + 1), width: stride - 2,
            height: picture.height + 1
        ).intersection(room)
    }
}
