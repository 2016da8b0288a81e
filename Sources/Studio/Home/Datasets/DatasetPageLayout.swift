import Cells

extension StudioLayout {
    /// Parts of the zoomed Datasets pane.
    package struct DatasetPage {
        package var facts, header, columns: Rect
        /// The selected column large, and the warnings.
        package var column, warnings: Rect
        /// Whether the column stands at the right of the table rather than under it.
        package var isBeside: Bool
    }

    /// The zoomed Datasets pane: lines of facts, the table of `count` columns with its header, the selected column and the warnings:
    /// on a wide pane beside the table, else under it.
    /// - Parameter readingLines: lines that say how the file was read.
    package static func datasetPage(_ interior: Rect, columns count: Int, readingLines: Int = 0) -> DatasetPage {
        let more = min(readingLines, interior.height >= 20 ? 3 : interior.height >= 10 ? 2 : 0)
        let (facts, rest) = interior.splitTop(interior.height >= 4 ? 1 + more : 0)
        if rest.width >= 150, rest.height >= 16 {
            let (left, right) = rest.splitLeft(rest.width - max(70, rest.width * 46 / 100))
            let (upper, lower) = left.splitTop(min(left.height * 62 / 100, count + 2))
            let (header, columns) = upper.splitTop(1)
            return DatasetPage(
                facts: facts, header: header, columns: columns, column: right.splitLeft(1).rest,
                warnings: lower.splitTop(1).rest, isBeside: true)
        }
        let isRoomy = rest.height >= 12
        let (upper, lower) = rest.splitTop(isRoomy ? min(rest.height / 2, count + 2) : rest.height)
        let (header, columns) = upper.splitTop(upper.height >= 2 ? 1 : 0)
        let room = lower.splitTop(1).rest
        let (column, warnings) = room.splitLeft(room.width >= 70 ? room.width * 58 / 100 : room.width)
        return DatasetPage(
            facts: facts, header: header, columns: columns, column: column, warnings: warnings, isBeside: false)
    }
}
