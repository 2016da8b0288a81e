/// The second cue, beside colour, by which curves are told apart. A column where the curve jumps is always drawn, so that no
/// spike hides in a gap.
public enum Dash: String, CaseIterable, Hashable, Sendable {
    case solid, dashed, dotted
}
