import Cells
import Events

// How the form's data file is read: what is said about it, and what came of looking at its first rows.
extension NewRunForm {
    /// What is said about reading; nil while that makes no sense.
    var reading: [String: String]? {
        guard let field = fields.first(where: { $0.name == .reading }) else { return [:] }
        do throws(ReadingProblem) { return try ReadingWords.request(field.value, options: field.readOptions) } catch {
            return nil
        }
    }

    /// What came of looking at the file as the form says now.
    var current: (query: PreviewData, outcome: DataPreview.Outcome)? {
        guard let preview, let reading, preview.query == PreviewData(self[.dataset], reading: reading) else { return nil }
        return preview
    }

    /// Whether the columns come from looking at the file and not from its profile.
    var hasPreview: Bool { if case .preview? = current?.outcome { true } else { false } }

    /// How the file is read, as far as that is known.
    package func dataReading(_ state: AppState) -> DataReading? {
        if case .preview(let preview)? = current?.outcome { return preview.reading }
        guard let dataset = state.datasets.datasets.first(where: { $0.isAt(self[.dataset]) }), dataset.options == reading else {
            return nil
        }
        return dataset.profile?.reading
    }

    /// What to look at so that the form can say how its file is read; nil when that is known.
    func previewQuery(_ state: AppState) -> PreviewData? {
        let path = self[.dataset]
        guard !path.isEmpty, !path.hasSuffix("/"), let reading, current == nil, dataReading(state) == nil else { return nil }
        // What was said about a file holds for its profile too.
        if reading.isEmpty, state.datasets.profile(path: path) != nil, state.datasets.options(path: path).isEmpty { return nil }
        return PreviewData(path, reading: reading)
    }

    /// Another file brings what was said about reading it, unless the user typed something.
    mutating func followData(_ state: AppState) {
        let path = self[.dataset]
        guard path != readPath else { return }
        if reading == state.datasets.options(path: readPath) || self[.reading].isEmpty {
            self[.reading] = DataReading.words(of: state.datasets.options(path: path))
        }
        readPath = path
    }
}
