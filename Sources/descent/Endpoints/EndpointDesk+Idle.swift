import Clocks
import Events
import Experiments
import Serving

// Endpoints that nobody calls. On the desk's thread.
extension EndpointDesk {
    /// Deletes those that nobody called for as long as their users said. They stay in the list, with the reason, until another takes
    /// their name or somebody deletes them.
    /// - Returns: when the next may be due; nil: none is to be deleted.
    func deleteIdle(_ now: Double) throws -> Double? {
        var next: Double?
        for record in try endpoints.all() {
            guard let seconds = record.idleDeleteSeconds, let endpoint = live[record.id], record.status != .deleting else {
                continue
            }
            let due = max(endpoint.lastCall, broughtAt[record.id] ?? now) + seconds
            let isBusy = rollouts[record.id] != nil || (endpoint.asyncQueue?.counts.backlog ?? 0) > 0
            guard due <= now, !isBusy else {
                next = min(next ?? .infinity, isBusy ? now + 1 : due)
                continue
            }
            letGo(record.id, endpoint)
            var record = record
            (record.shadow, record.pending, record.pendingShare) = (nil, [], 0)
            let words = IdleTime.text(seconds)
            try stand(record, .deleting, "deleted: nobody called it for \(words), as --idle-delete asked")
            engine.bus.post(
                .notice(.messageLogged("endpoint \(record.name) is deleted: nobody called it for \(words)")), run: nil)
        }
        return next
    }
}

/// A time that somebody may be away, as it is typed: `90s`, `30m`, `2h`, `1d`.
enum IdleTime {
    private static let units: [(letter: Character, seconds: Double)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

    /// - Returns: seconds; 0 for `never`; nil where the option is not there.
    static func seconds(_ arguments: ParsedArguments) throws(CommandError) -> Double? {
        guard let text = arguments.value("--idle-delete") else { return nil }
        if text == "never" { return 0 }
        guard let unit = units.first(where: { $0.letter == text.last }), let number = Double(text.dropLast()),
            number * unit.seconds >= 1, number * unit.seconds <= 365 * 86_400
        else { throw .usage("--idle-delete '\(text)': give a time such as 90s, 30m, 2h or 1d, or never") }
        return number * unit.seconds
    }

    /// `2 h`
    static func text(_ seconds: Double) -> String {
        let unit = units.first { seconds >= $0.seconds && seconds.remainder(dividingBy: $0.seconds) == 0 } ?? ("s", 1)
        let count = seconds / unit.seconds
        let number = Int(exactly: count).map { "\($0)" } ?? "\(count)"
        return number + (unit.letter == "m" ? " min" : " \(unit.letter)")
    }

    static let option = OptionSpecification(
        name: "--idle-delete", value: "TIME",
        help: "delete the endpoint once nobody has called it for so long, such as 30m, 2h or 1d; never: keep it")
}
