import Experiments
import Files
import Glibc
import PrintableText
import Synchronization
import Tables

/// The data that a command is given: a file, a folder or a pattern, or what can be read only once.
///
/// Standard input and pipes are copied into a file without a name, of which nothing is left whatever becomes of the process, and
/// read from there as often as it takes. Nobody takes over signals before that is done, so that they end the program at once.
struct DataInput {
    /// Where to read it.
    let path: String
    /// What the user calls it.
    let name: String
    /// What a file made from it is called, without an ending.
    let stem: String
    private let spool: SpooledFile?
    /// Whether it was put into the workspace just now.
    private var isNew = false

    static let standardInput = "-"
    private static let standardInputName = "standard input"

    /// - Throws: a data fault when there is no such thing, or it cannot be read.
    init(_ text: String) throws(CommandError) {
        let isStandardInput = [Self.standardInput, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(text)
        name = isStandardInput ? Self.standardInputName : text
        guard isStandardInput || Self.isPipe(text) else {
            try DataFile.check(text)
            (path, spool) = (text, nil)
            stem = Self.stem(text)
            return
        }
        let source = try isStandardInput ? Self.openStandardInput() : Self.openPipe(text)
        defer { if !isStandardInput { close(source) } }
        let spool = try SpooledFile(copying: source, named: name)
        (path, self.spool) = (spool.path, spool)
        stem = isStandardInput ? "standard-input" : FilePath.name(text).filter { $0 != "." }
        let name = name
        Self.spools.withLock { $0.append(spool) }
        Self.names.withLock { $0.append((spool.path, name)) }
    }

    /// A file to train on, which a run that goes on or is done again will want to read again: what can be read only once is kept in
    /// the workspace, once for each content.
    static func kept(_ text: String, in workspace: () throws -> Workspace) throws -> DataInput {
        let input = try DataInput(text)
        guard let spool = input.spool else { return input }
        let fingerprint: String, ending: String
        do throws(TableError) {
            fingerprint = try DataFingerprint.of(spool.path)
            ending = try DataFormat.usualEnding(of: spool.path)
        } catch { throw CommandError(error) }
        let folder = try workspace().path + "/inputs/" + fingerprint
        // The same content may have come by another way before.
        if let known = Folder.names(in: folder).first(where: { FileKind(at: folder + "/" + $0) == .file }) {
            return DataInput(kept: folder + "/" + known, of: input, isNew: false)
        }
        try Workspace.makeFolder(folder)
        let path = folder + "/" + input.stem + ending
        try spool.keep(at: path)
        return DataInput(kept: path, of: input, isNew: true)
    }

    private init(kept path: String, of input: DataInput, isNew: Bool) {
        (self.path, name, stem, spool, self.isNew) = (path, input.name, input.stem, nil, isNew)
        Self.names.withLock { $0.append((path, input.name)) }
    }

    /// Removes what was kept just now and no run was trained on.
    func removeIfUnused(in store: RunStore) throws {
        guard isNew else { return }
        let isUsed = try store.runs().contains {
            [$0.record.request.datasetPath, $0.record.request.validationPath].contains(path)
        }
        guard !isUsed else { return }
        unlink(path)
        rmdir(FilePath.folder(path))
    }

    /// Whether rows come from what has no file of its own.
    var isSpooled: Bool { path != name }

    // MARK: - Names

    /// Files that stand for what the user named otherwise.
    private static let names = Mutex<[(path: String, name: String)]>([])

    /// A table's rows are written from its file, so that files without names stay open to the end.
    private static let spools = Mutex<[SpooledFile]>([])

    /// A message in which what the user named is called so.
    static func named(_ message: String) -> String {
        names.withLock { $0 }.reduce(message) { $0.replacing($1.path, with: $1.name) }
    }

    /// A name without its ending and without what makes a pattern of it.
    private static func stem(_ text: String) -> String {
        let stem = DataFormat.nameParts(FilePath.name(text)).stem
        var status = stat()
        guard stat(text, &status) != 0 else {
            return status.st_mode & S_IFMT == S_IFDIR ? FilePath.name(FilePath.absolute(text) ?? text) : stem
        }
        let plain = stem.filter { !"*?[]!".contains($0) }
        let trimmed = String(plain.drop { "-_.".contains($0) }.reversed().drop { "-_.".contains($0) }.reversed())
        return trimmed.isEmpty ? "data" : trimmed
    }

    // MARK: - What can be read only once

    private static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    private static func openStandardInput() throws(CommandError) -> Int32 {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0 else { throw .data("standard input is closed: give it data, or name a file") }
        if isatty(STDIN_FILENO) == 1 {
            throw .data("standard input is a terminal: pipe data into it, as in `cat data.csv | descent …`, or name a file")
        }
        // The null device is how programs without input are started.
        guard status.st_mode & S_IFMT != S_IFDIR, status.st_mode & S_IFMT != S_IFBLK,
            status.st_mode & S_IFMT != S_IFCHR || isNull(status)
        else { throw .data("standard input is a device or a folder: pipe data into it, or name a file") }
        return STDIN_FILENO
    }

    private static func isNull(_ status: stat) -> Bool {
        var null = stat()
        return stat("/dev/null", &null) == 0 && null.st_rdev == status.st_rdev
    }

    /// Waits for who writes into it; a signal ends that.
    private static func openPipe(_ path: String) throws(CommandError) -> Int32 {
        guard access(path, R_OK) == 0 else { throw .data("\(path.printable) may not be read: check its permissions") }
        while true {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            if file >= 0 { return file }
            guard errno == EINTR else { throw .data("\(path.printable) cannot be read: \(String(cString: strerror(errno)))") }
        }
    }
}
