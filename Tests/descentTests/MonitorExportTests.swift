import Databases
import Files
import Glibc
import JSON
import TemporaryFolders
import Testing

/// What monitors found, for other programs: the real program, and the workspace's database.
@Suite struct MonitorExportTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func run(_ words: [String]) throws -> Program { try Running(words + ["--workspace", workspace]).finish() }

    /// A monitor of a folder, with a quiet window and one in which a column is elsewhere.
    private func watch() throws {
        func rows(_ shift: Int) -> String {
            "x,y\n" + (0..<300).map { "\($0 * 37 % 101 + shift),\($0 * 53 % 97)" }.joined(separator: "\n") + "\n"
        }
        let before = try scratch.write(rows(0), as: "before.csv")
        mkdir(scratch.path + "/in", 0o755)
        try Program.train(before, "one", in: workspace)
        try #require(try run(["monitor", "baseline", before, "--out", scratch.path + "/baseline"]).code == 0)
        _ = try scratch.write(rows(0), as: "in/one.csv")
        let made = try run([
            "monitor", "create", "files", "--batch", scratch.path + "/in", "--baseline", scratch.path + "/baseline",
        ])
        try #require(made.code == 0, "\(made.errors)")
        usleep(1_100_000)
        _ = try scratch.write(rows(60), as: "in/two.csv")
        let found = try run(["monitor", "run", "files", "--json"])
        try #require(found.output.contains("CompletedWithViolations"), "\(found.output)")
    }

    /// The window ends when it is asked for, and not in a time to come.
    @Test func `a file that comes in the same second is in the next window`() throws {
        try watch()
        _ = try scratch.write("x,y\n1,2\n3,4\n", as: "in/three.csv")
        let next = try run(["monitor", "run", "files", "--json"])
        #expect(try next.json().last?["rows"]?.integer == 2, "\(next.output)\(next.errors)")
        // Files that are being written begin with a point; where none can be read, that is a failure.
        _ = try scratch.write("x,y\n5,6\n", as: "in/.four.csv")
        _ = try scratch.write("\u{0}\u{1}\u{2}", as: "in/five.csv")
        let unread = try run(["monitor", "run", "files"])
        #expect(
            unread.code == 1 && unread.output.contains("of 1 file none could be read: five.csv"),
            "\(unread.output)\(unread.errors)")
        try #require(rename(scratch.path + "/in", scratch.path + "/gone") == 0)
        let gone = try run(["monitor", "run", "files"])
        #expect(gone.code == 1 && gone.output.contains("is not there"), "\(gone.output)\(gone.errors)")
        for schedule in ["every=0s", "xyz", "cron(99 * * * ? *)", "cron(0 0 30 2 ? *)"] {
            let refused = try run([
                "monitor", "create", "never", "--batch", scratch.path + "/gone", "--baseline", scratch.path + "/baseline",
                "--schedule",
                schedule,
            ])
            #expect(refused.code == 2, "\(schedule): \(refused.errors)")
        }
    }

    private func touch(_ path: String, _ seconds: Int) {
        var times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
        utimes(path, &times)
    }

    /// However old or new a file says that it is.
    @Test func `a row of a folder is looked at once`() throws {
        try watch()
        func looked() throws -> (rows: Int?, reason: String) {
            let last = try run(["monitor", "run", "files", "--json"]).json().last
            return (last?["rows"]?.integer, last?["reason"]?.string ?? "")
        }
        let old = try scratch.write("x,y\n1,2\n3,4\n", as: "in/old.csv"), coming = try scratch.write("x,y\n1,2\n", as: "in/z.csv")
        touch(old, 1_000_000_000)
        touch(coming, 4_000_000_000)
        #expect(try looked().rows == 3)
        #expect(try looked().rows == 0)
        chmod(old, 0o600)
        try #require(rename(coming, scratch.path + "/in/moved.csv") == 0)
        #expect(try looked().rows == 0)
        let file = try #require(fopen(old, "a"))
        fputs("5,6\n7,8\n9,1\n", file)
        fclose(file)
        let grown = try looked()
        #expect(grown.rows == 3 && grown.reason.contains("of old.csv the 3 rows that were added"), "\(grown)")
        let other = try #require(fopen(old, "w"))
        fputs("x,y\n1,1\n", other)
        fclose(other)
        let anew = try looked()
        #expect(anew.rows == 1 && anew.reason.contains("old.csv was written anew"), "\(anew)")
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `executions leave as tables, event files and views, which only their owner can read`() throws {
        try watch()
        let csv = scratch.path + "/out.csv", parquet = scratch.path + "/out.parquet", board = scratch.path + "/board"
        #expect(try run(["monitor", "export", "files", "--out", csv]).code == 0)
        let lines = try scratch.read("out.csv").split(separator: "\n").map(String.init)
        #expect(lines[0] == "monitor,scheduled,rows_from,rows_until,status,feature,value,is_violated,row_count")
        let moved = lines.filter { $0.contains(",x,") }
        #expect(moved.count == 2 && moved[0].hasSuffix(",false,300") && moved[1].hasSuffix(",true,300"), "\(moved)")
        #expect(try run(["monitor", "export", "files", "--format", "parquet", "--out", parquet]).code == 0)
        let shown = try run(["data", "profile", parquet])
        #expect(shown.code == 0 && shown.output.contains("is_violated"), "\(shown.output)\(shown.errors)")
        // TensorBoard's own form, as our reader of such files has it.
        #expect(try run(["monitor", "export", "files", "--format", "tfevents", "--out", board]).code == 0)
        let files = Folder.names(in: board)
        #expect(files.count == 1 && files[0].hasPrefix("events.out.tfevents."))
        for path in [csv, parquet, board + "/" + (files.first ?? "")] { #expect(mode(path) == 0o600, "\(path)") }
        let database = try ForeignDatabase(path: workspace + "/descent.sqlite")
        let values = try database.rows(
            "SELECT feature, is_violated FROM monitoring_values WHERE feature = 'x' ORDER BY scheduled")
        #expect(values.count == 2)
    }

    @Test func `what cannot be written is refused with what would do`() throws {
        try watch()
        #expect(try run(["monitor", "export", "files"]).errors.contains("needs --out PATH"))
        #expect(
            try run(["monitor", "export", "files", "--format", "xml", "--out", "x"]).errors.contains(
                "give tfevents, parquet, csv"))
        #expect(try run(["monitor", "export", "files", "--format", "csv", "--out", "x.txt"]).errors.contains("ends with .csv"))
        #expect(try run(["monitor", "export", "nothing", "--out", "x.csv"]).code == 2)
    }
}
