import Notebooks

/// What a kernel computes with.
public struct KernelHardware: Hashable, Sendable {
    /// Threads that its libraries are told to use; nil = as many as they like.
    public var threads: Int?
    /// Whether it may use the GPUs that are there.
    public var usesGPU: Bool
    /// Whether the engine for rows on a cluster is in reach of its code.
    public var usesSpark: Bool
    /// The attached machine that it is on, by its name; nil = this one.
    public var place: String?

    public init(threads: Int? = nil, usesGPU: Bool = true, usesSpark: Bool = false, place: String? = nil) {
        (self.threads, self.usesGPU, self.usesSpark, self.place) = (threads, usesGPU, usesSpark, place)
    }
}

/// A question that a cell's code asks, by `input()` or `getpass()`.
public struct KernelPrompt: Hashable, Sendable {
    public var text: String
    /// Whether what is typed is not to be seen.
    public var isSecret: Bool

    public init(_ text: String, isSecret: Bool) { (self.text, self.isSecret) = (text, isSecret) }
}

/// A notebook whose kernel the studio holds: how far it is, and what its cells have given.
public struct KernelStanding: Sendable {
    public enum Activity: Hashable, Sendable {
        case starting
        case idle
        /// Runs a cell, for so many seconds.
        case running(cell: Int, seconds: Int)
        case asking(cell: Int, KernelPrompt)
        case interrupting(cell: Int)
        /// The kernel is gone, and why.
        case ended(String)
    }

    /// The notebook's, from the studio's folder.
    public let path: String
    /// nil until it is read.
    public var notebook: Notebook?
    /// What its outputs show.
    public var pictures = NotebookPictures()
    public var activity = Activity.starting
    /// Cells that are to be run, in their order.
    public var waiting: [Int] = []
    /// Cells that this kernel has run, in the order in which it did.
    public var done: [Int] = []
    public var hardware: KernelHardware
    /// Processors of the machine, and whether it has a GPU that kernels can use.
    public var processors = 1, hasGPU = false
    /// Why Spark cannot be had on this machine, and what to do; nil where it can.
    public var sparkProblem: String?
    /// Something to know of its file, such as that somebody else changed it.
    public var remark = ""

    public init(path: String, hardware: KernelHardware) { (self.path, self.hardware) = (path, hardware) }

    /// The cell that is run.
    public var cell: Int? {
        switch activity {
        case .running(let cell, _), .asking(let cell, _), .interrupting(let cell): cell
        case .starting, .idle, .ended: nil
        }
    }

    public var hasEnded: Bool { if case .ended = activity { true } else { false } }
}

/// Something that a notebook's kernel is to do.
public struct KernelWish: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case open(KernelHardware)
        /// Run cells, after those that wait.
        case run([Int])
        /// End what runs, as Ctrl-C would; nothing waits any more.
        case interrupt
        case answer(String)
        /// Begin anew, and run cells.
        case restart(KernelHardware, thenRun: [Int])
        case close
    }

    /// The notebook's path.
    public var path: String
    public var kind: Kind

    public init(_ path: String, _ kind: Kind) { (self.path, self.kind) = (path, kind) }
}
