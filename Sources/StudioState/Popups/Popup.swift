import Cells
import Events
import RunSearching

/// What lies over the home screen. Popups stack; Esc takes the top one off.
package enum Popup: Sendable {
    case menu(Menu)
    case form(NewRunForm)
    case path(PathPrompt)
    case steer(SteerPrompt)
    case line(LinePrompt)
    case columns(ColumnChooser)
    case page(Page)
    case question(Question)

    /// Which keys mean something in it, the most particular first.
    package var contexts: [KeyContext] {
        switch self {
        case .menu: [.menu]
        case .form: [.form]
        case .path: [.prompt]
        case .steer: [.steer]
        case .line: [.line]
        case .columns: [.columns]
        case .page(let page):
            switch page.kind {
            case .comparison: [.compare, .detail]
            case .importance, .run, .log: [.detail]
            }
        case .question: [.confirm]
        }
    }
}

/// A searchable list: commands, keys, metrics or themes.
package struct Menu: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case palette, help, metrics, export, views
        case sortBy([RunField])
        case groupBy([RunField])
        /// Remembers the theme to go back to.
        case themes(previous: String)
    }

    package var kind: Kind
    package var search = TextField()
    package var cursor = ListCursor()

    init(_ kind: Kind) { self.kind = kind }

    package var title: String {
        switch kind {
        case .palette: "Commands"
        case .help: "Keys"
        case .metrics: "Metrics"
        case .themes: "Themes"
        case .export: "Export"
        case .views: "Views"
        case .sortBy: "Sort by"
        case .groupBy: "Group by"
        }
    }
}

/// The line that opens a data file.
package struct PathPrompt: Hashable, Sendable {
    package var field = TextField()
    /// Paths that start with `listedPrefix`.
    package var paths: [String] = []
    package var listedPrefix = ""

    init() {}
}

/// The line that sets hyperparameters of a running run, or of a fork of any run.
package struct SteerPrompt: Hashable, Sendable {
    package var run: RunID
    package var field = TextField()
    /// What is wrong with what was typed.
    package var message: String?
    /// Where the new run begins; nil when the run itself is steered.
    package var fork: ForkChoice?
    /// Whether the run has ended and is to go on.
    package var goesOn = false

    init(_ run: RunID, fork: ForkChoice? = nil, goesOn: Bool = false) {
        self.run = run
        self.fork = fork
        self.goesOn = goesOn
    }
}

/// The places to fork at, and the one chosen.
package struct ForkChoice: Hashable, Sendable {
    /// nil until they are known.
    package var places: ForkPlaces?
    package var selected = 0

    init() {}

    /// The newest checkpoint first, then the best evaluation, then older checkpoints.
    package var entries: [(place: ForkPlace, step: Int, text: String)] {
        guard let places else { return [] }
        let newest = places.steps.prefix(1).map { (place: ForkPlace.newest, step: $0, text: "newest checkpoint") }
        let best = places.bestStep.map { [(place: ForkPlace.best, step: $0, text: "best evaluation")] } ?? []
        return newest + best + places.steps.dropFirst().map { (.notAfter($0), $0, "checkpoint") }
    }

    /// Moves the choice, round and round.
    mutating func move(_ direction: Int) {
        let count = entries.count
        if count > 0 { selected = (selected + direction + count) % count }
    }
}

/// A page of text to read: a run's details, runs side by side, or the log.
package struct Page: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case run(RunID)
        case log
        /// Runs side by side.
        case comparison([RunID])
        /// Which settings matter.
        case importance
    }

    package var kind: Kind
    package var top = 0
    /// Columns of a comparison that are scrolled away, beside the first run's, which stays.
    package var hiddenColumns = 0
    /// Whether a comparison also says what does not differ.
    package var showsAll = false
    /// What is shown of a run.
    package var tab = RunTab.overview

    package var isOfRun: Bool { if case .run = kind { true } else { false } }

    init(_ kind: Kind) { self.kind = kind }

    mutating func turn(to next: RunTab) {
        if next != tab { (tab, top) = (next, 0) }
    }
}

/// A question with a few answers.
package struct Question: Hashable, Sendable {
    /// What an answer does.
    package enum Outcome: Hashable, Sendable {
        case quit(QuitChoice)
        case stop([RunID])
        case reproduce(RunID)
        case cancel
    }

    package struct Answer: Hashable, Sendable {
        package var key: Character
        package var text: String
        package var outcome: Outcome
    }

    package var title: String
    package var text: String
    package var answers: [Answer]
    package var selected = 0
}
