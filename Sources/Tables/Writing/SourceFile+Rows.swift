extension SourceFile {
    /// The rows in the file's own words; the one place that knows which formats have a walk of their own.
    func rows(_ choice: RowChoice) throws(TableError) -> any SourceRows {
        switch reading.format {
        case .csv: try CSVRows(try reopened(), self, choice)
        case .jsonLines: try JSONLinesRows(try reopened(), self, choice)
        case .parquet: try ParquetRows(try reopened(), choice)
        case .json, .arrow, .xlsx, .sqlite, .idx, .libsvm, .recordIO: try TextRows(self, choice)
        }
    }
}
