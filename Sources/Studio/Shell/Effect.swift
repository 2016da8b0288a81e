import Events

/// Something the state asks the program to do. What came of it comes back as an `Action`.
public enum Effect: Sendable, Hashable {
    /// Hand a command to the engine.
    case command(StudioCommand)
    /// Read the runs from the store: answered by `Action.runsLoaded`.
    case loadRuns
    /// Read one metric's history: answered by `Action.seriesLoaded`.
    case loadSeries(RunID, MetricName)
    /// Compare runs, the first being what the others are compared with: answered by `Action.compared`, first with what is recorded
    /// and then with what the models make of held-out rows, too.
    case compare([RunID])
    /// Find which settings bear on the runs' objective: answered by `Action.importanceFound`.
    case findImportance([RunID])
    /// Read what the workspace holds of a run: answered by `Action.detailsLoaded`.
    case loadDetails(RunID)
    /// Find where a run can be forked: answered by `Action.forkPlacesLoaded`.
    case loadForkPlaces(RunID)
    /// Find what stands in the way of running a run again: answered by `Action.reproductionInspected`.
    case inspectReproduction(RunID)
    /// Compare a run that did another one again with that one, now that it ended: answered by the event `runReproduced`.
    case checkReproduction(RunID)
    /// List the paths that start with a prefix: answered by `Action.pathsListed`.
    case listPaths(prefix: String)
    /// Paint in this theme from now on (a preview, or for good).
    case setTheme(String)
    /// Write the settings file.
    case saveSettings(Settings)
    /// Put the studio to sleep, as Ctrl-Z does.
    case suspend
    /// Leave the studio.
    case quit(QuitChoice)
    /// Hand text to the terminal's clipboard.
    case copyToClipboard(String)
    /// Write the chart that is shown as an SVG image in the theme's colours, into the current folder under this name or, if that
    /// is taken, one like it: answered by `Action.fileWritten`.
    case exportSVG(name: String)
    /// Write a text into the current folder, named as `exportSVG` does: answered by `Action.fileWritten`.
    case exportText(name: String, String)
    /// Ring the terminal's bell.
    case bell
}

/// What becomes of the running jobs when the studio is left.
public enum QuitChoice: Sendable, Hashable {
    /// Stop each job after a checkpoint, so that it can be resumed.
    case stopAndSave
    /// Leave when the jobs are done.
    case wait
    /// Leave at once; the jobs lose what they did since their last checkpoint.
    case abandon
}
