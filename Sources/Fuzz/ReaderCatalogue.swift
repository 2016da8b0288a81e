extension FuzzedReader {
    /// Every reader there is.
    static var all: [FuzzedReader] {
        DataReaders.all + ReadingReaders.all + LogReaders.all + ModelReaders.all + TextReaders.all + RowReaders.all
            + ScriptReaders.all
            + RemoteReaders.all + ClarifyReaders.all + InferenceReaders.all + MonitorReaders.all + NotebookReaders.all
            + PictureReaders.all
            + ServingReaders.all + PipelineReaders.all
            + [ChartReader.all, OutOfFoldReader.all, ExplorationReader.all, PlanReader.all, TrafficReader.all]
    }
}
