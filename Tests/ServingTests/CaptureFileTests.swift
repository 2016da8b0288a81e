import Files
import Glibc
import TemporaryFolders
import Testing

@testable import Serving

/// How what endpoints write down is cut into files.
@Suite struct CaptureFileTests {
    private func capture(_ endpoint: String) -> Capture {
        Capture(
            endpoint: endpoint, variant: "v", eventID: "e", inferenceID: nil, time: 1_796_126_405,
            input: ("text/csv", Array("1,2".utf8)), output: ("text/csv", Array("3".utf8)))
    }

    /// What is sent elsewhere is in short files, of which each is soon over; other endpoints have one an hour.
    @Test func filesThatAreSentElsewhereAreShort() throws {
        let folder = try TemporaryFolder()
        let writer = try CaptureWriter(folder: folder.path + "/capture", fileSeconds: 0.05)
        writer.shorten(filesOf: ["sent"])
        for number in 1...3 {
            for endpoint in ["sent", "kept"] { writer.add(capture(endpoint)) }
            for _ in 0..<500 where writer.written < 2 * number { usleep(10_000) }
            usleep(100_000)
        }
        writer.close()
        #expect(writer.written == 6 && writer.dropped == 0)
        func files(_ endpoint: String) -> [Int] {
            Folder.names(in: "\(folder.path)/capture/\(endpoint)/v/2026/12/01/12").map { name in
                let path = "\(folder.path)/capture/\(endpoint)/v/2026/12/01/12/\(name)"
                return FileContents.text(path)?.split(separator: "\n").count ?? 0
            }
        }
        #expect(files("sent") == [1, 1, 1] && files("kept") == [3])
    }
}
