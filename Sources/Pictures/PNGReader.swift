import Deflating

/// Pictures in PNG.
///
/// - Source: PNG, third edition (ISO/IEC 15948): chunks, filters, colour types. Interlaced ones are not read.
public enum PNGReader {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// Pixels of the largest that is read.
    static let mostPixels = 1 << 24

    /// Its width and height, as far as the beginning tells; nil where it is no PNG.
    public static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard bytes.count >= 24, bytes.starts(with: signature) else { return nil }
        return (number(bytes, 16), number(bytes, 20))
    }

    /// - Throws: why it cannot be read.
    public static func picture(_ bytes: [UInt8]) throws(PictureFault) -> Picture {
        guard bytes.starts(with: signature) else { throw PictureFault("it is no PNG") }
        var header: Header?, palette: [UInt8] = [], opacities: [UInt8] = [], packed: [UInt8] = [], place = signature.count
        while place + 12 <= bytes.count {
            let count = number(bytes, place), start = place + 8
            guard count <= bytes.count - start - 4 else { break }
            let content = bytes[start..<start + count]
            switch String(decoding: bytes[place + 4..<start], as: UTF8.self) {
            case "IHDR": header = try Header(Array(content))
            case "PLTE": palette = Array(content)
            case "tRNS": opacities = Array(content)
            case "IDAT": packed += content
            case "IEND": place = bytes.count
            default: break
            }
            place += count + 12
        }
        guard let header, !packed.isEmpty else { throw PictureFault("it is damaged: it has no pixels") }
        let raw = try unpacked(packed, count: (header.rowBytes + 1) * header.height)
        return try PNGPixels(header: header, palette: palette, opacities: opacities).picture(raw)
    }

    /// - Parameter count: bytes there must be.
    private static func unpacked(_ packed: [UInt8], count: Int) throws(PictureFault) -> [UInt8] {
        // Deflate packs 1032 bytes into one at most: a short file has no room taken for what it says.
        guard count / 1032 <= packed.count + 1 else { throw PictureFault("it is damaged: rows are missing") }
        guard let inflater = Inflater(.gzipOrZlib) else { throw PictureFault("there is no memory for it") }
        var raw = [UInt8](repeating: 0, count: count)
        let (_, written, outcome) = packed.withUnsafeBytes { packed in
            raw.withUnsafeMutableBytes { inflater.unpack(packed, into: $0) }
        }
        guard outcome == .ended || outcome == .goesOn || outcome == .stuck else {
            throw PictureFault("it is damaged: what it packs does not unpack")
        }
        guard written == count else { throw PictureFault("it is damaged: rows are missing") }
        return raw
    }

    static func number(_ bytes: [UInt8], _ place: Int) -> Int {
        bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    struct Header {
        let width: Int, height: Int
        /// Bits of a sample.
        let depth: Int
        let type: UInt8

        init(_ bytes: [UInt8]) throws(PictureFault) {
            guard bytes.count == 13 else { throw PictureFault("it is damaged: its header is cut off") }
            (width, height) = (number(bytes, 0), number(bytes, 4))
            (depth, type) = (Int(bytes[8]), bytes[9])
            let depths: [UInt8: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
            guard width > 0, height > 0, bytes[10] == 0, bytes[11] == 0, depths[type]?.contains(depth) == true else {
                throw PictureFault("it is damaged: its header says what cannot be")
            }
            guard bytes[12] == 0 else { throw PictureFault("it is interlaced") }
            guard width <= mostPixels, height <= mostPixels / width else {
                throw PictureFault("it is too large: \(width) × \(height)")
            }
        }

        /// Samples of a pixel.
        var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][type] ?? 1 }
        var rowBytes: Int { (width * samples * depth + 7) / 8 }
        /// Bytes between a sample and the same of the pixel before.
        var stride: Int { max(1, samples * depth / 8) }
    }
}

/// What a PNG packs, as pixels.
struct PNGPixels {
    let header: PNGReader.Header
    let palette: [UInt8], opacities: [UInt8]

    /// - Parameter raw: each row with the number of its filter before it.
    func picture(_ raw: [UInt8]) throws(PictureFault) -> Picture {
        let count = header.rowBytes
        var pixels: [UInt8] = [], before = [UInt8](repeating: 0, count: count)
        pixels.reserveCapacity(header.width * header.height * 4)
        for row in 0..<header.height {
            let start = row * (count + 1)
            var own = Array(raw[start + 1..<start + 1 + count])
            try unfilter(&own, before, raw[start])
            try append(own, to: &pixels)
            before = own
        }
        return Picture(width: header.width, height: header.height, pixels: pixels)
    }

    private func unfilter(_ row: inout [UInt8], _ before: [UInt8], _ filter: UInt8) throws(PictureFault) {
        let stride = header.stride
        switch filter {
        case 0: break
        case 1: for place in row.indices where place >= stride { row[place] &+= row[place - stride] }
        case 2: for place in row.indices { row[place] &+= before[place] }
        case 3:
            for place in row.indices {
                let left = place >= stride ? Int(row[place - stride]) : 0
                row[place] &+= UInt8((left + Int(before[place])) / 2)
            }
        case 4:
            for place in row.indices {
                let hasLeft = place >= stride
                row[place] &+= Self.nearest(
                    Int(hasLeft ? row[place - stride] : 0), Int(before[place]), Int(hasLeft ? before[place - stride] : 0))
            }
        default: throw PictureFault("it is damaged: a row has no filter \(filter)")
        }
    }

    /// Of left, above and the corner between, what is nearest to left + above - corner.
    private static func nearest(_ left: Int, _ above: Int, _ corner: Int) -> UInt8 {
        let toLeft = abs(above - corner), toAbove = abs(left - corner), toCorner = abs(left + above - 2 * corner)
        return UInt8(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner)
    }

    private func append(_ row: [UInt8], to pixels: inout [UInt8]) throws(PictureFault) {
        for x in 0..<header.width {
            func sample(_ number: Int) -> UInt8 { self.sample(row, x * header.samples + number) }
            switch header.type {
            case 0: pixels += [sample(0), sample(0), sample(0), 255]
            case 2: pixels += [sample(0), sample(1), sample(2), 255]
            case 4: pixels += [sample(0), sample(0), sample(0), sample(1)]
            case 6: pixels += [sample(0), sample(1), sample(2), sample(3)]
            default:
                let index = Int(code(row, x))
                guard index * 3 + 2 < palette.count else { throw PictureFault("it is damaged: a colour is not in its palette") }
                pixels += palette[index * 3..<index * 3 + 3]
                pixels.append(index < opacities.count ? opacities[index] : 255)
            }
        }
    }

    /// A sample as eight bits.
    private func sample(_ row: [UInt8], _ number: Int) -> UInt8 {
        switch header.depth {
        case 8: row[number]
        case 16: row[number * 2]
        default: UInt8(Int(code(row, number)) * 255 / (1 << header.depth - 1))
        }
    }

    /// A sample of eight bits and fewer as it is written.
    private func code(_ row: [UInt8], _ number: Int) -> UInt8 {
        guard header.depth < 8 else { return row[number] }
        let bit = number * header.depth, shift = 8 - header.depth - bit % 8
        return row[bit / 8] >> UInt8(shift) & (1 << UInt8(header.depth) - 1)
    }
}
