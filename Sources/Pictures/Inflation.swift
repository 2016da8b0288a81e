/// What was packed by deflate, with zlib's two bytes before it.
///
/// - Source: RFC 1950 and RFC 1951.
struct Inflation {
    private let bytes: [UInt8]
    private var place: Int
    /// Bits that were read and not used, the first one lowest.
    private var bits: UInt32 = 0, bitCount = 0
    private var out: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: bytes that come out at most.
    /// - Throws: where it is damaged, or more than that.
    static func bytes(of packed: [UInt8], atMost limit: Int) throws(PictureFault) -> [UInt8] {
        guard packed.count > 2, packed[0] & 15 == 8, (Int(packed[0]) << 8 | Int(packed[1])) % 31 == 0, packed[1] & 32 == 0 else {
            throw PictureFault("it is not packed as PNG's are")
        }
        var inflation = Inflation(packed, limit)
        try inflation.run()
        return inflation.out
    }

    private init(_ bytes: [UInt8], _ limit: Int) {
        (self.bytes, self.limit, place) = (bytes, limit, 2)
        out.reserveCapacity(min(limit, 1 << 22))
    }

    private mutating func run() throws(PictureFault) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try copy()
            case 1: try expand(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let codes = try readCodes()
                try expand(codes.literals, codes.distances)
            default: throw Self.damaged
            }
        }
    }

    private static let damaged = PictureFault("it is damaged: what it packs does not unpack")

    // MARK: - Bits

    private mutating func take(_ count: Int) throws(PictureFault) -> Int {
        while bitCount < count {
            guard place < bytes.count else { throw Self.damaged }
            bits |= UInt32(bytes[place]) << UInt32(bitCount)
            place += 1
            bitCount += 8
        }
        let value = bits & (1 << UInt32(count) - 1)
        bits >>= UInt32(count)
        bitCount -= count
        return Int(value)
    }

    private mutating func symbol(_ code: PrefixCode) throws(PictureFault) -> Int {
        // At the end there may be fewer bits than the longest code has: those that lack are zeros, and must not be used.
        while bitCount < code.longest, place < bytes.count {
            bits |= UInt32(bytes[place]) << UInt32(bitCount)
            place += 1
            bitCount += 8
        }
        let entry = code.table[Int(bits & (1 << UInt32(code.longest) - 1))], length = Int(entry & 15)
        guard length > 0, length <= bitCount else { throw Self.damaged }
        bits >>= UInt32(length)
        bitCount -= length
        return Int(entry >> 4)
    }

    // MARK: - Blocks

    /// Bytes that were not packed.
    private mutating func copy() throws(PictureFault) {
        (bits, bitCount, place) = (0, 0, place - bitCount / 8)
        guard place + 4 <= bytes.count else { throw Self.damaged }
        let count = Int(bytes[place]) | Int(bytes[place + 1]) << 8, inverse = Int(bytes[place + 2]) | Int(bytes[place + 3]) << 8
        place += 4
        guard count ^ inverse == 0xFFFF, place + count <= bytes.count, out.count + count <= limit else { throw Self.damaged }
        out += bytes[place..<place + count]
        place += count
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]

    private mutating func expand(_ literals: PrefixCode, _ distances: PrefixCode) throws(PictureFault) {
        while true {
            let value = try symbol(literals)
            if value < 256 {
                guard out.count < limit else { throw Self.damaged }
                out.append(UInt8(value))
                continue
            }
            if value == 256 { return }
            guard value - 257 < Self.lengthBases.count else { throw Self.damaged }
            let count = Self.lengthBases[value - 257] + (try take(Self.lengthBits[value - 257]))
            let code = try symbol(distances)
            guard code < 30 else { throw Self.damaged }
            // Two codes for each number of further bits, from the fifth one on.
            let more = max(0, code / 2 - 1), base = code < 2 ? code + 1 : (2 + code % 2) << more + 1
            let distance = base + (try take(more))
            guard distance <= out.count, out.count + count <= limit else { throw Self.damaged }
            let start = out.count - distance
            for offset in 0..<count { out.append(out[start + offset]) }
        }
    }

    /// In which order the lengths of the code for lengths are told.
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func readCodes() throws(PictureFault) -> (literals: PrefixCode, distances: PrefixCode) {
        let literalCount = try take(5) + 257, distanceCount = try take(5) + 1, ownCount = try take(4) + 4
        var own = [UInt8](repeating: 0, count: 19)
        for place in 0..<ownCount { own[Self.order[place]] = UInt8(try take(3)) }
        let code = try PrefixCode(own)
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            let value = try symbol(code)
            switch value {
            case 0..<16: lengths.append(UInt8(value))
            case 16:
                guard let last = lengths.last else { throw Self.damaged }
                lengths += [UInt8](repeating: last, count: try take(2) + 3)
            case 17: lengths += [UInt8](repeating: 0, count: try take(3) + 3)
            default: lengths += [UInt8](repeating: 0, count: try take(7) + 11)
            }
        }
        guard lengths.count == literalCount + distanceCount else { throw Self.damaged }
        return (try PrefixCode(lengths.prefix(literalCount)), try PrefixCode(lengths.suffix(distanceCount)))
    }

    private static let fixedLiterals = code(
        [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
            + [UInt8](repeating: 8, count: 8))
    private static let fixedDistances = code([UInt8](repeating: 5, count: 32))

    private static func code(_ lengths: [UInt8]) -> PrefixCode {
        do { return try PrefixCode(lengths) } catch { preconditionFailure("the code of the format itself: \(error)") }
    }
}

/// Symbols by bits of different lengths, none of which begins another.
struct PrefixCode {
    /// Bits of the longest.
    let longest: Int
    /// By the next `longest` bits: a symbol, and how many of the bits are its own; 0 = no symbol begins so.
    private(set) var table: [UInt16]

    /// - Parameter lengths: bits of each symbol; 0 = it does not occur.
    /// - Throws: where there are more codes than bits for them.
    init(_ lengths: some Collection<UInt8>) throws(PictureFault) {
        longest = max(1, Int(lengths.max() ?? 0))
        table = [UInt16](repeating: 0, count: 1 << longest)
        var counts = [Int](repeating: 0, count: 16), next = [Int](repeating: 0, count: 16), code = 0
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        for length in 1...15 {
            code = (code + counts[length - 1]) << 1
            next[length] = code
            guard code + counts[length] <= 1 << length else {
                throw PictureFault("it is damaged: its codes contradict each other")
            }
        }
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let own = Int(length), step = 1 << own
            // Codes are told highest bit first, bits lowest first.
            var place = 0
            for bit in 0..<own where next[own] >> bit & 1 == 1 { place |= 1 << (own - 1 - bit) }
            next[own] += 1
            while place < table.count {
                table[place] = UInt16(symbol) << 4 | UInt16(length)
                place += step
            }
        }
    }
}
