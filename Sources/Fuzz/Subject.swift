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

/// Where files are.
struct Places {
    /// The project's folder.
    let root: String
    /// A folder of our own, for what readers want to find on the disk.
    let scratch: String
}
