import Cells

/// What a key, sequence or reply comes to.
enum SequenceOutcome {
    case event(InputEvent)
    case pasteBegins
    case nothing
}
