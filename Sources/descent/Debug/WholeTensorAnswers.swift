import Cells
import CheckedNumbers
import Clocks
import Events
import Experiments
import Files
import Glibc
import JSON
import OutputFiles
import PrintableText

/// What `descent debug tensors` says of tensors that were saved whole, and does about them.
enum WholeTensorAnswers {
    /// Seconds to wait for the next captured step.
    private static let patienceSeconds = 30.0

    /// Asks the run to save tensors, and waits until it has.
    static func save(_ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard let pattern = arguments.value("--name") else {
            throw CommandError.usage("--save wants the tensors to save: --name NAME, or --name 'PATTERN'")
        }
        try Engine.checkIsTrainedHere(run.record)
        guard !run.status.isFinal else {
            throw CommandError.failed(
                "\(run.record.name) is not being trained: --debug-save-whole of `descent train` saves from the start on")
        }
        guard !run.record.request.capturesNothing else {
            throw CommandError.failed("\(run.record.name) was started with --debug-save-interval off: no step is captured")
        }
        let whole = store.tensors.wholeTensors(of: run.record.id), before = Set(whole.entries)
        do throws(FileError) { try whole.wish(for: pattern) } catch { throw CommandError.failed(error.message) }
        let deadline = SteadyClock.seconds() + patienceSeconds
        var taken: Double?
        while SteadyClock.seconds() < deadline {
            let new = Set(whole.entries).subtracting(before).filter { WholeTensorWish(pattern: pattern).matches($0.name) }
            // What was taken is written at the end of that step, one file after the other.
            if !whole.isWishedFor(pattern) { taken = taken ?? SteadyClock.seconds() }
            if !new.isEmpty, let taken, SteadyClock.seconds() - taken > 0.2 {
                print(run, new.sorted { ($0.step, $0.name) < ($1.step, $1.name) }, arguments)
                return .done
            }
            if let taken, SteadyClock.seconds() - taken > 5 { break }
            if let now = try store.run(run.record.id), now.status.isFinal {
                throw CommandError.failed("\(run.record.name) ended first: it is \(now.status.rawValue)")
            }
            usleep(30_000)
        }
        throw CommandError.failed(
            taken == nil
                ? "\(run.record.name) captured no step within \(Int(nearestWithin: patienceSeconds)) seconds: it saves them at the next one"
                : "\(run.record.name) has no tensor that '\(pattern)' names, or no room for it: `descent debug tensors` lists names, "
                    + "`descent runs show` what was refused")
    }

    /// Writes a tensor where somebody wants it.
    static func export(_ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        guard let name = arguments.value("--name"), let path = arguments.value("--whole") else {
            throw CommandError.usage("--whole wants the tensor to write: --name NAME")
        }
        let whole = store.tensors.wholeTensors(of: run.record.id)
        let own = whole.entries.filter { WholeTensorWish(pattern: name).matches($0.name) }
        guard let last = own.last else {
            throw CommandError.failed(
                "no tensor that '\(name)' names was saved whole: --debug-save-whole of `descent train`, or --save while it trains"
            )
        }
        guard Set(own.map(\.name)).count == 1 else {
            throw CommandError.usage("'\(name)' names several tensors, such as \(own[0].name) and \(last.name): give one of them")
        }
        var entry = last
        if let text = arguments.value("--step") {
            guard let found = own.first(where: { String($0.step) == text }) else {
                let steps = own.map { String($0.step) }.joined(separator: ", ")
                throw CommandError.usage("\(last.name) was not saved at step \(text): it was at \(steps)")
            }
            entry = found
        }
        let bytes: [UInt8]?
        do throws(FileError) { bytes = try AtomicFile.read(entry.path) } catch { throw CommandError.failed(error.description) }
        guard let bytes, NumpyFile(bytes: bytes) != nil else { throw CommandError.data("\(entry.path.printable) is damaged") }
        do throws(OutputError) {
            let file = try OutputFile(path)
            try bytes.withUnsafeBufferPointer { buffer throws(OutputError) in try file.write(buffer) }
            try file.finish()
        } catch { throw CommandError.failed(error.description) }
        return .done
    }

    private static func print(_ run: RunSummary, _ entries: [WholeTensors.Entry], _ arguments: ParsedArguments) {
        for entry in entries {
            Console.print(
                arguments.flag("--json")
                    ? json(run, entry).text : "\(entry.name.printable) of step \(entry.step)  \(entry.path.printable)")
        }
    }

    private static func json(_ run: RunSummary, _ entry: WholeTensors.Entry) -> JSONValue {
        .object([
            "kind": .string("wholeTensor"), "run": .string(run.record.id.text), "step": .integer(entry.step),
            "name": .string(entry.name), "bytes": .integer(entry.byteCount), "path": .string(entry.path),
        ])
    }

    /// A line of JSON for each that was saved.
    static func print(_ run: RunSummary, _ choice: TensorChoice, _ store: RunStore) {
        for entry in store.tensors.wholeTensors(of: run.record.id).entries where choice.matchesName(entry.name) {
            Console.print(json(run, entry).text)
        }
    }

    /// What was saved, a line a tensor.
    static func list(_ run: RunSummary, _ choice: TensorChoice, _ store: RunStore) {
        let entries = store.tensors.wholeTensors(of: run.record.id).entries.filter { choice.matchesName($0.name) }
        for (name, own) in Dictionary(grouping: entries, by: \.name).sorted(by: { $0.key < $1.key }) {
            let steps = own.prefix(8).map { NumberFormat.grouped($0.step) }.joined(separator: ", ")
            let more = own.count > 8 ? " and \(own.count - 8) more" : ""
            let bytes = NumberFormat.bytes(own.reduce(0) { $0 + $1.byteCount })
            Console.print("whole: \(name.printable) of \(own.count == 1 ? "step" : "steps") \(steps)\(more), \(bytes)")
        }
    }
}
