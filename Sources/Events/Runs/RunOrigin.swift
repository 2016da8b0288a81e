/// Where a run comes from, and so who may change what it did.
public enum RunOrigin: String, Hashable, Sendable, CaseIterable {
    /// Trained in this workspace: it can be stopped, steered, resumed, forked and done again.
    case trained
    /// Read from a log that another program writes, or Descent somewhere else. What the user says about it (name, tags, note, bin)
    /// is his to change; what it did is not.
    case watched
}
