import Pictures

/// A picture as a file, for terminals that show such themselves.
public struct PictureFile: Hashable, Sendable {
    /// PNG in base 64, by which it is told from others.
    public let base64: String
    /// In pixels.
    public let width: Int, height: Int
    /// The same as pixels, perhaps smaller, for terminals that read no files.
    public let pixels: Picture?

    public init(base64: String, width: Int, height: Int, pixels: Picture? = nil) {
        (self.base64, self.width, self.height, self.pixels) = (base64, width, height, pixels)
    }

    public static func == (one: PictureFile, other: PictureFile) -> Bool { one.base64 == other.base64 }

    public func hash(into hasher: inout Hasher) { hasher.combine(base64) }
}

/// A picture that a terminal draws over blank cells.
public struct PlacedPicture: Hashable, Sendable {
    public var file: PictureFile
    /// The cells that it stands on.
    public var place: Rect
    /// Rows of cells that all of it has, and how many of them are above what is shown.
    public var rows: Int, hiddenRows: Int

    public init(_ file: PictureFile, in place: Rect, rows: Int, hiddenRows: Int) {
        (self.file, self.place, self.rows, self.hiddenRows) = (file, place, rows, hiddenRows)
    }

    /// The picture's pixels that are shown: from which row on, and how many.
    public var shownPixels: (first: Int, count: Int) {
        let first = file.height * hiddenRows / max(1, rows), end = file.height * (hiddenRows + place.height) / max(1, rows)
        return (first, max(1, end - first))
    }
}
