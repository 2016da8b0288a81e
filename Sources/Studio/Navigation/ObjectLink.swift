import Cells
import Events

/// An object that a text names: Enter on the name, or a click, goes there.
package enum ObjectLink: Hashable, Sendable {
    case run(RunID, RunTab)
    /// A saved state of a run, by its step: a fork begins there.
    case checkpoint(RunID, Int)
    /// A data file by its path.
    case dataset(String)

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
        }
    }
}

/// Finds names of runs and data files in text that others wrote, such as messages.
struct ObjectNames {
    private let links: [Substring: ObjectLink]

    init(_ state: AppState) {
        var links: [Substring: ObjectLink] = [:]
        // Of runs of one name the newest.
        for entry in state.runs.entries.values where !entry.summary.isDeleted {
            links[entry.summary.record.name[...]] = .run(entry.summary.record.id)
            links[entry.summary.record.id.text[...]] = .run(entry.summary.record.id)
        }
        for dataset in state.datasets.datasets {
            links[dataset.path[...]] = .dataset(dataset.path)
            links[dataset.name[...]] = .dataset(dataset.path)
        }
        self.links = links
    }

    /// The text in parts, those that are names with where they lead.
    /// - Parameter own: what the page is about, which leads nowhere.
    func parts(_ text: String, _ role: ColorRole, besides own: ObjectLink? = nil) -> [TextLine.Part] {
        var parts: [TextLine.Part] = [], plain = text.startIndex, index = text.startIndex
        func add(_ range: Range<String.Index>, _ link: ObjectLink?) {
            guard !range.isEmpty else { return }
            parts.append(TextLine.Part(text: String(text[range]), role: role, attributes: [], link: link))
        }
        while index < text.endIndex {
            let end = text[index...].firstIndex(of: " ") ?? text.endIndex
            // A name in a sentence stands between quotes, or before a comma.
            let marks: Set<Character> = [",", ";", ":", ".", "(", ")", "“", "”", "\"", "'"]
            var start = index, stop = end
            while start < stop, marks.contains(text[start]) { start = text.index(after: start) }
            while stop > start, marks.contains(text[text.index(before: stop)]) { stop = text.index(before: stop) }
            if text[start..<stop].count >= 3, let link = links[text[start..<stop]], link != own {
                add(plain..<start, nil)
                add(start..<stop, link)
                plain = stop
            }
            index = end < text.endIndex ? text.index(after: end) : end
        }
        add(plain..<text.endIndex, nil)
        return parts
    }
}
