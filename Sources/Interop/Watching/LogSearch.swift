import Databases
import Events
import Experiments
import Files

/// Finds the logs below some folders by what is in the files, and keeps a reader for each.
final class LogSearch {
    private let roots: [String]
    private let columns: LogColumnNames
    /// Files that were looked at and are no log, as they were then.
    private var rejected: [String: FileStamp] = [:]
    private var problems: [String] = []
    /// Folders in which names were found that cannot be read.
    private var strangeFolders: Set<String> = []
    private let isOnce: Bool
    private var readersByPath: [String: any LogReader] = [:]
    /// In the order in which they were found.
    private(set) var readers: [any LogReader] = []
    /// Folders that were seen, to be told of changes in them.
    private(set) var folders: [String] = []

    private static let skipped: Set<String> = [".git", ".descent", ".trash", "node_modules", "__pycache__", ".venv", "venv"]
    /// Files and folders looked at; more than that is no folder of logs.
    private static let limit = 200_000
    /// Bytes that are looked at to tell what a file is.
    private static let headSize = 16_384

    /// - Parameters:
    ///   - roots: absolute paths of files and folders.
    ///   - isOnce: whether what is there is all that there will be, so that a first line counts without its end.
    init(roots: [String], columns: LogColumnNames, isOnce: Bool = false) {
        self.roots = roots
        self.isOnce = isOnce
        self.columns = columns
    }

    /// Looks at everything below the roots; adds readers for what is new.
    func scan() {
        folders = []
        var count = 0
        for root in roots {
            if FileKind(at: root) == .folder {
                var waiting = [root]
                while let folder = waiting.popLast(), count < Self.limit {
                    count += scan(folder, root: root, into: &waiting)
                }
            } else {
                folders.append(FilePath.folder(root))
                offer(root, root: FilePath.folder(root), isNamed: true)
            }
        }
    }

    /// Looks again at files that were written to: what was too short to be told for a log may be one now.
    func look(at files: Set<String>) {
        for file in files.sorted() where readersByPath[file] == nil && FileKind(at: file) == .file {
            guard let root = roots.first(where: { file == $0 || file.hasPrefix($0 + "/") }), !isInsideRun(file, root: root) else {
                continue
            }
            offer(file, root: file == root ? FilePath.folder(root) : root, isNamed: file == root)
        }
    }

    /// Whether a file belongs to a run of an MLflow folder.
    private func isInsideRun(_ file: String, root: String) -> Bool {
        var folder = FilePath.folder(file)
        while folder.count >= root.count, folder != "/" {
            if readersByPath[folder] is MLflowRunFolder { return true }
            folder = FilePath.folder(folder)
        }
        return false
    }

    private func scan(_ folder: String, root: String, into waiting: inout [String]) -> Int {
        folders.append(folder)
        let (names, strange) = Folder.list(folder)
        if let first = strange.first, strangeFolders.insert(folder).inserted {
            let count = strange.count == 1 ? "a name in it is" : "\(strange.count) names in it are"
            problems.append("\(folder): \(count) not UTF-8 (such as \(first)) and what is called so is not read: rename it")
        }
        if MLflowRunFolder.recognises(folder, names: names) {
            if readersByPath[folder] == nil { add(MLflowRunFolder(path: folder)) }
            folders.append(folder + "/metrics")
            return names.count
        }
        var below: [String] = []
        for name in names {
            let path = folder == "/" ? "/" + name : folder + "/" + name
            switch FileKind(at: path) {
            case .folder: if !Self.skipped.contains(name) { below.append(path) }
            case .file: offer(path, root: root, isNamed: false)
            case .other: break
            }
        }
        waiting += below.reversed()
        return names.count
    }

    private func add(_ reader: any LogReader) {
        readersByPath[reader.path] = reader
        readers.append(reader)
    }

    /// Looks into a file unless that was done already.
    private func offer(_ path: String, root: String, isNamed: Bool) {
        guard readersByPath[path] == nil, let stamp = FileStamp(path), stamp.size > 0, rejected[path] != stamp else { return }
        let head = FileContents.head(path, count: Self.headSize)
        if EventFile.recognises(head) {
            let place = TensorBoardRun.place(of: path, root: root)
            if let run = readersByPath[place.run] as? TensorBoardRun {
                run.add(path, split: place.split)
            } else {
                let run = TensorBoardRun(
                    path: place.run, name: FilePath.relative(place.run, to: root), experiment: FilePath.name(root))
                run.add(path, split: place.split)
                add(run)
            }
            // The run has it; the file itself needs no second look.
            readersByPath[path] = readersByPath[place.run]
        } else if let reader = reader(path, head: head, root: root, isNamed: isNamed) {
            rejected[path] = nil
            add(reader)
        } else {
            if rejected[path] == nil, stamp.size > 1024, let kind = Self.promised(by: path) {
                problems.append("\(path): is named like \(kind) but does not begin like one: it is not read")
            }
            rejected[path] = stamp
        }
    }

