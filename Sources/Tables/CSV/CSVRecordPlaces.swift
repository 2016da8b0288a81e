/// Where the records of delimited text are, and how they are taken apart.
struct CSVRecordPlaces: Hashable {
    let dialect: CSVDialect
    let comment: UInt8
    let fieldCount: Int
    let header: Range<Int>?
    let dataStart: Int, dataEnd: Int
    /// See `CSVLayout.repeatedHeader`.
    let repeatedHeader: [UInt8]

    init(_ layout: CSVLayout) {
        (dialect, comment, fieldCount) = (layout.dialect, layout.comment, layout.fieldCount)
        (header, dataStart, dataEnd) = (layout.header, layout.dataStart, layout.dataEnd)
        repeatedHeader = layout.repeatedHeader
    }
}
