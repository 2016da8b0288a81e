import JSON

/// A checkpoint that is safely on disk.
public struct CheckpointSaved: Sendable, Hashable {
    public var step: Int
    public var epoch: Double
    /// Whether it holds the best model so far by the objective.
    public var isBest: Bool
    /// Relative to the workspace.
    public var path: String

    public init(step: Int, epoch: Double, isBest: Bool, path: String) {
        self.step = step
        self.epoch = epoch
        self.isBest = isBest
        self.path = path
    }
}

extension CheckpointSaved {
    var json: JSONValue {
        .object(["step": .integer(step), "epoch": .epoch(epoch), "best": .boolean(isBest), "path": .string(path)])
    }

    init?(json: JSONValue) {
        guard let step = json["step"]?.integer, let epoch = json["epoch"]?.double, let isBest = json["best"]?.boolean,
            let path = json["path"]?.string
        else { return nil }
        self.init(step: step, epoch: epoch, isBest: isBest, path: path)
    }
}
