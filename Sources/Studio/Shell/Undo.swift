/// How to take back what the user did last.
struct Undo: Sendable {
    let perform: @Sendable (inout AppState) -> [Effect]
}
