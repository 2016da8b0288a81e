/// A picture as sixels: what terminals that have them draw from where their cursor stands.
///
/// - Source: DEC, VT330/VT340 Programmer Reference Manual, volume 2, chapter 14: columns of six pixels a character, colours by
///   register in hundredths of red, green and blue, repeats by `!`.
public struct SixelPicture: Hashable, Sendable {
    public let width: Int
    public let height: Int
    private let palette: PicturePalette

    public init(_ picture: Picture) {
        (width, height) = (picture.width, picture.height)
        palette = PicturePalette(picture)
    }

    /// Some of its rows. Pixels without a colour stay what they are.
    ///
    /// - Parameter rows: as many as can be divided by six, or the terminal may count the last of them for more.
    /// - Complexity: pixels, and the colours of each six rows.
    public func text(_ rows: Range<Int>) -> String {
        let rows = rows.clamped(to: 0..<height)
        var bytes = Array("\u{1B}P0;1;0q\"1;1;\(width);\(rows.count)".utf8)
        var used = [Bool](repeating: false, count: PicturePalette.mostColors)
        for place in palette.places[rows.lowerBound * width..<rows.upperBound * width] {
            if let place { used[Int(place)] = true }
        }
        for (place, color) in palette.colors.enumerated() where used[place] {
            bytes += "#\(place);2;\(Self.percent(color.red));\(Self.percent(color.green));\(Self.percent(color.blue))".utf8
        }
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 6) {
            if start > rows.lowerBound { bytes.append(UInt8(ascii: "-")) }
            append(band: start..<min(start + 6, rows.upperBound), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self) + "\u{1B}\\"
    }

    private static func percent(_ part: UInt8) -> Int { (Int(part) * 100 + 127) / 255 }

    /// Six rows: a line of characters for each colour that is in them, all from the left edge.
    private func append(band rows: Range<Int>, to bytes: inout [UInt8]) {
        // Of each colour that is here, the bits of each column.
        var lineOfColor = [Int?](repeating: nil, count: PicturePalette.mostColors)
        var lines: [(color: Int, bits: [UInt8])] = []
        for (bit, row) in rows.enumerated() {
            for column in 0..<width {
                guard let place = palette.places[row * width + column] else { continue }
                let color = Int(place)
                if lineOfColor[color] == nil {
                    lineOfColor[color] = lines.count
                    lines.append((color, [UInt8](repeating: 0, count: width)))
                }
                if let line = lineOfColor[color] { lines[line].bits[column] |= 1 << UInt8(bit) }
            }
        }
        for (number, line) in lines.enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: "$")) }
            bytes += "#\(line.color)".utf8
            Self.append(line.bits, to: &bytes)
        }
    }

    /// Characters, those that are repeated more than three times by their number; nothing is said of blank ones at the end.
    private static func append(_ bits: [UInt8], to bytes: inout [UInt8]) {
        let end = (bits.lastIndex { $0 != 0 } ?? -1) + 1
        var start = 0
        while start < end {
            var next = start + 1
            while next < end, bits[next] == bits[start] { next += 1 }
            let character = bits[start] + 63
            if next - start > 3 {
                bytes += "!\(next - start)".utf8
                bytes.append(character)
            } else {
                bytes += [UInt8](repeating: character, count: next - start)
            }
            start = next
        }
    }
}
