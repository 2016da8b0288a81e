import Cells
import Events

/// An object that a text names: Enter on the name, or a click, goes there.
package enum ObjectLink: Hashable, Sendable {
    case run(RunID, RunTab)
    /// A saved state of a run, by its step: a fork begins there.
    case checkpoint(RunID, Int)
    /// A data file by its path.
    case dataset(String)
    /// The steps that prepare a data file, by its path.
    case pipeline(String)
    /// What the debugger found in a run.
    case alert(AlertReference)
    /// A tuning job, by its id.
    case tuning(String)
    /// An AutoML job, by its id.
    case automl(String)
    /// An endpoint, by its id.
    case endpoint(String)
    /// A version of a model that is kept, by its id.
    case model(String)
    /// A monitor, by its name; and one of its columns or metrics.
    case monitor(String)
    case monitorValue(String, String)
    /// A notebook, by its path.
    case notebook(String)
    /// One of a run's tensors.
    case tensor(RunID, String, TensorsOfStep.Mode = .train)

    static func run(_ id: RunID) -> ObjectLink { .run(id, .overview) }
}

extension AppState {
    /// Goes to what a text names; says why not when it is not there any more.
    mutating func follow(_ link: ObjectLink) -> [Effect] {
        switch link {
        case .run(let id, let tab):
            guard runs[id] != nil else {
                say("that run is not in this workspace any more", .warning)
                return []
            }
            return showRun(id, tab)
        case .checkpoint(let id, let step): return openFork(of: id, at: step)
        case .dataset(let path): return showData(at: path)
        case .pipeline(let path): return showPipeline(of: datasets.rowsFile(at: path))
        case .alert(let reference):
            guard let item = alerts.alerts(of: reference.run).first(where: { $0.alert.rule == reference.rule }) else {
                say("that alert is not known here any more", .warning)
                return []
            }
            return showAlert(item)
        case .tuning(let id): return showTuning(id)
        case .automl(let id): return showAutoML(id)
        case .endpoint(let id): return showEndpoint(id)
        case .model(let id): return showModel(id)
        case .monitor(let name): return showMonitor(name)
        case .monitorValue(let name, let feature): return showMonitorValue(name, feature)
        case .notebook(let path): return showNotebook(path)
        case .tensor(let run, let name, let mode): return open(TensorPage(run, name, mode))
        }
    }
}

/// Finds names of runs and data files in text that others wrote, such as messages.
struct ObjectNames {
    private var links: [Substring: ObjectLink] = [:]

    /// - Parameter texts: all that is to be looked through: of thousands of names only those that stand there are kept.
    init(_ state: AppState, in texts: some Sequence<String>) {
        var said: Set<Substring> = []
        for text in texts { for word in Self.words(text) { said.insert(text[word]) } }
        func add(_ name: String, _ link: ObjectLink) {
            if said.contains(name[...]) { links[name[...]] = link }
        }
        // Of runs of one name the newest.
        for entry in state.runs.entries.values where !entry.summary.isDeleted {
            add(entry.summary.record.name, .run(entry.summary.record.id))
            add(entry.summary.record.id.text, .run(entry.summary.record.id))
        }
        for dataset in state.datasets.datasets {
            add(dataset.path, .dataset(dataset.path))
            add(dataset.name, .dataset(dataset.path))
        }
    }

    /// Where words of three characters and more stand, without the marks around them: a name in a sentence stands between quotes, or
    /// before a comma.
    private static func words(_ text: String) -> [Range<String.Index>] {
        let marks: Set<Character> = [",", ";", ":", ".", "(", ")", "“", "”", "\"", "'"]
        return text.split(separator: " ").compactMap { word in
            var rest = word
            while let first = rest.first, marks.contains(first) { rest = rest.dropFirst() }
            while let last = rest.last, marks.contains(last) { rest = rest.dropLast() }
            return rest.count >= 3 ? rest.startIndex..<rest.endIndex : nil
        }
    }

    /// The text in parts, those that are names with where they lead.
    /// - Parameter own: what the page is about, which leads nowhere.
    func parts(_ text: String, _ role: ColorRole, besides own: ObjectLink? = nil) -> [TextLine.Part] {
        var parts: [TextLine.Part] = [], plain = text.startIndex
        func add(_ range: Range<String.Index>, _ link: ObjectLink?) {
            if !range.isEmpty { parts.append(TextLine.Part(text: String(text[range]), role: role, attributes: [], link: link)) }
        }
        for word in Self.words(text) {
            guard let link = links[text[word]], link != own else { continue }
            add(plain..<word.lowerBound, nil)
            add(word, link)
            plain = word.upperBound
        }
        add(plain..<text.endIndex, nil)
        return parts
    }
}
