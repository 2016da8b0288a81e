import Numerics

/// Sums over rows from which principal components follow.
///
/// In regular mode these are all products of features; in randomized mode the products of the rows' coordinates in a basis of few
/// directions, and what the basis becomes after the pass.
///
/// - Source: Halko, Martinsson and Tropp, "Finding structure with randomness" (2011), algorithm 4.4, one pass a power.
struct PrincipalBasis {
    let width: Int
    /// Directions of the basis, one a row; nil = the features themselves. - Shape: [order, width].
    private(set) var basis: [Double]?
    /// Products of coordinates, upper triangle. - Shape: [order, order].
    private(set) var products: [Double]
    /// What the basis becomes. - Shape: [order, width]; empty in regular mode.
    private(set) var next: [Double]

    let order: Int

    /// Every feature for itself.
    init(width: Int) {
        self.init(width: width, order: width, basis: nil)
    }

    /// Every feature for itself, with products that were summed up elsewhere. - Shape: [width, width].
    init(products: [Double], width: Int) {
        self.init(width: width)
        self.products = products
    }

    /// Random directions.
    init(width: Int, order: Int, random: inout RandomSource) {
        var first = (0..<order * width).map { _ in random.normal() }
        Self.orthonormalize(&first, width: width, random: &random)
        self.init(width: width, order: order, basis: first)
    }

    private init(width: Int, order: Int, basis: [Double]?) {
        self.width = width
        self.order = order
        self.basis = basis
        products = [Double](repeating: 0, count: order * order)
        next = [Double](repeating: 0, count: basis == nil ? 0 : order * width)
    }

    /// Takes rows in. - Shape: rows [count, width].
    mutating func add(_ rows: [Double], count: Int) {
        guard let basis else { return MatrixProduct.addGram(of: rows, rows: count, columns: width, into: &products) }
        var coordinates = [Double](repeating: 0, count: count * order)
        MatrixProduct.multiply(rows, basis, reading: .second, into: &coordinates, rows: count, columns: order, inner: width)
        MatrixProduct.addGram(of: coordinates, rows: count, columns: order, into: &products)
        MatrixProduct.multiply(
            coordinates, rows, reading: .first, into: &next, rows: order, columns: width, inner: count, adding: true)
    }

    /// The best components that the basis holds, by the rows taken in so far; nil if they cannot be found.
    ///
    /// - Shape: components [count, width], squares [count] falling.
    func components(_ count: Int) -> (components: [Double], squares: [Double])? {
        guard let found = SymmetricEigen.solve(products, order: order) else { return nil }
        var components = [Double](found.vectors.prefix(count * order))
        if let basis {
            var turned = [Double](repeating: 0, count: count * width)
            MatrixProduct.multiply(components, basis, into: &turned, rows: count, columns: width, inner: order)
            components = turned
        }
        for start in stride(from: 0, to: components.count, by: width) {
            let range = start..<start + width
            // Of equally large entries the first decides, as in scikit-learn.
            let largest = range.reduce(start) { abs(components[$1]) > abs(components[$0]) ? $1 : $0 }
            if components[largest] < 0 { for index in range { components[index] = -components[index] } }
        }
        return (components, found.values.prefix(count).map { max(0, $0) })
    }

    /// Begins another pass with the basis that this one found.
    mutating func beginPass(random: inout RandomSource) {
        guard basis != nil else { return }
        Self.orthonormalize(&next, width: width, random: &random)
        self = PrincipalBasis(width: width, order: order, basis: next)
    }

    /// Makes rows orthonormal, by Gram and Schmidt, twice, which is enough; a row that the others make up becomes a random one.
    private static func orthonormalize(_ rows: inout [Double], width: Int, random: inout RandomSource) {
        rows.withUnsafeMutableBufferPointer { rows in
            for row in 0..<rows.count / max(1, width) {
                let own = UnsafeMutableBufferPointer(rebasing: rows[row * width..<(row + 1) * width])
                while !normalize(own, against: UnsafeBufferPointer(rebasing: rows[..<(row * width)])) {
                    for index in own.indices { own[index] = random.normal() }
                }
            }
        }
    }

    /// False if nothing is left of a vector at right angles to the others.
    private static func normalize(_ own: UnsafeMutableBufferPointer<Double>, against others: UnsafeBufferPointer<Double>) -> Bool
    {
        let width = own.count
        func length() -> Double { own.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let before = length()
        guard before > 0, before.isFinite else { return false }
        for _ in 0..<2 {
            for start in stride(from: 0, to: others.count, by: width) {
                var product = 0.0
                for index in 0..<width { product += own[index] * others[start + index] }
                for index in 0..<width { own[index] -= product * others[start + index] }
            }
        }
        let left = length()
        guard left > before * 1e-12 else { return false }
        for index in own.indices { own[index] /= left }
        return true
    }
}

// MARK: Saving

extension PrincipalBasis {
    func write(to writer: inout ByteWriter) {
        writer.write(basis ?? [])
        writer.write(products)
        writer.write(next)
    }

    /// A basis as it was when it was written; nil if the bytes are of another shape.
    func reading(_ reader: inout ByteReader) -> PrincipalBasis? {
        guard let saved = reader.readDoubles(), saved.count == basis?.count ?? 0, let savedProducts = reader.readDoubles(),
            savedProducts.count == products.count, let savedNext = reader.readDoubles(), savedNext.count == next.count
        else { return nil }
        var copy = self
        if basis != nil { copy.basis = saved }
        (copy.products, copy.next) = (savedProducts, savedNext)
        return copy
    }
}
