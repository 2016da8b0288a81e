import Glibc

/// The whole program: parses the command line, runs the command, turns what went wrong into one line and an exit code.
enum Program {
    static func run(_ arguments: () throws -> [String], environment: [String: String]) -> Int32 {
        // A reader that goes away is seen as an error of `write`, not as a signal.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that would grow beyond the limit on sizes (ulimit -f).
        signal(SIGXFSZ, SIG_IGN)
        hearSignals()
        saveAddresses()
        Console.holdStandardFiles()
        let code = runCommand(arguments, environment: environment)
        guard let failure = Console.outputFailure else { return code }
        if !failure.isClosedPipe { Console.note("descent: \(failure)") }
        return code == CommandError.ExitCode.done.rawValue ? CommandError.ExitCode.failed.rawValue : code
    }

    private static func runCommand(_ arguments: () throws -> [String], environment: [String: String]) -> Int32 {
        do {
            switch try ArgumentParser(commands: CommandTable.all).parse(try arguments()) {
            case .version:
                Console.print("descent \(Engine.version)")
                return CommandError.ExitCode.done.rawValue
            case .help(let words):
                guard let text = HelpText(commands: CommandTable.all).text(for: words) else {
                    throw CommandError.usage("no command '\(words.joined(separator: " "))': see descent --help")
                }
                Console.printRaw(text)
                return CommandError.ExitCode.done.rawValue
            case .run(let command, var parsed):
                parsed.environment = environment
                try WrittenFiles.check(command, parsed)
                return try RemoteFiles.run(command, parsed).rawValue
            }
        } catch {
            let failure = CommandError(error)
            if !failure.description.isEmpty { Console.note("descent: \(failure.description)") }
            return failure.code.rawValue
        }
    }

    /// Where addresses are limited (ulimit -v), an arena of 128 MB for each thread does not fit, and every allocation would try for
    /// one: all threads share one then.
    private static func saveAddresses() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limit) == 0, limit.rlim_cur != rlim_t.max,
            let symbol = dlsym(nil, "mallopt")
        else { return }
        typealias Function = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
        // SAFETY: the C library's own signature. The parameter is M_ARENA_MAX.
        _ = unsafeBitCast(symbol, to: Function.self)(-8, 1)
    }

    /// A program inherits from the one that starts it which signals are held back; those that end it never are.
    private static func hearSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
