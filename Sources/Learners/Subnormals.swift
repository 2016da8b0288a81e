import CLearnerKernels

/// Numbers too small for full precision.
enum Subnormals {
    /// Runs something with such numbers taken as 0, on this thread: a network whose units have died would otherwise train the
    /// slower the longer it trains.
    static func flushed<Result>(_ body: () -> Result) -> Result {
        let mode = dk_flush_subnormals()
        defer { dk_restore_mode(mode) }
        return body()
    }
}
