import Cells
import Databases
import Events
import Experiments
import Glibc
import Hosting
import JSON
import Learners
import Terminal
import Training

/// `descent doctor`: what is installed and which limits apply.
enum DoctorCommand {
    static let specification = CommandSpecification(
        words: ["doctor"], summary: "what is installed, which limits apply here, and whether the workspace is whole",
        details: """
            Looks and changes nothing, and makes no workspace. Of runs of scripts it says which could not run again, whose output is \
            not whole, and what they left running. With --recover, a workspace whose database is gone, emptied or \
            damaged gets back what can be read: rows of the old database, which stays beside the new one, and runs from the \
            files beside their models and checkpoints.
            """,
        options: [.init(name: "--recover", value: nil, help: "bring back what can be read of a damaged workspace")],
        run: { arguments in
            if arguments.flag("--recover") { return try DoctorRecovery.run(arguments) }
            let findings = findings(arguments)
            if arguments.flag("--json") {
                let members = findings.map { JSONValue.Member($0.name, .string($0.value)) }
                Console.print(JSONValue.object([.init("kind", .string("doctor"))] + members).text)
            } else {
                Console.printRaw(RunText.table(findings.map { [$0.isFine ? "✔" : "!", $0.name, $0.value] }))
            }
            return findings.allSatisfy(\.isFine) ? .done : .failed
        })

    struct Finding {
        var name: String
        var value: String
        var isFine = true
    }

    private static func findings(_ arguments: ParsedArguments) -> [Finding] {
        let budget = ComputeBudget()
        var findings = [
            Finding(name: "descent", value: Engine.version),
            Finding(name: "system", value: system()),
            Finding(
                name: "processors",
                value:
                    "\(budget.threadCount), up to \(budget.concurrentJobs) jobs at a time, \(budget.threadsPerJob) threads each"),
            Finding(name: "memory", value: memory()),
            Finding(name: "SQLite", value: LibraryVersions.sqlite),
            Finding(name: "ncurses", value: TerminalScreen.libraryVersion),
            Finding(
                name: "BLAS", value: Algorithms.linearAlgebraLibrary, isFine: !Algorithms.linearAlgebraLibrary.hasPrefix("none")),
            Finding(name: "XGBoost", value: XGBoostLibrary.description),
        ]
        let terminal = arguments.environment["TERM"] ?? ""
        let isTerminal = Console.outputIsTerminal
        findings.append(
            Finding(
                name: "terminal", value: isTerminal ? "\(terminal.isEmpty ? "TERM is not set" : terminal), \(size())" : "none",
                isFine: !isTerminal || !terminal.isEmpty))
        let locale = arguments.environment["LC_ALL"] ?? arguments.environment["LC_CTYPE"] ?? arguments.environment["LANG"] ?? ""
        let isUnicode = locale.lowercased().contains("utf")
        findings.append(
            Finding(
                name: "characters",
                value: isUnicode ? "\(locale): braille charts" : "\(locale.isEmpty ? "C" : locale): ASCII charts"))
        return findings + engines(arguments.environment) + workspaceFindings(arguments)
    }

    private static func workspaceFindings(_ arguments: ParsedArguments) -> [Finding] {
        let path = WorkspaceChoice.path(arguments)
        do {
            let health = try WorkspaceRecovery(path: path).findings()
            var findings: [Finding] = []
            if let damage = health.damages.first {
                let more = health.damages.count > 1 ? " (and \(health.damages.count - 1) more)" : ""
                findings.append(Finding(name: "workspace", value: "\(path) is damaged: \(damage)\(more)", isFine: false))
            } else if health.isGone {
                findings.append(Finding(name: "workspace", value: "\(path) has no database any more", isFine: false))
            }
            if health.damages.isEmpty, !health.isGone, let store = try WorkspaceChoice.readingIfAny(arguments) {
                let runs = try store.runs()
                findings.append(Finding(name: "workspace", value: "\(store.workspace.path), \(runs.count) runs"))
                findings += try host(store)
                findings += scripts(runs, store.workspace, arguments.environment)
            }
            if !health.missing.isEmpty {
                let names = health.missing.prefix(5).map(\.text).joined(separator: ", ") + (health.missing.count > 5 ? ", …" : "")
                findings.append(
                    Finding(
                        name: "missing runs", value: "\(health.missing.count) have files and are not in the database: \(names)",
                        isFine: false))
            }
            if !health.isFine {
                findings.append(
                    Finding(name: "remedy", value: "descent doctor --recover brings back what can be read", isFine: false))
            }
            return findings + [Finding(name: "free space", value: freeSpace(path))]
        } catch let error as StoreError where error.code == .noWorkspace {
            return [Finding(name: "workspace", value: "\(path), not made yet")]
        } catch {
            return [Finding(name: "workspace", value: CommandError(error).description, isFine: false)]
        }
    }

    /// Who trains what waits in the queue. A host that is not there is no fault where nothing waits for it.
    private static func host(_ store: RunStore) throws -> [Finding] {
        let jobs = try store.queue()
        let waiting = jobs.count { $0.state != .held }, held = jobs.count - waiting
        guard let holder = HostLink(store.workspace.path).holder else {
            if jobs.isEmpty { return [] }
            let value = waiting == 0 ? "none, \(held) held" : "none, \(waiting) wait for one: descent serve"
            return [Finding(name: "host", value: value, isFine: waiting == 0)]
        }
        let answers = HostLink(store.workspace.path).ask("status") != nil
        let words = "process \(holder.processID), \(waiting) in its queue" + (held > 0 ? ", \(held) held" : "")
        return [Finding(name: "host", value: answers ? words : words + "; it does not answer", isFine: answers)]
    }

    private static func system() -> String {
        var name = utsname()
        uname(&name)
        func text<Tuple>(_ tuple: Tuple) -> String {
            withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
    }

    private static func memory() -> String {
        let page = sysconf(Int32(_SC_PAGESIZE))
        let total = sysconf(Int32(_SC_PHYS_PAGES)) * page, free = sysconf(Int32(_SC_AVPHYS_PAGES)) * page
        return "\(NumberFormat.bytes(total)), \(NumberFormat.bytes(free)) unused"
    }

    private static func size() -> String {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return "size unknown" }
        return "\(size.ws_col)×\(size.ws_row)"
    }

    private static func freeSpace(_ path: String) -> String {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return "unknown" }
        return NumberFormat.bytes(Int(status.f_bavail) * Int(status.f_frsize))
    }
}
