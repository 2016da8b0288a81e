extension SourceFile {
    /// The rows in the file's own words: by a walk of their own, or by reading the file again as texts.
    func rows(_ choice: RowChoice) throws(TableError) -> any SourceRows {
        switch reading.format {
        case .csv: try CSVRows(self, choice)
        case .jsonLines: try JSONLinesRows(self, choice)
        case .parquet: try ParquetRows(try reopened(), choice)
        case .json, .arrow, .xlsx, .sqlite, .idx, .libsvm, .recordIO: try TextRows(self, choice)
        }
    }
}
