import Files
import Glibc
import TemporaryFolders
import Testing

struct FilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aFileIsReadWholeOrUpToALimitAndOneThatIsNotThereIsTold() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let path = try folder.write(bytes, as: "bytes")
        #expect(FileContents.bytes(path) == bytes)
        #expect(FileContents.bytes(path, atMost: 70_000) == Array(bytes[..<70_000]))
        #expect(FileContents.head(path, count: 3) == [0, 1, 2])
        #expect(FileContents.bytes(path + "?") == nil && FileContents.text(path + "?") == nil)
        #expect(FileContents.head(path + "?", count: 3).isEmpty)
    }

    @Test func aStampTellsWhetherSomethingHappenedToAFileSinceAMoment() throws {
        let path = try folder.write("old", as: "file")
        let stamp = try #require(FileStamp(path))
        #expect(stamp.size == 3 && stamp.isRegular && FileStamp(folder.path)?.isRegular == false)
        #expect(FileStamp(path, untouchedSince: stamp.modifiedAt + 1) == stamp)
        #expect(FileStamp(path, untouchedSince: stamp.modifiedAt) == nil)
        #expect(FileStamp(path + "?") == nil && FileStamp(path + "?", untouchedSince: .infinity) == nil)
        // Another file of that size under the name, with the old one's time: its entry is new.
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        #expect(FileStamp(path)?.modifiedAt == 1)
        #expect(FileStamp(path, untouchedSince: stamp.modifiedAt - 1) == nil)
    }

    @Test func aFileIsReplacedWholeAndNothingElseIsLeft() throws {
        let path = try folder.write("old", as: "kept")
        try AtomicFile.write(Array("new".utf8), to: path)
        #expect(try folder.read("kept") == "new")
        #expect(Folder.names(in: folder.path) == ["kept"])
        #expect(try AtomicFile.read(path) == Array("new".utf8))
        #expect(try AtomicFile.read(path + "?") == nil)
    }

    @Test func whatCannotBeReadWholeIsRefusedInWords() throws {
        let path = try folder.write("12345", as: "five")
        let tooLarge = #expect(throws: FileError.self) { try AtomicFile.read(path, atMost: 4) }
        #expect(tooLarge?.code == .tooLarge)
        #expect(tooLarge?.description == "\(path) has 5 bytes, which memory has no room for: move it away")
        let notAFile = #expect(throws: FileError.self) { try AtomicFile.read(folder.path) }
        #expect(notAFile?.description == "\(folder.path) is no file: move it away")
        let refused = #expect(throws: FileError.self) { try AtomicFile.write([], to: folder.path + "/none/file") }
        #expect(
            refused?.description
                == "cannot read or write \(folder.path)/none/file.\(getpid()).partial: check the disk's space and "
                + "permissions (No such file or directory)")
    }

    @Test func aFolderIsMadeWithItsParentsAndRemovedWithoutFollowingLinks() throws {
        let outside = folder.path + "/outside", inside = folder.path + "/a/b/c"
        try Folder.make(outside)
        try Folder.make(inside)
        try Folder.make(inside)
        try AtomicFile.write([1], to: outside + "/kept")
        try AtomicFile.write([1], to: inside + "/gone")
        symlink(outside, folder.path + "/a/link")
        #expect(FileKind(at: inside) == .folder && FileKind(at: inside + "/gone") == .file)
        #expect(FileKind(at: folder.path + "/a/link") == .other && FileKind(at: inside + "?") == .other)
        Folder.remove(folder.path + "/a")
        #expect(Folder.names(in: folder.path) == ["outside"])
        #expect(Folder.names(in: outside) == ["kept"])
    }

    @Test func namesThatAreNoTextAreToldApart() throws {
        try folder.write("", as: "b")
        try folder.write("", as: "a")
        let strange = Array((folder.path + "/c").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
        let file = open(strange, O_CREAT | O_WRONLY, 0o644)
        close(file)
        #expect(Folder.list(folder.path).names == ["a", "b"])
        #expect(Folder.list(folder.path).strange == [#"c\xff"#])
        unlink(strange)
    }

    @Test(arguments: [("/a/b/c.csv", "b/c.csv"), ("/a", "a"), ("/other/d", "d")])
    func aPathIsSeenFromAFolder(path: String, seen: String) {
        #expect(FilePath.relative(path, to: "/a") == seen)
    }

    @Test func aPathsPartsAreItsWords() {
        #expect(FilePath.name("a/b.csv") == "b.csv" && FilePath.folder("a/b.csv") == "a")
        #expect(FilePath.folder("/b") == "/" && FilePath.folder("b") == ".")
        #expect(FilePath.absolute("/no/such/file") == nil)
    }
}
