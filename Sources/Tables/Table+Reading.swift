extension Table {
    /// Reads a data file of any `DataFormat`, plain or compressed by gzip or zstd; its content says which.
    ///
    /// In text, empty fields, NA, N/A, NaN, null, None and ? are missing, and whole numbers written with leading zeros, such as
    /// 00123, are codes and stay text. Bytes that are not UTF-8 are replaced, with a warning. In delimited text, fields are
    /// trimmed outside quotes; blank lines between records are skipped, but in a file of one column they are missing values.
    ///
    /// - Throws: `fileNotFound`, `notAFile`, `unreadable`, `emptyFile`, `nulByte`; `damagedFile`, `unsupportedFormat`,
    ///   `tooLarge`; `fieldCount`, `openQuote`, `textAfterQuote`, `fieldTooLong`, `invalidJSON` with the place at fault.
    public init(
        contentsOf path: String, options: ReadOptions = ReadOptions(), schema: TableSchema? = nil
    ) throws(TableError) {
        let file = try FileBytes(path: path)
        let format = if let said = options.format { said } else { try DataFormat(of: file, path: path, options: options) }
        self =
            switch format {
            case .csv: try CSVReader.read(file, path: path, options: options, schema: schema)
            case .jsonLines: try JSONLinesReader.read(file, path: path, options: options, schema: schema)
            case .json: try JSONReader.read(file, path: path, options: options, schema: schema)
            case .parquet: try ParquetReader.read(file, path: path, options: options, schema: schema)
            case .idx: try IDXReader.read(file, path: path, options: options)
            case .recordIO: try RecordIOReader.read(file, path: path, options: options, schema: schema)
            case .libsvm: try LibSVMReader.read(file, path: path, options: options, schema: schema)
            case .sqlite: try SQLiteReader.read(file, path: path, options: options, schema: schema)
            }
    }
}
