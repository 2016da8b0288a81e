import Databases

extension MigrationList {
    /// A workspace's history: what every feature brings, in the order in which it came. Everybody who opens a workspace gets this one
    /// list. A new feature adds a line at the end; its statements stand with it, and its store in `FeatureStoreList`.
    ///
    /// Numbers go on, and a name that was released stays. There is no 0004: it was never released.
    static let workspace = MigrationList([
        RunMigrations.runs, RunMigrations.commands, RunMigrations.summaries, RunMigrations.origins,
        LinkMigrations.links, DatasetMigrations.datasets, DatasetMigrations.reading, RunMigrations.numbers,
        QueueMigrations.queue, MirrorMigrations.places, MirrorMigrations.outlines, TensorMigrations.tensors,
        RunMigrations.cleared, NoticeMigrations.notices, TuningMigrations.tuning, TuningMigrations.evidence,
        TuningMigrations.controls, TuningMigrations.conditions, AutoMLMigrations.automl,
        EndpointMigrations.endpoints, ModelMigrations.models, AlarmStore.migration,
        AutoMLMigrations.levelsAndHost, EndpointMigrations.shadows, NoticeMigrations.withoutRun, MonitorStore.migration,
        MonitorStore.retrainings, MonitorStore.views,
        TrackingMigrations.tracking,
        WorkspaceViews.views, MonitorStore.files, TuningMigrations.host, DatasetMigrations.pipelines,
        DatasetMigrations.pipelineData, ModelMigrations.registry,
    ])
}
