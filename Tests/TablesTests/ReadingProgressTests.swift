import Glibc
import TemporaryFolders
import Testing

@testable import Tables

@Suite struct ReadingProgressTests {
    @Test func howFarALargeFileIsCanBeAskedWhileItIsRead() async throws {
        let folder = try TemporaryFolder()
        let row = (0..<40).map { "\($0).25" }.joined(separator: ",") + "\n"
        let head = (0..<40).map { "c\($0)" }.joined(separator: ",") + "\n"
        let path = try folder.write(head + String(repeating: row, count: 40 << 20 / row.utf8.count), as: "big.csv")
        #expect(ReadingProgress.share(ofFileAt: path) == nil)
        let reading = Task.detached { try Table(contentsOf: path).rowCount }
        var shares: [Double] = []
        for _ in 0..<20_000 {
            if let share = ReadingProgress.share(ofFileAt: path), shares.last != share { shares.append(share) }
            if let last = shares.last, last > 0.5 { break }
            usleep(500)
        }
        #expect(try await reading.value > 100_000)
        #expect(shares.count > 1 && shares == shares.sorted() && shares.allSatisfy { $0 > 0 && $0 < 1 }, "\(shares)")
        #expect(ReadingProgress.share(ofFileAt: path) == nil)
        let small = try folder.write("a,b\n1,2\n", as: "small.csv")
        _ = try Table(contentsOf: small)
        #expect(ReadingProgress.share(ofFileAt: small) == nil)
    }
}
