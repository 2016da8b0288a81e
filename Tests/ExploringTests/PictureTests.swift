import Exploring
import Pictures
import Tables
import TemporaryFolders
import Testing

@Suite struct PictureTests {
    private func table(_ names: [String], _ rows: [[Double]], label: String? = nil) -> Table {
        var columns = names.enumerated().map { place, name in
            Column(name: name, kind: .integer, storage: .numbers(rows.map { $0[place] }))
        }
        if let label { columns.append(Column(name: label, kind: .integer, storage: .numbers(rows.map { _ in 1 }))) }
        return Table(columns: columns)
    }

    private func names(_ height: Int, _ width: Int, from first: Int = 0) -> [String] {
        (0..<height).flatMap { y in (0..<width).map { "p_\(y + first)_\($0 + first)" } }
    }

    private func grey(_ picture: Picture, _ x: Int, _ y: Int) -> Int { Int(picture.pixels[(y * picture.width + x) * 4]) }

    @Test func `names of rows and columns tell a shape that is no square, in whatever order they stand`() throws {
        var order = Array(names(4, 6, from: 1).enumerated())
        order.swapAt(0, 23)
        let row = order.map { Double($0.offset) }
        let pictures = try PictureColumns(table(order.map(\.element), [row], label: "what"))
        #expect(pictures.shape.words == "4 × 6" && pictures.range == 0...23)
        let picture = pictures.picture(row: 0, of: table(order.map(\.element), [row], label: "what"))
        #expect(grey(picture, 0, 0) == 0 && grey(picture, 5, 3) == 255 && grey(picture, 1, 2) == 144)
        #expect(try pictures.classColumn(of: table(order.map(\.element), [row], label: "what"), asked: nil) == "what")
    }

    @Test func `a count that is a square is one, and no other is guessed`() throws {
        let square = (0..<16).map { "pixel\($0)" }
        #expect(try PictureColumns(table(square, [square.map { _ in 200 }])).shape.text == "4x4")
        let odd = (0..<18).map { "pixel\($0)" }
        let refusal = #expect(throws: PictureRefusal.self) { try PictureColumns(table(odd, [odd.map { _ in 200 }])) }
        #expect(refusal?.description.contains("the 18 columns pixel0 to pixel17 make no square") == true)
        let shape = PictureShape("3x6"), square4 = PictureShape("4x4")
        #expect(try PictureColumns(table(odd, [odd.map { _ in 200 }]), shape: shape).places.count == 18)
        let wrong = #expect(throws: PictureRefusal.self) {
            try PictureColumns(table(odd, [odd.map { _ in 200 }]), shape: square4)
        }
        #expect(wrong?.description.hasPrefix("4 × 4 pixels are 16 columns, but 18 have numbers") == true)
    }

    @Test func `columns that are measurements are no pictures until somebody says so`() throws {
        let names = (1...16).map { "V\($0)" }
        let below = table(names, [names.map { _ in -1.5 }])
        #expect(throws: PictureRefusal.self) { try PictureColumns(below) }
        #expect(try PictureColumns(below, shape: PictureShape("4x4")).range == -1.5 ... -0.5)
        let few = (1...4).map { "x\($0)" }
        #expect(throws: PictureRefusal.self) { try PictureColumns(table(few, [[1, 2, 3, 4]])) }
    }

    @Test func `a column that is said to tell classes is no pixel, though it is named alike`() throws {
        let names = (1...17).map { "column_\($0)" }
        let data = table(names, [[7] + (0..<16).map(Double.init)])
        #expect(throws: PictureRefusal.self) { try PictureColumns(data) }
        let pictures = try PictureColumns(data, leaving: "column_1")
        #expect(pictures.shape.text == "4x4" && pictures.places.first == 1)
    }

    @Test func `colours are three values a pixel, what is missing is not seen, and shades can be turned`() throws {
        let names = (0..<4).flatMap { y in (0..<4).flatMap { x in (0..<3).map { "p_\(y)_\(x)_\($0)" } } }
        var row = names.map { _ in 0.0 }
        (row[0], row[1], row[2], row[47]) = (255, 128, 0, .nan)
        let pictures = try PictureColumns(table(names, [row]))
        #expect(pictures.shape.text == "4x4x3")
        let picture = pictures.picture(row: 0, of: table(names, [row]))
        #expect(Array(picture.pixels[0..<4]) == [255, 128, 0, 255])
        let turned = pictures.picture(row: 0, of: table(names, [row]), isInverted: true)
        #expect(Array(turned.pixels[0..<4]) == [0, 127, 255, 255])
    }

    @Test func `shapes are read as they are written, and nothing else is`() {
        #expect(PictureShape("28×28")?.text == "28x28" && PictureShape("32 x 16 x 3")?.valueCount == 1536)
        for text in ["", "28", "28x", "0x4", "x28x28", "4x4x2", "-1x4", "5000x1", "1x1x1x1"] {
            #expect(PictureShape(text) == nil)
        }
    }

    @Test func `rows are found by their class piece by piece, numbers in order, those without one last`() throws {
        let scratch = try TemporaryFolder()
        let text = "a,class\n" + (0..<60_000).map { "\($0),\($0 % 5 == 4 ? "" : "\(10 - $0 % 5)")\n" }.joined()
        let rows = try BrowsedRows(path: try scratch.write(text, as: "many.csv"))
        try rows.extend(toRow: 60_000)
        var scan = ClassRows(column: 1)
        while scan.pieceCount < rows.pieces.count { try scan.look(at: rows.pieces) }
        #expect(rows.pieces.count > 1)
        #expect(scan.classes.map(\.label) == ["7", "8", "9", "10", nil])
        #expect(scan.classes[3].rows.prefix(2) == [0, 5] && scan.classes.allSatisfy { $0.rows.count == 12_000 })
        let typed = try rows.tables(ofRows: [59_999, 0])
        #expect(typed[0].map { $0.table.columns[0].numbers?[$0.row] } == 59_999)
    }
}
