import Testing

@testable import Cells

@Suite struct HeatMapTests {
    @Test func cellsAreAsDarkAsTheirValues() {
        let map = HeatMap([[0, 0.1, 0.3, 0.6, 1], [.nan, 1, .infinity, -1, 0.24]])
        #expect(map.lines(glyphs: .braille) == [" ░▒▓█", " █  ░"])
        #expect(map.lines(glyphs: .ascii) == [" .:o#", " #  ."])
    }

    @Test func columnsKeepTheLargestOfTheirShare() {
        #expect(HeatMap.columns([1, 5, 2, 3], 2) == [5, 3])
        #expect(HeatMap.columns([1, 5], 4) == [1, 5])
        #expect(HeatMap.columns([.nan, .nan, 1, .nan], 2)[1] == 1)
        #expect(HeatMap.columns([.nan, .nan, 1, .nan], 2)[0].isNaN)
    }
}
