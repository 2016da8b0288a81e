/// The colour and the letter by which a run is known, in every process, in reports and in images: they follow from its number in
/// the workspace and from nothing else.
public struct RunLook: Hashable, Sendable {
    private let number: Int

    /// - Range: from 0; what is below counts as 0.
    public init(number: Int) { self.number = max(0, number) }

    public var role: ColorRole { .series(number) }

    /// A to Z, then a to z, then A again, in another colour than the A before.
    public var letter: Character {
        let place = UInt8(number % 52)
        return Character(Unicode.Scalar(place < 26 ? UInt8(ascii: "A") + place : UInt8(ascii: "a") + place - 26))
    }
}
