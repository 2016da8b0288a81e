import Files
import Glibc
import Testing

@Suite struct TemporaryPlaceTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func whatIsMadeIsNobodyElsesAndLiesWhereTheUserWants() throws {
        let folders = try [TemporaryPlace.makeFolder("descent-test"), TemporaryPlace.makeFolder("descent-test")]
        let file = try TemporaryPlace.makeFile("descent-test")
        defer {
            for folder in folders { Folder.remove(folder) }
            close(file.descriptor)
            unlink(file.path)
        }
        #expect(folders[0] != folders[1] && folders.allSatisfy { mode($0) == 0o700 } && mode(file.path) == 0o600)
        #expect((folders + [file.path]).allSatisfy { $0.hasPrefix(TemporaryPlace.folder + "/descent-test-") })
    }
}
