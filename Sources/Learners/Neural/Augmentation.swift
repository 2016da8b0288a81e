import CLearnerKernels
import Glibc
import Numerics

/// Changes to training rows that leave their meaning: images are moved, turned and mirrored, any row gets noise.
struct Augmentation: Sendable, Hashable {
    /// Largest shift in pixels and largest turn in degrees, either way.
    var shift = 0.0, rotation = 0.0
    /// Whether half of the images are mirrored left to right.
    var mirrors = false
    /// Deviation of the noise, on the scale of normalised features.
    var noise = 0.0

    var movesPixels: Bool { shift > 0 || rotation > 0 || mirrors }

    /// Writes changed copies of images.
    ///
    /// - Shape: images and result [count, shape.count]; fill [channels] is what lies beyond the edges.
    func warp(
        _ images: UnsafePointer<Float>, count: Int, shape: ImageShape, fill: [Float], random: inout RandomSource,
        into result: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count {
            let angle = random.uniform(in: -rotation...rotation) * Double.pi / 180
            let down = random.uniform(in: -shift...shift), across = random.uniform(in: -shift...shift)
            let mirror: Float = mirrors && random.uniform() < 0.5 ? -1 : 1
            dn_warp(
                images + index * shape.count, shape.height, shape.width, shape.channelCount, Float(cos(angle)), Float(sin(angle)),
                Float(down), Float(across), mirror, fill, result + index * shape.count)
        }
    }

    func addNoise(_ rows: UnsafeMutablePointer<Float>, count: Int, key: UInt32) {
        if noise > 0 { dn_noise(rows, count, Float(noise), key) }
    }
}
