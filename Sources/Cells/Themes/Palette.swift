import CheckedNumbers
import Glibc

/// The 256 colours of xterm and its relatives, and the 16 below them.
enum Palette {
    typealias RGB = (red: Int, green: Int, blue: Int)

    /// What xterm shows for an index. The first 16 differ between terminals: these are xterm's own.
    static func rgb(_ index: UInt8) -> RGB {
        let value = Int(index)
        if value < 16 { return ansi[value] }
        if value >= 232 {
            let gray = 8 + (value - 232) * 10
            return (gray, gray, gray)
        }
        let cube = value - 16
        return (cubeLevels[cube / 36], cubeLevels[cube / 6 % 6], cubeLevels[cube % 6])
    }

    /// What xterm shows for an index, as `#rrggbb`.
    static func hex(_ index: UInt8) -> String {
        let rgb = rgb(index)
        return "#"
            + [rgb.red, rgb.green, rgb.blue].map { value in
                let digits = String(value, radix: 16)
                return digits.count < 2 ? "0" + digits : digits
            }.joined()
    }

    /// The nearest of the 240 colours that are the same on every terminal.
    static func nearest256(_ color: RGB) -> UInt8 { nearest(color, in: 16...255) }

    /// Nearly the nearest of them, without looking at each: the cube's or the ramp's of grays.
    static func quickest256(_ color: RGB) -> UInt8 {
        func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
        let cube = 16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue)
        let gray = 232 + min(23, max(0, ((color.red + color.green + color.blue) / 3 - 3) / 10))
        func distance(_ index: Int) -> Int {
            let own = rgb(UInt8(index)), red = own.red - color.red, green = own.green - color.green, blue = own.blue - color.blue
            return red * red + green * green + blue * blue
        }
        return UInt8(distance(gray) < distance(cube) ? gray : cube)
    }

    /// The nearest of the 16 ANSI colours.
    static func nearest16(_ index: UInt8) -> UInt8 { index < 16 ? index : nearest(rgb(index), in: 0...15) }

    /// A colour mixed with another, of which `share` is the first.
    static func mix(_ index: UInt8, _ other: UInt8, share: Double) -> UInt8 {
        let first = rgb(index), second = rgb(other)
        let mixed = { (one: Int, two: Int) in Int(roundedDownWithin: Double(one) * share + Double(two) * (1 - share)) }
        let color = (
            red: mixed(first.red, second.red), green: mixed(first.green, second.green), blue: mixed(first.blue, second.blue)
        )
        return nearest(color, in: 16...255) { keepsHue(color, rgb($0)) }
    }

    /// How far apart two colours are in lightness.
    /// - Range: from 1, for equal ones, to 21, for black and white.
    /// - Source: WCAG 2.2, contrast ratio and relative luminance.
    static func contrast(_ one: UInt8, _ other: UInt8) -> Double {
        let first = luminance(one), second = luminance(other)
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    private static func luminance(_ index: UInt8) -> Double {
        let rgb = rgb(index)
        func linear(_ value: Int) -> Double {
            let share = Double(value) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(rgb.red) + 0.7152 * linear(rgb.green) + 0.0722 * linear(rgb.blue)
    }

    /// Whether the channels that clearly differ do so in the same direction: the cube is coarse in the dark, and the nearest
    /// colour to a dark blue can be a violet.
    private static func keepsHue(_ color: RGB, _ candidate: RGB) -> Bool {
        // A small difference may vanish, but not turn round; one smaller than the cube's steps says nothing.
        let agree = { (difference: Int, other: Int) in
            abs(difference) > 25
                ? difference.signum() == other.signum() : abs(difference) <= 12 || difference.signum() != -other.signum()
        }
        return agree(color.red - color.green, candidate.red - candidate.green)
            && agree(color.green - color.blue, candidate.green - candidate.blue)
            && agree(color.red - color.blue, candidate.red - candidate.blue)
    }

    private static func nearest(
        _ color: RGB, in indices: ClosedRange<UInt8>, where isFit: (UInt8) -> Bool = { _ in true }
    ) -> UInt8 {
        var best = indices.lowerBound, least = Int.max
        for index in indices where isFit(index) {
            let candidate = rgb(index)
            let red = candidate.red - color.red, green = candidate.green - color.green, blue = candidate.blue - color.blue
            // Compuphase's "redmean": close to the eye's idea of distance and cheap.
            let mean = (candidate.red + color.red) / 2
            let distance = (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256
            if distance < least { (best, least) = (index, distance) }
        }
        return best
    }

    private static let cubeLevels = [0, 95, 135, 175, 215, 255]
    private static let ansi: [RGB] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    /// The names of the 16 ANSI colours.
    static let names: [String: UInt8] = [
        "black": 0, "red": 1, "green": 2, "yellow": 3, "blue": 4, "magenta": 5, "cyan": 6, "white": 7,
        "gray": 8, "grey": 8, "brightblack": 8, "brightred": 9, "brightgreen": 10, "brightyellow": 11, "brightblue": 12,
        "brightmagenta": 13, "brightcyan": 14, "brightwhite": 15,
    ]
}
