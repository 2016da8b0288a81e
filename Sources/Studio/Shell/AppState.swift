import Cells
import Events
import PipelineSteps
import RunSearching

/// Everything the studio knows and shows: one value, changed by `reduce(into:_:)` alone and painted by `draw`.
public struct AppState: Sendable {
    /// What the user chose; the program writes it to a file when `Effect.saveSettings` says so.
    public internal(set) var settings: Settings
    /// The screen's size.
    public internal(set) var size: Size
    /// Whether the screen looks different from when `didDraw` was last called.
    public internal(set) var needsRedraw = true

    package internal(set) var algorithms: [AlgorithmDescription]
    /// The ways to say how a data file is to be read.
    package internal(set) var readOptions: [ReadOptionDescription]
    package internal(set) var workspaceName: String
    /// Seconds since 1970, as of the last tick.
    package internal(set) var now: Double
    package internal(set) var utcOffsetSeconds: Int
    package internal(set) var keyMap: KeyMap
    package internal(set) var themes: [String] = []
    /// Tells jobs of this process from those of others; nil = all are its own.
    let processID: Int32?
    /// Whether the screen has colours to tell curves apart by.
    let hasColor: Bool
    /// Whether the theme has a background for bands on this screen.
    package internal(set) var hasTint = true

    package internal(set) var focus = Pane.experiments
    package internal(set) var isZoomed = false { didSet { if !isZoomed { zoomIsPlace = false } } }
    /// Whether one came to the zoomed pane from somewhere else, so that esc goes back there at once.
    var zoomIsPlace = false
    /// What the mouse holds while its button is down.
    var drag: Drag?
    /// What lies over the home screen, the uppermost last; popups lie over all screens.
    package internal(set) var screens: [any Screen] = []
    package internal(set) var popups: [any Layer] = []
    /// Where one was before.
    var history = PlaceHistory()
    /// What is looked for on the open page; nil when nothing is.
    package internal(set) var pageSearch: PageSearch?
    /// Counts what may have changed a page to read.
    var revision = 0
    package internal(set) var toast: Toast?
    var undoStack: [Undo] = []
    /// Steps that prepare data sets, by the path of their file.
    package internal(set) var pipelines: [String: DataPipeline] = [:]
    /// Data sets by their paths for which the workspace keeps no steps, as far as was asked.
    var soughtPipelines: Set<String> = []
    package internal(set) var log: [LogLine] = []
    package internal(set) var system = SystemLoad()

    package internal(set) var runs = RunLibrary()
    package internal(set) var queue = JobQueue()
    /// The workspaces elsewhere that are shown; none where the studio shows its own.
    package internal(set) var places: [PlaceStanding] = []
    package internal(set) var series = SeriesLibrary()
    package internal(set) var derived = DerivedCurves()
    package internal(set) var datasets = DatasetsState()
    package internal(set) var experiments = ExperimentsState()
    package internal(set) var curves = CurvesState()
    package internal(set) var alerts = AlertsState()
    /// What was asked and is not answered yet.
    var queries = PendingQueries()
    /// The form as it was last left, for the next run.
    package internal(set) var lastRequest: JobRequest?
    /// The workspace's endpoints, alarms and kept models.
    package internal(set) var serving = KnownServing()
    /// Loads of the user's own, by the endpoints' ids; what is over stays to be read.
    package internal(set) var loads: [String: EndpointLoadStanding] = [:]
    /// Whether the terminal was asked if it shows pictures as pixels, and whether it said so.
    var asksForPictures = false, showsPictures = false
    /// Kernels that the studio holds, by their notebooks' paths.
    package internal(set) var kernels: [String: KernelStanding] = [:]
    /// An endpoint of this name was just asked for: its page opens.
    var awaitsEndpoint: String?
    /// What was last asked about groups of rows, by the data's path.
    var biasQuestions: [String: String] = [:]
    /// Derived: the runs whose curves are shown.
    package internal(set) var shownRuns: [RunID] = []
    /// A run was just started here: the next one registered is selected.
    var awaitsFreshRun = false
    /// Tuning jobs of this process that try something.
    var liveTunings: Set<String> = []
    /// A tuning job was just started here: its page opens.
    var awaitsFreshTuning = false
    /// Why nothing that happens reaches the workspace just now.
    package internal(set) var recordingProblem: RecordingProblem?
    /// What was said about runs before the changes that are shown but not written yet.
    var unwrittenEdits: [RunID: UnwrittenEdit] = [:]
    /// The user asked to leave as soon as no job runs.
    package internal(set) var isWaitingToQuit = false

