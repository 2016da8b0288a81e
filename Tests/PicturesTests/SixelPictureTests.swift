import Testing

@testable import Pictures

/// Pictures as sixels, drawn again by a little terminal of the test's own.
@Suite struct SixelPictureTests {
    /// What a terminal makes of sixels: pixels by column and row, nil where nothing was drawn.
    private struct Drawing {
        var width = 0, height = 0
        var pixels: [[Int]: [Int]] = [:]
        var colors: [Int: [Int]] = [:]

        init(_ text: String) throws {
            var rest = Array(text.unicodeScalars.map { Int($0.value) })[...]
            func number() -> Int {
                var value = 0
                while let digit = rest.first, (48...57).contains(digit) {
                    value = value * 10 + digit - 48
                    rest.removeFirst()
                }
                return value
            }
            func numbers() -> [Int] {
                var all = [number()]
                while rest.first == 59 {
                    rest.removeFirst()
                    all.append(number())
                }
                return all
            }
            // ESC P numbers q
            try #require(rest.prefix(2) == [27, 80] && text.hasSuffix("\u{1B}\\"))
            rest = rest.dropFirst(2).dropLast(2)
            // The second says that what is not drawn stays.
            #expect(numbers() == [0, 1, 0])
            let begins = rest.popFirst()
            try #require(begins == 113)
            var x = 0, y = 0, color = 0
            while let character = rest.popFirst() {
                switch character {
                case 34:
                    let said = numbers()
                    try #require(said.count == 4 && said[0] == 1 && said[1] == 1)
                    (width, height) = (said[2], said[3])
                case 35:
                    let said = numbers()
                    color = said[0]
                    if said.count == 5 {
                        try #require(said[1] == 2 && said[2...].allSatisfy { $0 <= 100 })
                        colors[color] = said[2...].map { ($0 * 255 + 50) / 100 }
                    }
                case 36: x = 0
                case 45: (x, y) = (0, y + 6)
                case 33:
                    let count = number(), next = rest.popFirst(), bits = try #require(next) - 63
                    for _ in 0..<count { draw(bits, &x, y, color) }
                default:
                    try #require((63...126).contains(character))
                    draw(character - 63, &x, y, color)
                }
            }
            #expect(colors.count <= 256)
        }

        private mutating func draw(_ bits: Int, _ x: inout Int, _ y: Int, _ color: Int) {
            for bit in 0..<6 where bits >> bit & 1 == 1 { pixels[[x, y + bit]] = colors[color] }
            x += 1
        }
    }

    private func picture(_ width: Int, _ height: Int, _ color: (Int, Int) -> [Int]) -> Picture {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += color(x, y).map { UInt8(clamping: $0) } }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// The largest difference of any part of a pixel, and the mean; pixels that are hardly seen must not be drawn.
    private func difference(_ drawing: Drawing, _ picture: Picture, rows: Range<Int>) -> (largest: Int, mean: Double) {
        var largest = 0, sum = 0, count = 0
        for y in rows {
            for x in 0..<picture.width {
                let start = (y * picture.width + x) * 4, drawn = drawing.pixels[[x, y - rows.lowerBound]]
                guard picture.pixels[start + 3] >= 128 else {
                    #expect(drawn == nil)
                    continue
                }
                for part in 0..<3 {
                    let off = drawn.map { abs($0[part] - Int(picture.pixels[start + part])) } ?? 255
                    (largest, sum, count) = (max(largest, off), sum + off, count + 1)
                }
            }
        }
        return (largest, Double(sum) / Double(max(1, count)))
    }

    @Test(arguments: [(1, 1), (7, 5), (40, 12), (33, 25)]) func fewColoursAreDrawnAsTheyAre(width: Int, height: Int) throws {
        let own = picture(width, height) { x, y in
            [x * 7 % 4 * 60, y * 5 % 8 * 30, (x + y) % 6 * 50, (x + y) % 9 == 0 ? 20 : 255]
        }
        let drawing = try Drawing(SixelPicture(own).text(0..<height))
        #expect(drawing.width == width && drawing.height == height)
        // A hundredth of a part is 2.55 of its 255 steps.
        #expect(difference(drawing, own, rows: 0..<height).largest <= 2)
    }

    @Test func manyColoursBecomeTheNearestOf256() throws {
        let smooth = picture(96, 60) { x, y in [x * 255 / 95, y * 255 / 59, (x + y) * 255 / 154, 255] }
        let drawing = try Drawing(SixelPicture(smooth).text(0..<60))
        #expect(drawing.colors.count == 256)
        let difference = difference(drawing, smooth, rows: 0..<60)
        #expect(difference.largest <= 24 && difference.mean < 6, "\(difference)")
        #expect(drawing.pixels.keys.allSatisfy { $0[0] < 96 && $0[1] < 60 })
    }

    @Test func someRowsAreThoseRowsAndOnlyTheirColours() throws {
        let own = picture(10, 24) { _, y in [y * 10, 0, 255 - y * 10, 255] }
        let drawing = try Drawing(SixelPicture(own).text(6..<18))
        #expect(drawing.height == 12 && drawing.colors.count == 12)
        #expect(difference(drawing, own, rows: 6..<18).largest <= 2)
    }

    @Test func whatIsPlainIsShort() throws {
        let plain = picture(800, 402) { _, _ in [255, 255, 255, 255] }
        #expect(SixelPicture(plain).text(0..<402).utf8.count < 1000)
        let nothing = picture(8, 6) { _, _ in [9, 9, 9, 0] }
        #expect(try Drawing(SixelPicture(nothing).text(0..<6)).pixels.isEmpty)
    }
}
