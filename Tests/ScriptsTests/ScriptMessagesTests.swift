import Events
import Files
import Glibc
import Interop
import JSON
import TemporaryFolders
import Testing

@testable import Scripts

/// What is read of what a script's processes say of themselves.
struct ScriptMessagesTests {
    private let scratch: TemporaryFolder
    private var messages: ScriptMessages

    init() throws {
        scratch = try TemporaryFolder()
        messages = try ScriptMessages(folder: scratch.path)
    }

    private func say(_ text: String) throws {
        let file = try #require(fopen(messages.folder + "/0-1.jsonl", "a"))
        fputs(text, file)
        fclose(file)
    }

    private mutating func readAll() -> [ScriptMessage] {
        var all: [ScriptMessage] = []
        repeat { all += messages.read().map(\.message) } while messages.hasMore
        return all
    }

    @Test mutating func aLineThatIsTooLongIsPassedOverAndTheNextIsRead() throws {
        try say(#"{"kind":"parameters","values":{"a":""# + String(repeating: "x", count: 30 << 20))
        #expect(readAll().isEmpty)
        try say(String(repeating: "y", count: 2 << 20) + "\"}}\n{\"kind\":\"plan\",\"steps\":3}\n")
        #expect(readAll().count == 1)
        #expect(
            messages.passedOver.sentence?.hasPrefix(
                "1 message passed over, first: a line of more than 1 MiB that begins with '{\"kind\"")
                == true, "\(messages.passedOver.sentence?.prefix(200) ?? "")")
    }

    @Test("A script that is only watched has not spoken: it is told nothing, and stopped as any program is")
    mutating func watched() throws {
        try say(
            #"{"kind":"hello","version":1,"pid":1,"rank":0,"watching":true}"# + "\n"
                + #"{"kind":"observed","name":"loss","subject":"mse_loss","step":48,"figures":{"calls":48,"largest":"NaN"},"words":{"loss":"mse_loss"}}"#
                + "\n" + #"{"kind":"observed","name":"","step":48}"# + "\n" + #"{"kind":"observed","name":"loss","step":-1}"#
                + "\n")
        let seen = readAll().compactMap { if case .observed(let observation) = $0 { observation } else { nil } }
        #expect(seen.map(\.subject) == ["mse_loss"])
        #expect(seen.first?["calls"] == 48)
        #expect(seen.first?["largest"] == nil)
        #expect(messages.passedOver.sentence?.hasPrefix("2 messages passed over") == true)
        #expect(!messages.hasSpoken)
        try say(#"{"kind":"metrics","step":1,"values":{"loss":1}}"# + "\n")
        _ = readAll()
        #expect(messages.hasSpoken)
    }

    @Test mutating func whatIsNoMessageIsCounted() throws {
        try say(
            "no message\n{\"kind\":\"metrics\",\"step\":1}\n{\"kind\":\"new\"}\n\n{\"kind\":\"tensor\",\"step\":1}\n{\"kind\":\"end\",\"status\":\"ok\"}\n"
        )
        _ = readAll()
        #expect(messages.passedOver.sentence == "3 messages passed over, first: 'no message'")
    }

    @Test mutating func tensorsAtStepsThatCannotBeCountedWithAreNotTaken() throws {
        let tensor = #""kind":"tensor","name":"w","collection":"weights","count":4"#
        try say("{\(tensor),\"step\":4611686018427387904}\n{\(tensor),\"step\":-1}\n{\(tensor),\"step\":3}\n")
        try say(
            "{\(tensor),\"step\":4,\"std\":-1}\n{\(tensor),\"step\":4,\"min\":5,\"max\":-5}\n{\(tensor),\"step\":4,\"l2\":\"NaN\"}\n"
        )
        let steps = readAll().compactMap { if case .tensor(_, let step, _) = $0 { step } else { nil } }
        #expect(steps == [3])
        #expect(messages.passedOver.sentence?.hasPrefix("5 messages passed over") == true)
        var tensors = ScriptTensors()
        let summary = TensorSummary("w", .weights, count: 4)
        for step in [1 << 53, 0, 7] { _ = tensors.take(summary, step: step, epoch: 0) }
        #expect(tensors.finish(epoch: 0)?.passedOver == 6)
    }

    @Test mutating func whatJudgesAfterAStepIsKeptApartFromTheStep() throws {
        let tensor = #""kind":"tensor","name":"w","collection":"activations","count":4,"step":3"#
        try say("{\(tensor)}\n{\(tensor),\"mode\":\"eval\"}\n{\(tensor),\"mode\":\"other\"}\n")
        var tensors = ScriptTensors(), told: [TensorsOfStep] = []
        for case .tensor(let summary, let step, let mode) in readAll() {
            if let finished = tensors.take(summary, step: step, mode: mode, epoch: 0) { told.append(finished) }
        }
        told += [tensors.finish(epoch: 0)].compactMap { $0 }
        #expect(told.map(\.mode) == [.train, .eval, .train] && told.allSatisfy { $0.step == 3 && $0.summaries.count == 1 })
    }

    @Test mutating func longTextsAreCutAndLongNamesLeftOut() throws {
        let long = String(repeating: "é", count: 3000), name = String(repeating: "n", count: 300)
        let kept = messages.kept(["a": long, "b": "1", name: "2"])
        #expect(kept["b"] == "1" && kept.count == 2 && kept["a"]?.utf8.count ?? 0 <= 4100)
        #expect(
            messages.kept([LoggedValue(name: name, step: 1, value: 1), LoggedValue(name: "loss", step: 1, value: 1)]).map(\.name)
                == ["loss"])
        #expect(
            messages.passedOver.sentence?.hasPrefix(
                "1 value cut at 4096 bytes, first: a; 2 names of more than 255 bytes passed over") == true)
    }

    @Test func aFileInThePlaceOfTheFolderIsReplaced() throws {
        Folder.remove(messages.folder)
        try AtomicFile.write([1], to: messages.folder)
        #expect(messages.problem?.hasSuffix("messages is no folder any more") == true)
        #expect(try ScriptMessages(folder: scratch.path).problem == nil)
    }
}
