import Events
import Files
import JSON

/// Where an AutoML job keeps what it saw in its data.
enum ExplorationFile {
    /// nil where there is none, or it is damaged.
    static func read(from folder: String) -> DataExploration? {
        guard let text = FileContents.text(folder + "/" + DataExploration.fileName, atMost: 1 << 26) else { return nil }
        do { return DataExploration(json: try JSONValue(parsing: text)) } catch { return nil }
    }

    static func write(_ exploration: DataExploration, to folder: String) throws(FileError) {
        try Folder.make(folder)
        try AtomicFile.write(Array((exploration.json.text + "\n").utf8), to: folder + "/" + DataExploration.fileName)
    }
}
