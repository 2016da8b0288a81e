/// What a table needs in memory, before it is made.
enum MemoryBudget {
    /// - Throws: `tooLarge` when the values alone need more than this machine has.
    static func check(rowCount: Int, columnCount: Int, path: String) throws(TableError) {
        let (cells, overflow) = rowCount.multipliedReportingOverflow(by: max(1, columnCount))
        guard overflow || cells > ByteRegion.physicalMemory / 8 else { return }
        throw TableError(
            .tooLarge,
            "\(rowCount) rows × \(columnCount) columns need more memory than this machine has: keep fewer rows or columns",
            path: path)
    }
}
