/// An image's size: pixels row after row, a pixel's channels together.
public struct ImageShape: Sendable, Hashable, Codable {
    public var height: Int, width: Int, channelCount: Int

    /// An image's size.
    public init(height: Int, width: Int, channelCount: Int) {
        self.height = height
        self.width = width
        self.channelCount = channelCount
    }

    /// From text such as `28x28x1`; the channels may be left out.
    init?(_ text: String) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ (1...65_536).contains($0) }) else { return nil }
        self.init(height: parts[0], width: parts[1], channelCount: parts.count == 3 ? parts[2] : 1)
    }

    /// Numbers an image has.
    public var count: Int { height * width * channelCount }

    var pixelCount: Int { height * width }

    /// What pooling over 2 × 2 pixels leaves.
    var halved: ImageShape { ImageShape(height: height / 2, width: width / 2, channelCount: channelCount) }
}
