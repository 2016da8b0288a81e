import Foundation
import Testing

@testable import Pictures

/// Pictures in PNG, as Pillow 13 reads them (`make_fixtures.py`).
@Suite struct PNGReaderTests {
    private func bytes(_ name: String) throws -> [UInt8] {
        let parts = name.split(separator: ".").map(String.init)
        let url = Bundle.module.url(forResource: parts[0], withExtension: parts[1], subdirectory: "Files")
        return [UInt8](try Data(contentsOf: try #require(url)))
    }

    @Test(arguments: ["gray", "color", "stored", "opacity", "palette", "dots", "gray-opacity", "filters"])
    func pixelsAreThoseOfPillow(_ name: String) throws {
        let picture = try PNGReader.picture(try bytes(name + ".png"))
        #expect(picture.width == 37 && picture.height == 23)
        #expect(try picture.pixels == bytes(name + ".rgba"))
    }

    @Test func whatIsNoPictureIsRefused() throws {
        let whole = try bytes("color.png")
        #expect(PNGReader.size(of: whole)?.width == 37 && PNGReader.size(of: [1, 2, 3]) == nil)
        func fault(_ bytes: [UInt8]) -> String {
            do throws(PictureFault) {
                _ = try PNGReader.picture(bytes)
                return ""
            } catch { return error.description }
        }
        #expect(fault([]) == "it is no PNG")
        #expect(fault(Array(whole.prefix(whole.count / 2))).contains("damaged"))
        var other = whole
        other[28] = 1
        #expect(fault(other) == "it is interlaced")
        other = whole
        for place in 16..<20 { other[place] = 0x7F }
        #expect(fault(other).hasPrefix("it is too large"))
        other = whole
        other[24] = 3
        #expect(fault(other).contains("what cannot be"))
    }

    @Test func aPictureIsScaledByMeans() {
        let picture = Picture(
            width: 4, height: 2,
            pixels: [
                0, 0, 0, 255, 100, 0, 0, 255, 10, 20, 30, 255, 0, 0, 0, 0,
                200, 0, 0, 255, 100, 0, 0, 255, 30, 40, 50, 255, 0, 0, 0, 0,
            ])
        #expect(picture.scaled(width: 2, height: 1).pixels == [100, 0, 0, 255, 20, 30, 40, 127])
        let large = picture.scaled(width: 8, height: 4)
        #expect(Array(large.pixels[0..<8]) == [0, 0, 0, 255, 0, 0, 0, 255] && large.width == 8)
    }
}
