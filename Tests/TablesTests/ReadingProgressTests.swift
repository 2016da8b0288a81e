import Glibc
import Synchronization
import TemporaryFolders
import Testing
import Threads

@testable import Tables

@Suite struct ReadingProgressTests {
    /// What came of reading.
    private final class Rows: Sendable {
        let count = Mutex<Int?>(nil)
    }

    @Test func howFarALargeFileIsCanBeAskedWhileItIsRead() throws {
        let folder = try TemporaryFolder()
        let row = (0..<40).map { "\($0).25" }.joined(separator: ",") + "\n"
        let head = (0..<40).map { "c\($0)" }.joined(separator: ",") + "\n"
        let path = try folder.write(head + String(repeating: row, count: 40 << 20 / row.utf8.count), as: "big.csv")
        #expect(ReadingProgress.share(ofFileAt: path) == nil)
        let rows = Rows()
        let reading = try NamedThread(name: "reading") {
            let count = try? Table(contentsOf: path).rowCount
            rows.count.withLock { $0 = count ?? 0 }
        }
        var shares: [Double] = []
        while rows.count.withLock({ $0 == nil }) {
            if let share = ReadingProgress.share(ofFileAt: path), shares.last != share { shares.append(share) }
            usleep(500)
        }
        reading.join()
        #expect(rows.count.withLock { $0 ?? 0 } > 100_000)
        #expect(shares.count > 1 && shares == shares.sorted() && shares.allSatisfy { $0 > 0 && $0 < 1 }, "\(shares)")
        #expect(ReadingProgress.share(ofFileAt: path) == nil)
        let small = try folder.write("a,b\n1,2\n", as: "small.csv")
        _ = try Table(contentsOf: small)
        #expect(ReadingProgress.share(ofFileAt: small) == nil)
    }
}
