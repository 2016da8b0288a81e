import Glibc
import TemporaryFolders
import Testing

@testable import Files

/// The files that a folder or a pattern names.
@Suite struct FileSetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `names are ordered as people count`() {
        let ordered = ["a", "a0", "a01", "a1/z", "a2", "a10", "a10b", "b/2", "b/10", "b2"]
        for (index, one) in ordered.enumerated() {
            for (other, two) in ordered.enumerated() {
                #expect(NaturalOrder.precedes(one, two) == (index < other), "\(one) \(two)")
            }
        }
        let large = String(repeating: "9", count: 40)
        #expect(NaturalOrder.precedes("p" + large, "p1" + large) && !NaturalOrder.precedes("p1" + large, "p" + large))
    }

    @Test(arguments: [
        ("*", "a.csv", true), ("*", ".a", false), ("*", "_a", false), (".*", ".a", true), ("_*", "_a", true),
        ("a*c*e", "abcde", true),
        ("a*c*e", "abcd", false), ("*.csv", "a.csv.gz", false), ("a?c", "abc", true), ("a?c", "ac", false), ("a?", "aé", true),
        ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("[]x", "[]x", true), ("[]a]x", "]x", true),
        ("[a-]x", "-x", true), ("[a", "[a", true), ("***a", "bba", true), ("", "", true),
        ("*a*a*a*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
    ])
    func `a pattern matches as shells do`(pattern: String, name: String, matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    @Test func `files and nothing are no sets, and what cannot be looked into is told`() throws {
        let file = try folder.write("x", as: "a.csv")
        #expect(FileSet(file) == nil && FileSet(folder.path + "/none") == nil)
        #expect(FileSet(folder.path)?.members == [FileSet.Member(path: file, name: "a.csv")])
        #expect(FileSet(folder.path + "///")?.members.map(\.path) == [file])
        #expect(FileSet(folder.path + "/*.txt")?.members.isEmpty == true)
        #expect(FileSet.exists(folder.path + "/?.csv") && !FileSet.exists(folder.path + "/?.txt"))
        let strange = Array((folder.path + "/c").utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
        let handle = fopen(strange, "w")
        try #require(handle != nil)
        if let handle { fclose(handle) }
        #expect(FileSet(folder.path)?.unreadable == [folder.path + #"/c\xff"#])
        unlink(strange)
    }

    @Test func `a pattern's path begins at the root, without links`() throws {
        try #require(mkdir(folder.path + "/real", 0o700) == 0 && symlink("real", folder.path + "/link") == 0)
        try folder.write("x", as: "real/a.csv")
        #expect(FileSet.absolute(folder.path + "/link/*.csv") == folder.path + "/real/*.csv")
        #expect(FileSet.absolute(folder.path + "/link/../link/**/?.csv") == folder.path + "/real/**/?.csv")
        #expect(FileSet.absolute("/no*such") == "/no*such" && FileSet.absolute("/no/such") == nil)
        #expect(FileSet(folder.path + "/link/*.csv")?.members.map(\.name) == ["a.csv"])
    }

    @Test func `neither pipes nor what lies too deep is looked at`() throws {
        try #require(mkfifo(folder.path + "/pipe", 0o600) == 0)
        var path = folder.path
        for _ in 0..<70 {
            path += "/d"
            try #require(mkdir(path, 0o700) == 0)
        }
        #expect(FileSet(folder.path)?.members.isEmpty == true)
        #expect(FileSet(folder.path + "/**/x")?.members.isEmpty == true)
    }
}
