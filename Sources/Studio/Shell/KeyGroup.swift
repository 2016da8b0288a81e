/// Rows of the key table that one part of the studio brings, and how that part carries them out.
struct KeyGroup: Sendable {
    let bindings: [KeyBinding]

    /// - Parameter perform: does the row's action; called only when it can be done.
    init(_ bindings: [KeyBinding], perform: @escaping @Sendable (inout AppState, StudioAction) -> [Effect]) {
        self.bindings = bindings.map { binding in
            var binding = binding
            let action = binding.action
            binding.perform = { perform(&$0, action) }
            return binding
        }
    }
}
