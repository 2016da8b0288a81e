import Events
import Experiments
import Glibc
import Hosting
import OutputFiles
import Remotes

/// `descent attach`: other machines' workspaces in this studio, and the far end of that.
enum AttachCommand {
    static let descentOption = OptionSpecification(
        name: "--descent", value: "PATH", help: "the program there (default: descent, as its shell finds it)")

    static let specification = CommandSpecification(
        words: ["attach"], summary: "open the studio on workspaces of other machines, live",
        details: """
            PLACE is ssh://[user@]host[:port][/folder] (without a folder, or with /~/, below that user's home: the workspace that descent \
            has there), exec:COMMAND for a command whose pipe leads to `descent attach --stdio`, or a folder of this machine. It goes \
            through your own ssh; nothing listens on a network.

            All runs are shown as here, and keys do there what they do here. What is started there is trained by the host there and \
            outlives the connection. A connection that breaks comes back where it was; until then what it shows is marked as stale. Data \
            files of a place are written PLACE:/path.
            """,
        positionals: [.init(name: "PLACE", help: "ssh://host, exec:COMMAND or a folder", isOptional: true, isRepeatable: true)],
        options: [
            .init(name: "--name", value: "NAME", help: "what a place is called here, in their order", isRepeatable: true),
            descentOption,
            .init(name: "--stdio", value: nil, help: "be the far end: speak with the studio through input and output"),
        ],
        examples: [
            "descent attach ssh://gpu1", "descent attach ssh://ada@gpu1/~/ml/.descent ssh://gpu2 --name big --name small",
            "descent attach 'exec:docker exec -i trainer descent attach --stdio'",
        ],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        if arguments.flag("--stdio") {
            guard arguments.positionals.isEmpty else { throw CommandError.usage("descent attach --stdio takes no place") }
            return try beFarEnd(arguments)
        }
        let places = try places(arguments)
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw CommandError.failed("the studio needs a terminal: `descent runs copy` copies runs without one")
        }
        let mirror = try MirrorFolder(
            of: places.map { ($0.name, $0.address.text) }, named: arguments.value("--workspace"),
            environment: arguments.environment)
        var home = arguments
        home.options["--workspace"] = nil
        let attachments = try Attachments(places, mirror: mirror, own: WorkspaceChoice.path(home))
        let problems = attachments.connect()
        if problems.count == places.count, !attachments.isKnown {
            attachments.close()
            throw CommandError.failed("no place can be reached: " + problems.joined(separator: "; "))
        }
        for problem in problems { Console.note("descent: \(problem)") }
        var own = arguments
        own.options["--workspace"] = [attachments.workspace.path]
        return try MainActor.assumeIsolated {
            try StudioSession.run(own, files: [], demo: nil, attachments: attachments)
        }
    }

    /// The places that are named, each with a name of its own.
    private static func places(_ arguments: ParsedArguments) throws -> [PlaceLink.Options] {
        guard !arguments.positionals.isEmpty else {
            throw CommandError.usage("descent attach: name a place: ssh://host, exec:COMMAND or a folder")
        }
        let names = arguments.values("--name")
        guard names.count <= arguments.positionals.count else {
            throw CommandError.usage("descent attach: there are more names than places")
        }
        var taken: Set<String> = []
        return try arguments.positionals.enumerated().map { index, text in
            var options = try place(text, arguments)
            if index < names.count {
                guard PlacePath.isName(names[index]) else {
                    throw CommandError.usage("--name '\(names[index])': use letters, digits, dots and dashes")
                }
                options.name = names[index]
            }
            let wanted = options.name
            var number = 2
            while !taken.insert(options.name).inserted {
                options.name = "\(wanted)-\(number)"
                number += 1
            }
            return options
        }
    }

    /// One place, by its address.
    static func place(_ text: String, _ arguments: ParsedArguments) throws -> PlaceLink.Options {
        let address: PlaceAddress
        do throws(RemoteError) { address = try PlaceAddress(text) } catch { throw CommandError.usage(error.description) }
        let own = Engine.absolute("/proc/self/exe")
        var options = PlaceLink.Options(name: address.name, address: address, own: own, version: Engine.version)
        if case .folder(let path) = address.way { options.address.way = .folder(Engine.absolute(path)) }
        if case .folder = address.way, let name = (try? PlaceAddress(Engine.absolute(text)))?.name { options.name = name }
        if let descent = arguments.value("--descent") { options.descent = descent }
        return options
    }

    private static func beFarEnd(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let workspace = try WorkspaceChoice.open(arguments)
        // What anybody prints by mistake must not come between the lines.
        let output = dup(STDOUT_FILENO)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        _ = fcntl(output, F_SETFD, FD_CLOEXEC)
        let link = HostLink(workspace.path)
        let late = LateFacts()
        let work = try FarWork(workspace) { late.tell($0) }
        let session = FarSession(
            workspace, input: STDIN_FILENO, output: output,
            work: FarSession.Work(
                version: Engine.version, hasHost: { link.isThere }, carryOut: { try work.carryOut($0) },
                find: { try work.find($0) },
                words: { CommandError($0).description },
                files: { ArtifactFiles.list($0).map { ($0.name, $0.byteCount) } }, giveUp: { _exit(0) }))
        late.open { session.tell($0) }
        do { try session.run() } catch let error as RemoteError where error.code == .unreachable {
            // Whoever listened is gone.
        }
        work.close()
        return .done
    }
}
