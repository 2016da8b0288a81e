import Cells
import Glibc
import Testing

@testable import Terminal

/// Processes that end badly with the terminal open; what they wrote is read from a file that stands in for it.
@Suite(.serialized) struct CrashTests {
    private static let variable = "DESCENT_CRASH_TEST_OUTPUT"

    /// Opens the screen on the file named in the environment: runs in the process that is to end.
    @MainActor private static func openOnFile() throws {
        let path = getenv(variable).map { String(cString: $0) } ?? "/dev/null"
        var options = TerminalScreen.Options(environment: ["TERM": "xterm-256color"])
        options.output = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        options.input = open("/dev/null", O_RDONLY)
        options.fixedSize = Size(width: 40, height: 5)
        let screen = try TerminalScreen.open(options)
        screen.present(CellBuffer(size: screen.size, fill: Cell("x")), theme: .descentDark)
        // The process ends before anything could close it.
        _ = Unmanaged.passRetained(screen)
    }

    /// What a process writes that ends as the body says.
    private func output(of run: (String) async -> Void) async -> String {
        let path = "/tmp/descent-crash-test-\(getpid())"
        setenv(Self.variable, path, 1)
        defer {
            unsetenv(Self.variable)
            unlink(path)
        }
        await run(path)
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test func `a crash gives the terminal back and is still a crash`() async {
        let written = await output { _ in
            await #expect(processExitsWith: .signal(SIGSEGV)) {
                try await Self.openOnFile()
                kill(getpid(), SIGSEGV)
                while true { pause() }
            }
        }
        #expect(written.contains("\u{1B}[?1049h"))
        #expect(written.hasSuffix(TerminalModes.restore))
    }

    @Test func `an abort gives the terminal back`() async {
        let written = await output { _ in
            await #expect(processExitsWith: .signal(SIGABRT)) {
                try await Self.openOnFile()
                abort()
            }
        }
        #expect(written.hasSuffix(TerminalModes.restore))
    }

    @Test func `an exit from anywhere gives the terminal back`() async {
        let written = await output { _ in
            await #expect(processExitsWith: .exitCode(7)) {
                try await Self.openOnFile()
                exit(7)
            }
        }
        #expect(written.hasSuffix(TerminalModes.restore))
    }
}