    /// - Parameters:
    ///   - now: wall time in seconds since 1970.
    ///   - readOptions: the ways to say how a data file is to be read.
    ///   - utcOffsetSeconds: what to add to UTC for the clock and the wall-time axis.
    ///   - hasColor: whether the screen can show colours.
    ///   - processID: tells jobs of this process from those of others; nil = all are its own.
    public init(
        settings: Settings, algorithms: [AlgorithmDescription], size: Size, now: Double, workspaceName: String,
        readOptions: [ReadOptionDescription] = [], utcOffsetSeconds: Int = 0, hasColor: Bool = true, processID: Int32? = nil
    ) {
        self.processID = processID
        self.settings = settings
        self.algorithms = algorithms
        self.readOptions = readOptions
        self.size = size
        self.now = now
        self.workspaceName = workspaceName
        self.utcOffsetSeconds = utcOffsetSeconds
        self.hasColor = hasColor
        keyMap = KeyMap(overrides: settings.keyOverrides)
        experiments.sort = settings.runSort
        experiments.columns = settings.runColumns
        experiments.group = settings.runGroup
        for message in keyMap.messages { say(message, .warning) }
        _ = refresh()
    }

    /// Whether curves that are to be shown are still being read.
    public var isAwaitingCurves: Bool { series.isAwaitingCurves }

    /// Whether there is more to derive from the curves than one action may take time for: `Action.deriveMore` goes on.
    public var isDeriving: Bool { derived.isBehind }

    /// Call after each drawing: until something changes, there is nothing to draw.
    public mutating func didDraw() { needsRedraw = false }

    /// How often to send `Action.tick`: each second while a job runs or a message is shown, else every few seconds to look whether the
    /// file of an open data page is still as it was, else each minute for the clock.
    public var tickInterval: Double {
        followsOutput
            ? 0.25
            : isReadingData
                ? 0.5
                : toast != nil || followsTraffic || !runs.active.isEmpty || isAnyPlaceStale ? 1 : shownDataset == nil ? 60 : 5
    }

    /// Whether the theme tells nothing apart by colour.
    package var isColorless: Bool { settings.theme == "monochrome" || !hasColor }

    /// What bands are drawn with.
    package var bands: BandLook { hasTint && !isColorless && settings.glyphs != .ascii ? .tint : .dots }

    package var layout: StudioLayout { StudioLayout(size: size, focus: focus, isZoomed: isZoomed, sizes: settings.paneSizes) }

    package var clock: SearchClock { SearchClock(now: now, utcOffsetSeconds: utcOffsetSeconds) }

    package var selectedRun: RunSummary? { experiments.selected.flatMap { runs[$0] } }
    /// What is done to a run is done to this one: that of the screen, else the selected one.
    package var subjectID: RunID? { screens.last is TuningPage ? runOnPage : runOnPage ?? experiments.selected }
    package var subjectRun: RunSummary? { subjectID.flatMap { runs[$0] } }
    package var selectedAlert: AlertsState.Item? { alerts.selected }

    /// The run of the screen; else the marked runs, and the selected one when none is marked.
    package var targetRuns: [RunSummary] {
        if let page = screens.last as? TuningPage {
            let marked = experiments.marks.filter { run in page.standing?.trials.contains { $0.run == run } ?? false }
            return (marked.isEmpty ? [page.chosen].compactMap { $0 } : marked).compactMap { runs[$0] }
        }
        if let run = runOnPage { return [run].compactMap { runs[$0] } }
        let ids = experiments.marks.isEmpty ? [experiments.selected].compactMap { $0 } : experiments.marks
        return ids.compactMap { runs[$0] }
    }

    /// Which keys mean something now, the most particular first.
    package var contexts: [KeyContext] {
        popups.last?.contexts ?? contextsBeneathPopups
    }

    /// Which keys mean something where popups lie over.
    var contextsBeneathPopups: [KeyContext] {
        if let screen = screens.last { return (pageSearch == nil ? [] : [.found]) + screen.contexts + [.screen, .global] }
        if focusedFilter.isEditing { return [.filter] }
        return [focus.context, .home, .global]
    }

    /// The filter of the focused list; that of the columns when the Datasets pane is zoomed.
    package var focusedFilter: ListFilter {
        get {
            switch focus {
            case .datasets: isZoomed ? datasets.columnFilter : datasets.filter
            case .experiments, .curves: experiments.filter
            case .alerts: alerts.filter
            }
        }
        set {
            switch focus {
            case .datasets where isZoomed: datasets.columnFilter = newValue
            case .datasets: datasets.filter = newValue
            case .experiments, .curves: experiments.filter = newValue
            case .alerts: alerts.filter = newValue
            }
        }
    }
}

extension AppState {
    /// Lines kept in the log.
    static let logCapacity = 500
    static let undoCapacity = 50

    /// Shows a message and writes it to the log.
    mutating func say(_ text: String, _ role: ColorRole) {
        let line = String(text.prefix(1000))
        toast = Toast(text: line, role: role, until: now + (role == .bad || role == .warning ? 10 : 5))
        append(to: line, role)
        needsRedraw = true
    }

    /// Writes a line to the log only.
    mutating func append(to line: String, _ role: ColorRole) {
        log.append(LogLine(time: now, text: String(line.prefix(1000)), role: role))
        if log.count > Self.logCapacity { log.removeFirst(log.count - Self.logCapacity) }
    }

    /// Remembers how to take back what was just done.
    mutating func push(_ undo: @escaping @Sendable (inout AppState) -> [Effect]) {
        undoStack.append(Undo(perform: undo))
        if undoStack.count > Self.undoCapacity { undoStack.removeFirst() }
    }
}
