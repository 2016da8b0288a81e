/// A picture as pixels.
public struct Picture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    /// Red, green, blue and how opaque it is, of each pixel, row by row from the top left.
    public let pixels: [UInt8]

    /// - Parameter pixels: `width * height * 4` of them.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(
            width > 0 && height > 0 && pixels.count == width * height * 4, "\(width) × \(height) and \(pixels.count) bytes")
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// The same in another size: each pixel is the mean of those that it covers.
    ///
    /// - Complexity: what it has and what it gets.
    public func scaled(width newWidth: Int, height newHeight: Int) -> Picture {
        guard newWidth != width || newHeight != height else { return self }
        let newWidth = max(1, newWidth), newHeight = max(1, newHeight)
        let columns = Self.spans(of: width, in: newWidth), rows = Self.spans(of: height, in: newHeight)
        var result = [UInt8](repeating: 0, count: newWidth * newHeight * 4)
        pixels.withUnsafeBufferPointer { pixels in
            result.withUnsafeMutableBufferPointer { result in
                for y in 0..<newHeight {
                    for x in 0..<newWidth {
                        Self.mean(of: pixels, width, columns[x], rows[y], into: result, (y * newWidth + x) * 4)
                    }
                }
            }
        }
        return Picture(width: newWidth, height: newHeight, pixels: result)
    }

    /// Which of so many pixels each of so many others covers, at least one.
    private static func spans(of count: Int, in newCount: Int) -> [Range<Int>] {
        (0..<newCount).map { place in
            let start = place * count / newCount
            return start..<max(start + 1, (place + 1) * count / newCount)
        }
    }

    private static func mean(
        of pixels: UnsafeBufferPointer<UInt8>, _ width: Int, _ columns: Range<Int>, _ rows: Range<Int>,
        into result: UnsafeMutableBufferPointer<UInt8>, _ place: Int
    ) {
        var red = 0, green = 0, blue = 0, opaque = 0
        for y in rows {
            var source = (y * width + columns.lowerBound) * 4
            for _ in columns {
                // What is hardly seen counts for as little.
                let weight = Int(pixels[source + 3])
                red += Int(pixels[source]) * weight
                green += Int(pixels[source + 1]) * weight
                blue += Int(pixels[source + 2]) * weight
                opaque += weight
                source += 4
            }
        }
        guard opaque > 0 else { return }
        result[place] = UInt8(clamping: (red + opaque / 2) / opaque)
        result[place + 1] = UInt8(clamping: (green + opaque / 2) / opaque)
        result[place + 2] = UInt8(clamping: (blue + opaque / 2) / opaque)
        result[place + 3] = UInt8(clamping: opaque / (rows.count * columns.count))
    }
}

/// Why a picture cannot be read.
public struct PictureFault: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
