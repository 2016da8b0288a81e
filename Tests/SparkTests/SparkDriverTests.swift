import Clocks
import Glibc
import JSON
import TemporaryFolders
import Testing

@testable import Spark

/// The lines between the program and its driver, with a driver of a few lines.
@Suite struct SparkDriverTests {
    private let folder: TemporaryFolder

    init() throws {
        // As the program does: that a driver is gone shows in what it answers.
        signal(SIGPIPE, SIG_IGN)
        folder = try TemporaryFolder()
    }

    private func driver(_ body: String) throws -> SparkDriver {
        let path = try folder.write("#!/bin/sh\n" + body, as: "python")
        chmod(path, 0o755)
        let log = folder.path + "/log"
        // A process that another test is just starting may have the file open for a moment.
        for _ in 0..<100 {
            let started = Result {
                try SparkDriver(python: path, arguments: [], environment: ["PATH": "/usr/bin:/bin"], logPath: log)
            }
            if case .failure(let error) = started, "\(error)".contains("Text file busy") {
                usleep(20_000)
            } else {
                return try started.get()
            }
        }
        return try SparkDriver(python: path, arguments: [], environment: ["PATH": "/usr/bin:/bin"], logPath: log)
    }

    @Test func `news come before the answer, and faults by their code`() throws {
        let driver = try driver(
            """
            read line
            echo '{"news": {"kind": "message", "text": "an executor came"}}'
            echo 'no JSON at all'
            echo '{"id": 1, "result": {"rows": 12}}'
            read line
            echo '{"id": 2, "error": {"code": "data", "message": "b.csv has no column x"}}'
            read line
            """)
        var news: [String] = []
        let answer = try driver.ask("survey", [], isStopped: { false }) { news.append($0["text"]?.string ?? "") }
        #expect(answer["rows"]?.integer == 12)
        #expect(news == ["an executor came"])
        let error = #expect(throws: SparkFault.self) { try driver.ask("encode", [], isStopped: { false }) { _ in } }
        #expect(error == SparkFault(.data, "b.csv has no column x"))
        driver.close()
    }

    @Test func `a driver that ends is told with the last error of its log`() throws {
        let driver = try driver("echo 'Exception: Java heap space' >&2; exit 3")
        let error = #expect(throws: SparkFault.self) { try driver.ask("start", [], isStopped: { false }) { _ in } }
        #expect(error?.code == .failed)
        #expect(error?.message.contains("Exception: Java heap space") == true)
        driver.close()
    }

    @Test func `who is to stop has the jobs cancelled and does not wait for their end`() throws {
        let driver = try driver(
            """
            read line
            read line
            case "$line" in *cancel*) echo '{"id": 1, "error": {"code": "failed", "message": "cancelled"}}' ;; esac
            read line
            """)
        let start = SteadyClock.seconds()
        let error = #expect(throws: SparkFault.self) { try driver.ask("linear", [], isStopped: { true }) { _ in } }
        #expect(error?.code == .stopped)
        #expect(SteadyClock.seconds() - start < 10)
        driver.close()
    }

    @Test func `numbers go there and back to the bit`() {
        let numbers = [0.1, -1e300, .pi, 0, .leastNonzeroMagnitude]
        #expect(NumberText.numbers(NumberText.text(numbers), count: 5) == numbers)
        #expect(NumberText.numbers(NumberText.text(numbers), count: 4) == nil)
        #expect(NumberText.numbers(.string("nonsense"), count: 1) == nil)
    }
}
