import Cells
import JSON
import Pictures

/// Pictures of others, read and drawn.
enum PictureReaders {
    static var all: [FuzzedReader] { [FuzzedReader(name: "pictures") { _ in pictures() }] }

    private static let samples = [
        ("gray", "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAJCAAAAADBD4nxAAAAEElEQVR4nGNk4IIDJi7asgHQ3gPm4EwXDgAAAABJRU5ErkJggg=="),
        (
            "opacity",
            "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAJCAYAAADkZNYtAAAAG0lEQVR4nGNkYPjPwMX1jYsYzESswlHFFCkGADPEarkAbAEyAAAAAElFTkSuQmCC"
        ),
        (
            "palette",
            "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAJBAMAAAAWSsseAAAAD1BMVEWZmWZ9fYJkZJtHR7ghId73abK5AAAAK0lEQVR4nAXBAQHAIADDsH7a8C/l1EFJvgO3"
                + "fxAyMBxhDEMXFjOUYcFC4QFWvRxGn1kKJgAAAABJRU5ErkJggg=="
        ),
    ]

    private static func pictures() -> Subject {
        Subject(samples: samples.map { Sample($0.0, Base64.bytes($0.1) ?? []) }) { sample in
            do throws(PictureFault) {
                let picture = try PNGReader.picture(sample.bytes)
                let cells = PictureCells(picture, width: 40, height: 20, glyphs: .braille, isColorless: picture.width % 2 == 0)
                return cells.size.width <= 40 && cells.size.height <= 20 ? .accepted : .wrong("it is larger than its room")
            } catch { return .refused(error.description) }
        }
    }
}
