import Cells

/// A line of the log.
package struct LogLine: Hashable, Sendable {
    package var time: Double
    package var text: String
    package var role: ColorRole
}
