import Cells
import Testing

@Suite struct SparklineTests {
    @Test func `bars rise with the values`() {
        #expect(Sparkline.text(values: [0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text(values: [0, 1, 2], width: 8, glyphs: .ascii) == ".:|")
    }

    @Test func `more values than columns keep every peak`() {
        var values = Array(repeating: 1.0, count: 1000)
        values[777] = 9
        #expect(Sparkline.text(values: values, width: 20).filter { $0 == "█" }.count == 1)
    }

    @Test func `counts stand on zero, and where there is none there is no bar`() {
        let bars = Array(Sparkline.text(values: [686, 652], width: 16, isCount: true))
        #expect(bars == ["█", "▇"] || bars == ["█", "█"])
        #expect(Sparkline.text(values: [686, 652], width: 16) != String(bars))
        #expect(Sparkline.text(values: [0, 1, 1000], width: 3, isCount: true) == " ▁█")
    }

    @Test func `nasty values draw at any width`() {
        for values in Samples.nasty {
            for width in [0, 1, 3, 50] { #expect(Sparkline.text(values: values, width: width).count <= width) }
        }
        #expect(Sparkline.text(values: [1, .nan, 2], width: 3).contains(" "))
    }
}
