import Cells
import Events

extension RunRecord {
    /// How the run looks everywhere.
    package var look: RunLook { RunLook(number: number) }
}
