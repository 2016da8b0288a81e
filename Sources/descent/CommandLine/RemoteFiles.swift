import Cells
import Files
import Glibc
import ObjectStores

/// Runs commands whose files are in object stores or on web servers: what they read is fetched before, and what they write is kept after.
struct RemoteFiles {
    private let store: ObjectStore
    private let cache: ObjectCache
    private let isQuiet: Bool

    /// Runs a command, with addresses for files where it takes files.
    static func run(_ command: CommandSpecification, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard isMeant(command, arguments) else { return try command.run(arguments) }
        let outcome: Result<CommandError.ExitCode, any Error>
        do throws(ObjectError) { outcome = try RemoteFiles(arguments).run(command, arguments) } catch {
            switch error.code {
            case .badAddress: throw CommandError.usage(error.message)
            case .notFound: throw CommandError.data(error.message)
            default: throw CommandError.failed(error.message)
            }
        }
        return try outcome.get()
    }

    private init(_ arguments: ParsedArguments) {
        let environment = arguments.environment
        let isQuiet = arguments.flag("--quiet")
        store = ObjectStore(AWSSettings(environment: environment), said: { if !isQuiet { Console.note("note: " + $0) } })
        let caches = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? (environment["HOME"] ?? "") + "/.cache"
        cache = ObjectCache(caches + "/descent/objects", store)
        self.isQuiet = isQuiet
    }

    private static let fileOptions = ["--validation"]

    private static func isMeant(_ command: CommandSpecification, _ arguments: ParsedArguments) -> Bool {
        arguments.positionals.contains { isInput($0, of: command) }
            || fileOptions.contains { arguments.value($0).map { isInput($0, of: command) } ?? false }
            || arguments.value("--out")?.hasPrefix("s3://") == true
    }

    /// Web addresses are data for commands that read data; for others they may be something else.
    private static func isInput(_ text: String, of command: CommandSpecification) -> Bool {
        text.hasPrefix("s3://") || ObjectAddress.isMeant(text) && (command.readsData || command.words == ["models", "import"])
    }

    private func run(
        _ command: CommandSpecification, _ arguments: ParsedArguments
    ) throws(ObjectError) -> Result<CommandError.ExitCode, any Error> {
        var arguments = arguments
        for place in arguments.positionals.indices where Self.isInput(arguments.positionals[place], of: command) {
            arguments.positionals[place] = try fetched(arguments.positionals[place])
        }
        for option in Self.fileOptions {
            if let text = arguments.value(option), Self.isInput(text, of: command) {
                arguments.options[option] = [try fetched(text)]
            }
        }
        guard let out = arguments.value("--out"), out.hasPrefix("s3://") else { return Result { try command.run(arguments) } }
        let address = try ObjectAddress(out)
        let folder: String
        do throws(FileError) { folder = try TemporaryPlace.makeFolder("descent-out") } catch {
            throw ObjectError(.file, error.description)
        }
        var isKept = false
        defer { if !isKept { Folder.remove(folder) } }
        let path = folder + "/" + address.name
        arguments.options["--out"] = [path]
        let code = Result { try command.run(arguments) }
        guard case .success(.done) = code else { return code }
        let count: Int
        do throws(ObjectError) {
            if FileStamp(path)?.isRegular == true {
                try store.put(path, as: address)
                count = 1
            } else {
                count = try store.putFolder(path, as: address)
            }
        } catch {
            isKept = true
            throw ObjectError(error.code, "\(error.message); what was made is kept at \(path)")
        }
        if !isQuiet { Console.note("\(count) \(count == 1 ? "file" : "files") to \(address)") }
        return code
    }

    private func fetched(_ text: String) throws(ObjectError) -> String {
        if let folder = ObjectFolder(text) {
            let copy = try cache.files(of: folder)
            if !isQuiet {
                let files = "\(copy.fileCount) file\(copy.fileCount == 1 ? "" : "s"), \(NumberFormat.bytes(copy.byteCount))"
                let before = copy.fetchedCount == 0 ? ", fetched before" : ", \(copy.fetchedCount) of them fetched"
                Console.note("\(text): \(files)\(before) at \(copy.path)")
            }
            return copy.path
        }
        let copy = try cache.file(of: try ObjectAddress(text))
        if !isQuiet {
            Console.note(
                "\(text): \(NumberFormat.bytes(copy.byteCount))\(copy.wasHere ? ", fetched before" : "") at \(copy.path)")
        }
        return copy.path
    }
}
