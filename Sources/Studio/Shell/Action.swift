import Cells
import Events

/// Everything that can happen to the studio's state. `reduce(into:_:)` is the only thing that answers it.
public enum Action: Sendable {
    /// A key, a paste, the mouse, a resize, or the terminal gaining or losing focus.
    case input(InputEvent)
    /// Lifecycle events in order, and merged metric samples, from the bus or from another process through the store.
    case events([StudioEvent], [RunSamples])
    /// Runs from the store: at start-up, and again when another process changed one. Merged by id.
    case runsLoaded([RunSummary])
    /// Runs that another process removed from the workspace for good.
    case runsRemoved([RunID])
    /// Data sets that the workspace knows, last seen first: at start-up, and again when one was seen or edited, with whether their files
    /// are as they were. Merged by id.
    case datasetsLoaded([DatasetSummary])
    /// The queue of the workspace's host: at start-up, and again when it has changed.
    case queueLoaded([QueuedJob], hasHost: Bool)
    /// Another process changed how a tuning job or one of its trials stands: whoever shows them reads them again.
    case tuningsChanged
    /// How the workspace's endpoints, alarms and kept models stand: at the start, and again when one of them changed.
    case servingLoaded(KnownServing)
    /// How a load of the user's own on an endpoint comes on: some times a second, and when it is over.
    case loadChanged(EndpointLoadStanding)
    /// How a notebook's kernel stands: some times a second while a cell runs, and when it is done.
    case kernelChanged(KernelStanding)
    /// How the places that the studio is attached to are reached: at the start, and whenever that changes.
    case placesChanged([PlaceStanding])
    /// What happened while no studio looked at the workspace; once, at start-up.
    case returned(Absence)
    /// Alerts of one run that were raised before this studio was opened.
    case alertsLoaded(RunID, [StudioEvent])
    /// Steering changes and checkpoints of a run that another process trains. Replaces what is there; later ones append.
    case changesLoaded(RunID, [StudioEvent])
    /// A curve of a run that another process trains, of which there is another history by now, or more of what is on its way.
    case curveRead(SeriesLibrary.Key, Series, CurveArrival?)
    /// What came of a query, in answer to `Effect.ask`.
    case answered(QueryAnswer)
    /// Time to go on deriving means and differences from long curves, while `AppState.isDeriving`.
    case deriveMore
    /// Wall time in seconds since 1970, every `AppState.tickInterval` seconds.
    case tick(now: Double)
    /// What the studio's process uses, for the header.
    case systemSampled(cpuPercent: Double, residentBytes: Int)
    /// Data files that the user named at the start: shown while they are being read.
    case dataNamed([String])
    /// Names of the themes that `Effect.setTheme` understands.
    case themesListed([String])
    /// A theme is on the screen; `hasTint` says whether it has a background for bands there.
    case themeShown(hasTint: Bool)
    /// A chart or its values were written to a file.
    case fileWritten(path: String)
    /// What the user said about a run, or its way to the bin or back, could not be written, and why; with the run as the
    /// workspace has it, if that can be read. The screen shows it already, and takes it back.
    case editRefused(RunID, stored: RunSummary?, String)
    /// Something to know that nobody has to look at now: it stands in the log.
    case noted(String)
    /// A command was refused before it reached the engine; the text says why and what to do.
    case commandRefused(String)
}
