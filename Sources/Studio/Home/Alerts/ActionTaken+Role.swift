import Cells
import Events

extension ActionTaken {
    var role: ColorRole {
        switch outcome {
        case .done: .good
        case .held: .muted
        case .retrying: .warning
        case .failed: .bad
        }
    }
}
