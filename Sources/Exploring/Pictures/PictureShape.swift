/// How large pictures are whose pixels are numbers.
public struct PictureShape: Hashable, Sendable {
    public let height: Int
    public let width: Int
    /// 1 for shades of grey, 3 for red, green and blue.
    public let channels: Int

    /// - Range: heights and widths from 1 to 4,096, one channel or three.
    public init?(height: Int, width: Int, channels: Int = 1) {
        guard (1...4096).contains(height), (1...4096).contains(width), channels == 1 || channels == 3 else { return nil }
        (self.height, self.width, self.channels) = (height, width, channels)
    }

    /// Reads `28x28`, `32x32x3` and the same with `×`: height, width, channels.
    public init?(_ text: String) {
        let parts = text.lowercased().replacing(" ", with: "").replacing("×", with: "x").split(
            separator: "x", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
        self.init(height: numbers[0], width: numbers[1], channels: numbers.count == 3 ? numbers[2] : 1)
    }

    /// Numbers that a picture has.
    public var valueCount: Int { height * width * channels }

    /// `28x28`, as it is read.
    public var text: String { "\(height)x\(width)" + (channels == 1 ? "" : "x\(channels)") }
    /// `28 × 28`, as it is told.
    public var words: String { "\(height) × \(width)" + (channels == 1 ? "" : " × \(channels)") }
}

/// Why rows cannot be shown as pictures: what happened, and what to do.
public struct PictureRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
