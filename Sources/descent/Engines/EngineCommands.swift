import JSON
import Spark

/// `descent engine …`: engines for data that outgrow one machine, installed beside Descent.
enum EngineCommands {
    private static let named = PositionalSpecification(name: "NAME", help: "spark")

    static let install = CommandSpecification(
        words: ["engine", "install"], summary: "install an engine for data that outgrow one machine",
        details: """
            Spark, XGBoost, Arrow, NumPy and pandas go from pip's index into an environment of their own in the user's data folder \
            (about 1 GB); nothing else uses it, and nothing on one machine needs it. Spark runs on Java 17 or newer, which is named \
            where it is missing. Half an installation is never taken for a whole one: it is begun again.
            """,
        positionals: [named],
        options: [
            .init(name: "--python", value: "PATH", help: "the Python it is made of (default: python3, 3.11 or newer)")
        ],
        examples: ["descent engine install spark", "descent engine install spark --python /usr/bin/python3.12"],
        run: { arguments in
            let place = try place(arguments), isJSON = arguments.flag("--json")
            let installation = SparkInstallation(place, environment: arguments.environment) { Console.note($0) }
            let isNew: Bool
            do { isNew = try installation.install(python: arguments.value("--python")) } catch {
                throw CommandError.failed("\(error)")
            }
            let status = EngineStatus(place, arguments.environment)
            if isJSON {
                Console.print(status.json.text)
            } else {
                Console.print(isNew ? "spark is installed in \(place.folder)" : "spark is installed already in \(place.folder)")
            }
            if status.java == nil { Console.note("note: \(status.javaProblem)") }
            return .done
        })

    static let status = CommandSpecification(
        words: ["engine", "status"], summary: "which engines are installed, and on which Java they run",
        examples: ["descent engine status", "descent engine status --json"],
        run: { arguments in
            let status = EngineStatus(try place(arguments), arguments.environment)
            if arguments.flag("--json") {
                Console.print(status.json.text)
            } else {
                Console.printRaw(RunText.table(status.rows))
            }
            return .done
        })

    static let remove = CommandSpecification(
        words: ["engine", "remove"], summary: "take an engine away again", positionals: [named],
        examples: ["descent engine remove spark"],
        run: { arguments in
            let place = try place(arguments)
            let isGone: Bool
            do {
                isGone = try SparkInstallation(place, environment: arguments.environment) { Console.note($0) }.remove()
            } catch { throw CommandError.failed("\(error)") }
            Console.print(isGone ? "spark is removed" : "spark is not installed: there is nothing to remove")
            return .done
        })

    private static func place(_ arguments: ParsedArguments) throws -> SparkEnvironment {
        if let name = arguments.positionals.first, name != "spark" {
            throw CommandError.usage("there is no engine '\(name)': spark is the one there is")
        }
        do { return try SparkEnvironment(environment: arguments.environment) } catch { throw CommandError.failed("\(error)") }
    }
}
