import Databases

extension MigrationList {
    /// A workspace's history: what every feature brings, in the order in which it came. Everybody who opens a workspace gets this one
    /// list. A new feature adds a line at the end; its statements stand with it.
    static let workspace = MigrationList([
        RunMigrations.runs, RunMigrations.commands, RunMigrations.summaries, RunMigrations.origins,
        LinkMigrations.links, DatasetMigrations.datasets,
    ])
}