    /// What a file's name says it is. By its content it is recognised, but a log that is damaged should not just be missing.
    private static func promised(by path: String) -> String? {
        let name = FilePath.name(path)
        return name.contains("tfevents") ? "a TensorBoard event file" : name.hasSuffix(".wandb") ? "a W&B file" : nil
    }

    /// What was found since the last call that is not read although it should be, in words.
    func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    private func reader(_ path: String, head: [UInt8], root: String, isNamed: Bool) -> (any LogReader)? {
        if WandBFile.recognises(head) { return WandBFile(path: path, experiment: FilePath.name(root)) }
        if head.starts(with: Array("SQLite format 3".utf8)) { return databaseReader(path) }
        var head = head
        if head.first == UInt8(ascii: "{"), head.count == Self.headSize, !head.contains(UInt8(ascii: "\n")) {
            // An object that holds a whole configuration as one text, as MMDetection's logs begin.
            head = FileContents.head(path, count: 1 << 20)
        }
        let lines = firstLines(head)
        guard let first = lines.first else { return nil }
        let name = Self.runName(path, root: root)
        let experiment = FilePath.name(root)
        if first.first(where: { !$0.isWhitespace }) == "{" {
            guard let json = FlatJSON.parse(first), json.members != nil else { return nil }
            if DescentLog.recognises(json) { return DescentLog(path: path) }
            guard isNamed || lines.contains(where: isTelling) else { return nil }
            return TextLog(path: path, form: .jsonLines, name: name, experiment: experiment, columns: columns)
        }
        guard let (delimiter, header) = Self.header(head), header.count > 1 else { return nil }
        let isTelling = header.contains { LogColumns.isTelling($0) || $0 == columns.step || columns.metrics[$0] != nil }
        guard isNamed || isTelling else { return nil }
        return TextLog(path: path, form: .csv(delimiter: delimiter), name: name, experiment: experiment, columns: columns)
    }

    /// Whether a line of JSON is one of a run's log.
    private func isTelling(_ line: String) -> Bool {
        (FlatJSON.parse(line)?.members ?? []).contains { member in
            LogColumns.isTelling(member.name) || LogColumns.configurations.contains(member.name) || member.name == columns.step
                || columns.metrics[member.name] != nil
        }
    }

    private func databaseReader(_ path: String) -> (any LogReader)? {
        do throws(StoreError) {
            let tables = try ForeignDatabase(path: path).tables()
            if MLflowDatabase.recognises(tables: tables) { return MLflowDatabase(path: path) }
            return OptunaDatabase.recognises(tables: tables) ? OptunaDatabase(path: path) : nil
        } catch {
            return nil
        }
    }

    /// The first lines that are not empty and whose ends are there, at most ten; none for what is no text.
    private func firstLines(_ head: [UInt8]) -> [String] {
        guard !head.contains(0) else { return [] }
        let lines = head.split(separator: UInt8(ascii: "\n"), maxSplits: 20, omittingEmptySubsequences: false)
        // A line longer than what was read may still begin an object; it is read as a whole later.
        return (isOnce ? lines[...] : lines.dropLast()).filter { !$0.isEmpty }.prefix(10).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The delimiter of a CSV header and its names; nil if there is none with names in it.
    private static func header(_ head: [UInt8]) -> (UInt8, [String])? {
        let best = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")].compactMap { delimiter in
            CSVLine.next(head, from: 0, delimiter: delimiter).map { (delimiter, $0.cells) }
        }.max { $0.1.count < $1.1.count }
        guard let best, best.1.allSatisfy({ LogNumber.value(of: $0) == nil && $0.utf8.count < 200 }) else { return nil }
        return best
    }

    /// A file's place below the root, without its ending, and without a name that says nothing.
    private static func runName(_ path: String, root: String) -> String {
        var parts = FilePath.relative(path, to: root).split(separator: "/").map(String.init)
        let file = parts.popLast() ?? "run"
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        let saysNothing = ["metrics", "log", "logs", "train", "training", "history", "progress", "results", "events", "output"]
        if parts.isEmpty || !saysNothing.contains(stem.lowercased()) { parts.append(stem.isEmpty ? file : stem) }
        return parts.joined(separator: "/")
    }
}
