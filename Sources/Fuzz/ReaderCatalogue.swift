extension FuzzedReader {
    /// Every reader there is.
    static var all: [FuzzedReader] {
        DataReaders.all + LogReaders.all + ModelReaders.all + TextReaders.all + [ChartReader.all]
    }
}
