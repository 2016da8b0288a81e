import Glibc
import OutputFiles
import TemporaryFolders
import Testing

/// What becomes of what was at a path before something was written there.
@Suite struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func status(_ name: String) -> stat {
        var status = stat()
        lstat(path(name), &status)
        return status
    }

    private func names() -> [String] {
        guard let directory = opendir(folder.path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    @Test func `a file appears whole, and one that is replaced keeps its mode`() throws {
        try OutputFile.write("first", to: path("out.csv"))
        #expect(try folder.read("out.csv") == "first")
        chmod(path("out.csv"), 0o640)
        try OutputFile.write("second", to: path("out.csv"))
        #expect(try folder.read("out.csv") == "second")
        #expect(status("out.csv").st_mode & 0o7777 == 0o640)
        #expect(names() == ["out.csv"])
    }

    @Test func `what is given up leaves what was there, and nothing beside it`() throws {
        try OutputFile.write("first", to: path("out.csv"))
        do {
            let file = try OutputFile(path("out.csv"))
            try file.write(String(repeating: "x", count: 100_000))
        }
        #expect(try folder.read("out.csv") == "first")
        #expect(names() == ["out.csv"])
    }

    @Test func `a link stays a link, and what it leads to is replaced`() throws {
        try OutputFile.write("first", to: path("target.csv"))
        symlink("target.csv", path("link.csv"))
        try OutputFile.write("second", to: path("link.csv"))
        #expect(status("link.csv").st_mode & S_IFMT == S_IFLNK)
        #expect(try folder.read("target.csv") == "second")
        symlink("nowhere.csv", path("dangling.csv"))
        try OutputFile.write("third", to: path("dangling.csv"))
        #expect(status("dangling.csv").st_mode & S_IFMT == S_IFLNK)
        #expect(try folder.read("nowhere.csv") == "third")
        #expect(names() == ["dangling.csv", "link.csv", "nowhere.csv", "target.csv"])
    }

    @Test func `a pipe is written to and stays one`() throws {
        mkfifo(path("pipe"), 0o600)
        // Both ends, so that opening it waits for nobody.
        let reader = open(path("pipe"), O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        try OutputFile.write("through", to: path("pipe"))
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "through")
        #expect(status("pipe").st_mode & S_IFMT == S_IFIFO)
    }

    @Test func `a device is written to and stays one`() throws {
        try OutputFile.write("away", to: "/dev/null")
        var status = stat()
        stat("/dev/null", &status)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
        let full = #expect(throws: OutputError.self) { try OutputFile.write("away", to: "/dev/full") }
        #expect(full?.description == "/dev/full cannot be written: No space left on device: free some space")
    }

    @Test func `what cannot be written says why and what to do`() throws {
        mkdir(path("folder"), 0o755)
        let isFolder = #expect(throws: OutputError.self) { try OutputFile.write("x", to: path("folder")) }
        #expect(isFolder?.message == "cannot be written: Is a directory: name a file in it")
        let isNowhere = #expect(throws: OutputError.self) { try OutputFile.write("x", to: path("none/out.csv")) }
        #expect(isNowhere?.message == "cannot be written: No such file or directory: make the folder first")
    }

    @Test func `a name as long as names can be is no trouble`() throws {
        let name = String(repeating: "n", count: 255)
        try OutputFile.write("x", to: path(name))
        try OutputFile.write("y", to: path(name))
        #expect(names() == [name])
    }
}
