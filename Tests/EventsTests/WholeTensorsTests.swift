import Files
import TemporaryFolders
import Testing

@testable import Events

/// Tensors that are saved whole.
@Suite struct WholeTensorsTests {
    private let folder: TemporaryFolder
    private var whole: WholeTensors { WholeTensors(artifactFolder: folder.path) }

    init() throws { folder = try TemporaryFolder() }

    @Test func whatWasSavedIsFoundByStepAndNameHoweverItIsCalled() throws {
        let names = ["gradient/dense1.weight", "../../etc/passwd", "dense/kernel:0", "100 % grün"]
        for (place, name) in names.enumerated() {
            try whole.save(NumpyFile(shape: [2, 3], values: [0, 1, 2, 3, 4, Float(place)]), as: name, at: 10 * place)
        }
        #expect(whole.entries.map(\.name) == names && whole.entries.map(\.step) == [0, 10, 20, 30])
        #expect(whole.entries.allSatisfy { $0.path.hasPrefix(folder.path + "/tensors/") && $0.byteCount == 128 + 24 })
        #expect(try whole.values(of: "../../etc/passwd", at: 10)?.values.last == 1)
        #expect(try whole.values(of: "dense/kernel:0", at: 10) == nil)
        whole.removeAll(after: 10)
        #expect(whole.entries.map(\.step) == [0, 10])
    }

    @Test func aWishIsTakenOnce() throws {
        try whole.wish(for: "gradient/*")
        #expect(whole.isWishedFor("gradient/*"))
        #expect(whole.takeWishes() == ["gradient/*"] && whole.takeWishes().isEmpty && !whole.isWishedFor("gradient/*"))
    }

    @Test func anOptionNamesPatternsAndIntervals() {
        #expect(
            WholeTensorWish.list("dense1.*, gradient/*:100,dense/kernel:0,bias:-3") == [
                .init(pattern: "dense1.*"), .init(pattern: "gradient/*", every: 100), .init(pattern: "dense/kernel:0"),
                .init(pattern: "bias:-3"),
            ])
        #expect(
            WholeTensorWish(pattern: "a.weight").matches("a.weight") && !WholeTensorWish(pattern: "a.weight").matches("ba.weight")
        )
        #expect(WholeTensorWish(pattern: "*.weight").matches("ba.weight"))
    }

    @Test func aNumberThatIsNoIntervalIsRefusedWithWhatNamesItAllTheSame() throws {
        let option = try #require(JobOption.all.first { $0.name == "debug-save-whole" })
        #expect(
            option.problem(with: "gradient/*:100,dense/kernel:0")
                == "0 is no number of steps: give a whole one from 1 on (a name that ends so is dense/kernel:?)")
        #expect(option.problem(with: "x:-12")?.hasSuffix("(a name that ends so is x:???)") == true)
        #expect(option.problem(with: "x:2.5") != nil)
        #expect(["x", "x:3", "x:?", "layer:weight", "x:", "x:e"].allSatisfy { option.problem(with: $0) == nil })
        #expect(WholeTensorWish(pattern: "dense/kernel:?").matches("dense/kernel:0"))
    }

    /// numpy 2.4 writes these bytes for `numpy.array([[1, -2.5]], "<f4")`.
    @Test func filesAreNumPys() throws {
        let file = NumpyFile(shape: [1, 2], values: [1, -2.5])
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
        let bytes: [UInt8] =
            [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
            + [UInt8](repeating: 32, count: 117 - header.utf8.count)
            + [10, 0, 0, 128, 63, 0, 0, 32, 192]
        #expect(file.bytes == bytes)
        #expect(NumpyFile(bytes: bytes) == file)
        #expect(
            NumpyFile(bytes: bytes.dropLast()) == nil && NumpyFile(bytes: []) == nil
                && NumpyFile(bytes: [UInt8](bytes.prefix(40))) == nil)
        let scalar = NumpyFile(shape: [], values: [7]), row = NumpyFile(shape: [3], values: [1, 2, 3])
        #expect(NumpyFile(bytes: scalar.bytes) == scalar && NumpyFile(bytes: row.bytes) == row)
    }
}
