/// Up to 256 colours that a picture is told in, chosen from those that it has: all of them where they are as few, else the means of
/// boxes of like colours.
///
/// - Source: P. Heckbert, Color image quantization for frame buffer display (1982): median cut.
public struct PicturePalette: Hashable, Sendable {
    /// A colour, each part from 0 to 255.
    public struct Color: Hashable, Sendable {
        public var red: UInt8, green: UInt8, blue: UInt8
    }

    public let colors: [Color]
    /// The place of each pixel's colour; nil for one that is hardly seen.
    public let places: [UInt8?]

    /// Colours that a terminal has registers for.
    public static let mostColors = 256
    /// A pixel that is less opaque than that has no colour.
    private static let leastOpacity = 128

    public init(_ picture: Picture) {
        if let few = Self.few(picture) { self = few } else { self = Self.boxed(picture) }
    }

    private init(colors: [Color], places: [UInt8?]) { (self.colors, self.places) = (colors, places) }

    /// All of its colours, in the order in which they come; nil where there are too many.
    private static func few(_ picture: Picture) -> PicturePalette? {
        var known: [Color: UInt8] = [:], colors: [Color] = [], places: [UInt8?] = []
        places.reserveCapacity(picture.width * picture.height)
        var last: (color: Color, place: UInt8)?
        for start in stride(from: 0, to: picture.pixels.count, by: 4) {
            guard let color = color(picture, start) else {
                places.append(nil)
                continue
            }
            // Pixels are mostly like the one before.
            if let last, last.color == color {
                places.append(last.place)
                continue
            }
            if known[color] == nil {
                guard colors.count < mostColors else { return nil }
                known[color] = UInt8(colors.count)
                colors.append(color)
            }
            let place = known[color] ?? 0
            last = (color, place)
            places.append(place)
        }
        return PicturePalette(colors: colors, places: places)
    }

    private static func color(_ picture: Picture, _ start: Int) -> Color? {
        guard Int(picture.pixels[start + 3]) >= leastOpacity else { return nil }
        return Color(red: picture.pixels[start], green: picture.pixels[start + 1], blue: picture.pixels[start + 2])
    }

    // MARK: - Many colours

    /// Pixels whose colours are the same but for the last three bits of each part.
    private struct Bin {
        var key: Int
        var count = 0, red = 0, green = 0, blue = 0

        /// Part 0 is red, 1 green, 2 blue: from 0 to 31.
        func part(_ number: Int) -> Int { key >> (10 - 5 * number) & 31 }
    }

    private static func key(_ color: Color) -> Int {
        Int(color.red >> 3) << 10 | Int(color.green >> 3) << 5 | Int(color.blue >> 3)
    }

    private static func boxed(_ picture: Picture) -> PicturePalette {
        var table = [Bin?](repeating: nil, count: 1 << 15)
        for start in stride(from: 0, to: picture.pixels.count, by: 4) {
            guard let color = color(picture, start) else { continue }
            var bin = table[key(color)] ?? Bin(key: key(color))
            bin.count += 1
            bin.red += Int(color.red)
            bin.green += Int(color.green)
            bin.blue += Int(color.blue)
            table[key(color)] = bin
        }
        let boxes = boxes(of: table.compactMap { $0 })
        var placeOfKey = [UInt8](repeating: 0, count: 1 << 15)
        for (place, box) in boxes.enumerated() {
            for bin in box { placeOfKey[bin.key] = UInt8(place) }
        }
        let places = stride(from: 0, to: picture.pixels.count, by: 4).map { start in
            color(picture, start).map { placeOfKey[key($0)] }
        }
        return PicturePalette(colors: boxes.map(mean), places: places)
    }

    /// Cuts the box with the most pixels in its longest side, where half of its pixels lie on either side, until there are enough.
    private static func boxes(of bins: [Bin]) -> [[Bin]] {
        var boxes = [bins], weights = [bins.reduce(0) { $0 + $1.count }]
        while boxes.count < mostColors {
            guard let chosen = boxes.indices.filter({ boxes[$0].count > 1 }).max(by: { weights[$0] < weights[$1] }) else { break }
            let (low, high) = halves(boxes[chosen], of: weights[chosen])
            boxes[chosen] = low
            boxes.append(high)
            weights[chosen] = low.reduce(0) { $0 + $1.count }
            weights.append(high.reduce(0) { $0 + $1.count })
        }
        return boxes
    }

    private static func halves(_ box: [Bin], of weight: Int) -> (low: [Bin], high: [Bin]) {
        let sides = (0..<3).map { part in (box.map { $0.part(part) }.max() ?? 0) - (box.map { $0.part(part) }.min() ?? 0) }
        let longest = sides.indices.max { sides[$0] < sides[$1] } ?? 0
        let sorted = box.sorted { ($0.part(longest), $0.key) < ($1.part(longest), $1.key) }
        var before = 0, cut = 0
        while cut < sorted.count - 1, cut == 0 || before + sorted[cut].count <= weight / 2 {
            before += sorted[cut].count
            cut += 1
        }
        return (Array(sorted[..<cut]), Array(sorted[cut...]))
    }

    private static func mean(of box: [Bin]) -> Color {
        let count = max(1, box.reduce(0) { $0 + $1.count })
        func mean(_ sum: (Bin) -> Int) -> UInt8 { UInt8(clamping: (box.reduce(0) { $0 + sum($1) } + count / 2) / count) }
        return Color(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
    }
}
