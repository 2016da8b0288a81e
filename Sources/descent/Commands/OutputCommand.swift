import Events
import Experiments
import Glibc
import Scripts

/// `descent runs output`: what a script wrote.
enum OutputCommand {
    static let specification = CommandSpecification(
        words: ["runs", "output"], summary: "print what a script wrote",
        details: """
            Of long outputs the first 4 and the last 28 MB are kept. The files are output.log and those after it in the run's folder, \
            which `descent runs show RUN` names.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--lines", value: "N", help: "only the last N lines of what is there"),
            .init(name: "--follow", value: nil, help: "go on with what comes until the run ends"),
        ],
        examples: ["descent runs output @latest --lines 20", "descent runs output mine --follow"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let run = try store.run(named: arguments.positionals[0])
            guard run.record.request.isScript else {
                throw CommandError.usage("\(run.record.name) is no script's run: `descent runs show` says what is known of it")
            }
            var lineLimit: Int?
            if let text = arguments.value("--lines") {
                guard let count = Int(text), count >= 0 else {
                    throw CommandError.usage("--lines is '\(text)': give a whole number from 0 on")
                }
                lineLimit = count
            }
            var output = Reader(folder: store.workspace.artifactFolder(of: run.record.id.text))
            if let lineLimit {
                Console.printRaw(last(lineLimit, of: output.rest()))
            } else {
                output.printRest()
            }
            guard arguments.flag("--follow") else { return .done }
            while let now = try store.run(run.record.id), !now.status.isFinal {
                usleep(100_000)
                output.printRest()
            }
            // What came between the last look and the end.
            output.printRest()
            return .done
        })

    /// The last lines of a text, of which the last one may have no end.
    private static func last(_ count: Int, of bytes: [UInt8]) -> String {
        var start = bytes.endIndex, left = count
        if left > 0, bytes.last == 10 { start -= 1 }
        while left > 0, start > 0 {
            guard let feed = bytes[..<start].lastIndex(of: 10) else {
                start = 0
                break
            }
            left -= 1
            start = left == 0 ? feed + 1 : feed
        }
        return String(decoding: bytes[start...], as: UTF8.self)
    }

    /// Reads on from where it was.
    private struct Reader {
        let folder: String
        private var place = (file: 0, offset: 0)
        private static let portion = 1 << 20

        init(folder: String) { self.folder = folder }

        private mutating func next() -> ScriptLog.Piece {
            let piece = ScriptLog.read(in: folder, after: place, atMost: Self.portion)
            place = (piece.file, piece.offset)
            return piece
        }

        /// All that there is now.
        mutating func rest() -> [UInt8] {
            var bytes: [UInt8] = []
            while true {
                let piece = next()
                bytes += piece.bytes
                if !piece.hasMore { return bytes }
            }
        }

        mutating func printRest() {
            while true {
                let piece = next()
                if piece.hasGap { Console.note("… what came here is not kept …") }
                if !piece.bytes.isEmpty { Console.printRaw(String(decoding: piece.bytes, as: UTF8.self)) }
                if !piece.hasMore { return }
            }
        }
    }
}
