import Cells
import Events

extension JobStatus {
    /// Whether a job holds the run: it runs, waits, or is about to stop.
    package var isActive: Bool { !isFinal }

    /// A glyph for the status; the word stands beside it where there is room.
    package var glyph: Unicode.Scalar {
        switch self {
        case .pending: "○"
        case .inProgress: "▶"
        case .paused: "‖"
        case .stopping: "◂"
        case .stopped: "■"
        case .completed: "✔"
        case .failed: "✖"
        }
    }

    package var role: ColorRole {
        switch self {
        case .inProgress: .info
        case .completed: .good
        case .failed: .bad
        case .paused, .stopping: .warning
        case .pending, .stopped: .muted
        }
    }
}
