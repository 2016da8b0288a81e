import Glibc
import Testing

@testable import Tables

/// An IDX file of bytes.
func idx(_ extents: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
    let counts = extents.flatMap { extent in [24, 16, 8, 0].map { UInt8(extent >> $0 & 255) } }
    return [0, 0, type, UInt8(extents.count)] + counts + values
}

@Suite struct IDXReaderTests {
    @Test func `images are a column a pixel with the labels beside them, and their shape is known`() throws {
        let images = TemporaryFile(idx([3, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]), name: "t-images-idx3-ubyte")
        #expect(try Table(contentsOf: images.path).columns.map(\.name) == ["pixel_1_1", "pixel_1_2", "pixel_2_1", "pixel_2_2"])
        let labels = images.path.replacing("images-idx3", with: "labels-idx1")
        try write(idx([3], [7, 0, 9]), to: labels)
        defer { unlink(labels) }
        let table = try Table(contentsOf: images.path)
        #expect(table.imageShape == "2x2x1")
        #expect(table.format == .idx)
        #expect(table.texts == [["1", "5", "9"], ["2", "6", "10"], ["3", "7", "11"], ["4", "8", "255"], ["7", "0", "9"]])
        #expect(table.columns[4].name == "label")
        #expect(table.columns.allSatisfy { $0.kind == .integer })
        #expect(try Table(contentsOf: labels).texts == [["7", "0", "9"]])
        try write(idx([2], [7, 0]), to: labels)
        #expect(throws: TableError.self) { try Table(contentsOf: images.path) }
    }

    @Test func `every type of value and channels are read`() throws {
        let colours = TemporaryFile(idx([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]), name: "c")
        let table = try Table(contentsOf: colours.path)
        #expect(table.imageShape == "1x2x3")
        #expect(table.columns.map(\.name).prefix(4) == ["pixel_1_1_1", "pixel_1_1_2", "pixel_1_1_3", "pixel_1_2_1"])
        // Struct formats of Python: >bb 1 -2; >hh 300 -2; >ii 70000 -2; >ff 0.5 -2; >dd 0.5 -2.
        let cases: [(UInt8, [UInt8], [Double])] = [
            (9, [1, 254], [1, -2]), (11, [1, 44, 255, 254], [300, -2]), (12, [0, 1, 17, 112, 255, 255, 255, 254], [70000, -2]),
            (13, [0x3f, 0, 0, 0, 0xc0, 0, 0, 0], [0.5, -2]),
            (14, [0x3f, 0xe0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [0.5, -2]),
        ]
        for (type, bytes, values) in cases {
            let file = TemporaryFile(idx([1, 2], bytes, type: type), name: "v")
            #expect(try Table(contentsOf: file.path).columns.compactMap(\.numbers?.first) == values)
        }
    }

    @Test func `a file shorter or longer than its header says is refused`() {
        for bytes in [idx([3, 2, 2], [1, 2]), idx([1, 1, 1], [1, 2]), idx([1 << 31, 1 << 31, 1 << 31], [1])] {
            #expect(readingError(bytes: bytes)?.code == .damagedFile)
        }
        #expect(readingError(bytes: idx([2, 0, 4], []))?.code == .tooManyColumns)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}
