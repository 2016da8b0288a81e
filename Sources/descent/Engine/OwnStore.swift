import Databases
import Experiments

/// A lane's connection to the workspace, opened when it is first needed.
// SAFETY: the lane that has it is the only one to touch it.
final class OwnStore: @unchecked Sendable {
    private let workspace: Workspace
    private var store: RunStore?

    init(_ workspace: Workspace) { self.workspace = workspace }

    func get() throws(StoreError) -> RunStore {
        if let store { return store }
        let opened = try RunStore(workspace)
        store = opened
        return opened
    }
}
