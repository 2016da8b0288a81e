/// A file, or what else is read, with a name that says which of a reader's files it stands for.
struct Sample {
    var name: String
    var bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        (self.name, self.bytes) = (name, bytes)
    }

    init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// What a reader made of a sample.
enum Outcome {
    case accepted
    /// With these words.
    case refused(String)
    /// It was taken, and what came of it cannot be right.
    case wrong(String)
}

/// A reader under test: whole samples to begin with, and what it does with any others.
struct Subject {
    var samples: [Sample]
    /// Makes lengths and checksums right again, so that what lies behind them is reached too; not done to every input.
    var repair: ((Sample) -> Sample)?
    var read: (Sample) throws -> Outcome
}

/// A reader by name; what it needs is made when its turn comes.
struct FuzzedReader {
    let name: String
    let make: (_ places: Places) throws -> Subject

    static var all: [FuzzedReader] {
        DataReaders.all + LogReaders.all + ModelReaders.all + TextReaders.all + [ChartReader.all]
    }
}

/// Where files are.
struct Places {
    /// The project's folder.
    let root: String
    /// A folder of our own, for what readers want to find on the disk.
    let scratch: String
}
