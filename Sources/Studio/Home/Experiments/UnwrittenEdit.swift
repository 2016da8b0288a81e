import Events

/// What was said about a run before a change that is shown already and still to be written.
struct UnwrittenEdit: Sendable {
    var edit: RunEdit
    var isDeleted: Bool
}
