import Events
import Glibc
import JSON
import Spark
import Synchronization
import Threads
import Training

/// The process of a task on a cluster that trains one trial: what it is to do comes on standard input, what happens goes out as lines of
/// events. It ends when its input does, since nobody would hear of it any more.
enum TrialTask {
    /// The first word of its arguments.
    static let word = "--trial-task"

    static func run() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        guard let line = readLine(), let document = TrialDocument(parsing: line) else {
            Console.note("descent: \(word) is for tasks of a cluster: use descent tune --engine spark")
            return CommandError.ExitCode.usage.rawValue
        }
        let bus = EventBus(), run = document.plan.record.id
        let mailbox = Mailbox(policy: .lossless(capacity: 1 << 20))
        bus.subscribe(mailbox)
        let supervisor = JobSupervisor(bus: bus, budget: ComputeBudget(concurrentJobs: 1))
        do throws(ThreadError) {
            let printer = try NamedThread(name: "printer") {
                while let batch = mailbox.waitAndTake() {
                    for event in batch.merged { Console.print(event.json.text) }
                }
            }
            let listener = try NamedThread(name: "wishes") { listen(supervisor, run) }
            supervisor.start(document.plan)
            supervisor.waitUntilIdle()
            bus.flush()
            mailbox.waitUntilHandled()
            if let failure = supervisor.failure(of: run) { Console.print(told(failure)) }
            mailbox.close()
            printer.join()
            // It waits for a line, and ends with the process.
            withExtendedLifetime(listener) {}
            return Console.outputFailure == nil
                ? CommandError.ExitCode.done.rawValue : CommandError.ExitCode.failed.rawValue
        } catch {
            Console.note("descent: \(error.description)")
            return CommandError.ExitCode.failed.rawValue
        }
    }

    private static func told(_ failure: TrainingError) -> String {
        JSONValue.object([
            "failure": .object([
                "code": .string(failure.code.rawValue), "message": .string(failure.description),
                "operation": .string(failure.operation),
            ])
        ]).text
    }

    private static func listen(_ supervisor: JobSupervisor, _ run: RunID) {
        while let line = readLine() {
            switch line {
            case "stop": supervisor.stop(run)
            case "pause": supervisor.pause(run)
            case "resume": supervisor.resume(run)
            default:
                let settings: [String: String]?
                do throws(JSONError) { settings = try JSONValue(parsing: Array(line.utf8)).strings } catch { continue }
                if let settings { supervisor.change(run, settings) }
            }
        }
        // Whoever asked for it is gone: nothing of it is heard, and it is begun again.
        _exit(CommandError.ExitCode.failed.rawValue)
    }
}
