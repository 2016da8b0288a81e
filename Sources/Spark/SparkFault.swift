/// Why the engine cannot be installed or cannot do what is asked of it, in words for the user.
package struct SparkFault: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// What was asked for makes no sense.
        case usage
        /// The data are at fault.
        case data
        /// The engine, its cluster or this machine.
        case failed
        /// The job is to stop.
        case stopped
    }

    package var code: Code
    /// What happened: what to do.
    package var message: String

    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    package var description: String { message }
}
