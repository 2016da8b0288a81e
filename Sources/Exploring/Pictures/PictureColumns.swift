import CheckedNumbers
import Numerics
import Pictures
import Tables

/// Which columns of a table are the pixels of pictures, and how large these are.
public struct PictureColumns: Hashable, Sendable {
    public let shape: PictureShape
    /// Places of the columns: pixels row after row from the top left, the channels of each together.
    public let places: [Int]
    /// The values that are black and white.
    public let range: ClosedRange<Double>
    /// By what they were found: `as the file says`, `by the 64 columns pixel_0_0 to pixel_7_7`.
    public let origin: String

    /// Pictures of fewer pixels are not taken for such by the names of columns.
    static let fewestPixels = 16

    /// - Parameters:
    ///   - sample: rows that say what values there are.
    ///   - asked: the shape that the user gives; nil = as the file or its columns' names say.
    ///   - left: a column that is no pixel, such as the one that tells classes.
    /// - Throws: why no columns are seen as pixels, and what to do.
    public init(_ sample: Table, shape asked: PictureShape? = nil, leaving left: String? = nil) throws(PictureRefusal) {
        if let asked {
            (shape, places, origin) = (asked, try Self.places(of: asked, sample, left), "as you say")
        } else if let text = sample.imageShape, let shape = PictureShape(text),
            case let places = sample.columns.indices.filter({ sample.columns[$0].name.hasPrefix("pixel_") }),
            places.count == shape.valueCount
        {
            (self.shape, self.places, origin) = (shape, places, "as the file says")
        } else {
            (shape, places, origin) = try Self.found(in: sample, left)
        }
        range = Self.range(Self.extremes(of: places, sample) ?? 0...1)
    }

    /// The columns for a shape that the user gives: those named alike if they are as many, else all of numbers.
    private static func places(of shape: PictureShape, _ sample: Table, _ left: String?) throws(PictureRefusal) -> [Int] {
        let families = PixelFamily.all(of: sample, leaving: left)
        if let family = families.first(where: { $0.members.count == shape.valueCount }) {
            // Names that tell the same shape tell the order, too; else the file's order is it.
            if let told = family.shape, told.shape == shape { return told.places }
            return family.members.map(\.place)
        }
        let numbers = sample.columns.indices.filter { index in
            sample.columns[index].name != left && [.numeric, .integer].contains(sample.columns[index].kind)
        }
        guard numbers.count == shape.valueCount else {
            let alike = families.first.map { " and the most that are named alike are \($0.members.count)" } ?? ""
            throw PictureRefusal(
                "\(shape.words) pixels are \(shape.valueCount) columns, but \(numbers.count) have numbers\(alike): "
                    + "give a shape of as many, or the column that tells classes")
        }
        return numbers
    }

    private static func found(
        in sample: Table, _ left: String?
    ) throws(PictureRefusal) -> (PictureShape, [Int], String) {
        guard let family = PixelFamily.all(of: sample, leaving: left).first, family.members.count >= fewestPixels else {
            throw PictureRefusal(
                "no pictures are seen in this data: fewer than \(fewestPixels) columns of numbers are named alike; where rows are "
                    + "pictures, give their shape, such as 28x28")
        }
        guard let (shape, places) = family.shape else {
            throw PictureRefusal(
                "no pictures are seen in this data: \(family.words) make no square, and their names tell no rows and columns; "
                    + "where they are pixels, give the shape, or the column that tells classes")
        }
        guard let extremes = extremes(of: places, sample), extremes.lowerBound >= 0, extremes.upperBound <= 65_535 else {
            throw PictureRefusal(
                "no pictures are seen in this data: \(family.words) would be \(shape.words) pixels, but their values are not all from 0 "
                    + "up; where they are pixels, give the shape")
        }
        return (shape, places, "by \(family.words)")
    }

    private static func extremes(of places: [Int], _ sample: Table) -> ClosedRange<Double>? {
        var low = Double.infinity, high = -Double.infinity
        for place in places {
            for number in sample.columns[place].numbers ?? [] where number.isFinite {
                (low, high) = (min(low, number), max(high, number))
            }
        }
        return low <= high ? low...high : nil
    }

    /// What is black and what white: from 0 where nothing is below it, to the end of the usual scale.
    private static func range(_ extremes: ClosedRange<Double>) -> ClosedRange<Double> {
        let low = extremes.lowerBound >= 0 ? 0 : extremes.lowerBound, high = extremes.upperBound
        if low == 0 {
            if high <= 1 { return 0...1 }
            if high > 128, high <= 255 { return 0...255 }
        }
        return low < high ? low...high : low...(low + 1)
    }

    /// A row as a picture. What is missing is not seen.
    ///
    /// - Parameters:
    ///   - table: of the columns that these were found in.
    ///   - isInverted: whether the highest value is black.
    public func picture(row: Int, of table: Table, isInverted: Bool = false) -> Picture {
        var pixels = [UInt8](repeating: 0, count: shape.width * shape.height * 4)
        let scale = 255 / (range.upperBound - range.lowerBound)
        for (index, place) in places.enumerated() {
            let (pixel, channel) = index.quotientAndRemainder(dividingBy: shape.channels)
            guard table.columns.indices.contains(place), let numbers = table.columns[place].numbers, !numbers[row].isNaN else {
                continue
            }
            let scaled = min(255, max(0, (numbers[row] - range.lowerBound) * scale))
            let shade = UInt8(clamping: Int(nearestWithin: isInverted ? 255 - scaled : scaled))
            for part in shape.channels == 1 ? 0...2 : channel...channel { pixels[pixel * 4 + part] = shade }
            pixels[pixel * 4 + 3] = 255
        }
        return Picture(width: shape.width, height: shape.height, pixels: pixels)
    }

    /// The column that tells what is on a picture: the one asked for, else `label` beside images of a file that says what it holds,
    /// else the only column that is no pixel, else one with a usual name. Nil where none is seen.
    ///
    /// - Throws: where the column asked for is not there.
    public func classColumn(of sample: Table, asked: String?) throws(TableError) -> String? {
        if let asked { return try sample.column(matching: asked).name }
        let pixels = Set(places)
        let others = sample.columns.indices.filter { !pixels.contains($0) }.map { sample.columns[$0].name }
        if others.count == 1 { return others[0] }
        return others.first { ["label", "class", "target", "digit"].contains($0.lowercased()) }
    }
}
