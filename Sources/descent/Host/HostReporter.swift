import CheckedNumbers
import Cells
import Clocks
import Events

/// What the host says of its jobs: a line when one starts, goes on, is found faulty and ends.
struct HostReporter: EventReporter {
    private var names: [RunID: String] = [:]
    private var training: Set<RunID> = []

    mutating func report(_ batch: EventBatch) {
        for event in batch.events {
            guard let run = event.run else {
                if case .notice(.commandFailed(let message)) = event.kind { Console.note("descent: \(message)") }
                if case .endpoint(let fact) = event.kind { say("endpoint \(fact.news.endpoint): \(EndpointText.words(fact))") }
                continue
            }
            let name = names[run] ?? run.text
            switch event.kind {
            case .run(.registered(let record)): names[run] = record.name
            case .job(.statusChanged(let change)) where change.phase == .training && !training.contains(run):
                training.insert(run)
                say("\(name) trains")
            case .job(.statusChanged(let change)) where change.reason == .handedOver: say("\(name) waits to go on")
            case .debugger(.alertRaised(let alert)):
                say("\(name): \(alert.rule) at step \(NumberFormat.grouped(alert.step)): \(alert.cause)")
            case .job(.finished(let result)):
                training.remove(run)
                names[run] = nil
                say("\(name) \(result.status.word)\(result.reason.isEmpty ? "" : " (\(result.reason))")")
            case .notice(.commandFailed(let message)): Console.note("descent: \(message)")
            case .action(.taken(let taken)): say("\(name): \(taken.message)")
            default: break
            }
        }
    }

    private func say(_ text: String) { Console.note("\(LocalTime.short(WallClock.now()))  \(text)") }
}
