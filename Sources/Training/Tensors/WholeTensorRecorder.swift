import Events
import Files

/// Saves tensors whole that were asked for when the run was started, or are while it trains.
struct WholeTensorRecorder {
    private let files: WholeTensors
    private let wanted: [WholeTensorWish]
    /// Bytes that whole tensors may take: half of what the run's may.
    private let limit: Int
    private var used: Int
    private var hasBegun = false, hasWarned = false

    private static let usualLimit = 50

    init(_ request: JobRequest, folder: String) {
        files = WholeTensors(artifactFolder: folder)
        wanted = request.debugSaveWhole.map(WholeTensorWish.list) ?? []
        limit = (request.debugLimit ?? Self.usualLimit).multipliedReportingOverflow(by: 500_000).partialValue
        used = files.byteCount
    }

    /// Whether a step is to be captured for the sake of whole tensors.
    /// - Parameter step: how many steps there will be when it is done.
    func wants(step: Int, isLast: Bool) -> Bool {
        wanted.contains { wish in wish.every.map { (step - 1) % $0 == 0 } ?? isLast }
    }

    /// Says which tensors of a step are kept whole, what was wished for meanwhile among them; nil = none.
    mutating func choice(step: Int, isLast: Bool) -> ((String) -> Bool)? {
        let isFirst = !hasBegun
        hasBegun = true
        let wishes =
            wanted.filter { wish in wish.every.map { (step - 1) % $0 == 0 } ?? (isFirst || isLast) }
            + files.takeWishes().map { WholeTensorWish(pattern: $0) }
        return wishes.isEmpty ? nil : { name in wishes.contains { $0.matches(name) } }
    }

    /// - Returns: what went wrong, the first time.
    mutating func save(_ tensors: [(name: String, file: NumpyFile)], at step: Int) -> DataWarning? {
        var fault: String?
        for (name, file) in tensors {
            let size = 4 * file.values.count
            guard used + size <= limit else {
                fault =
                    "\(name) is not saved whole: whole tensors of this run may take \(limit / 1_000_000) MB, half of --debug-limit"
                continue
            }
            do throws(FileError) {
                try files.save(file, as: name, at: step)
                used += size
            } catch {
                fault = "\(name) is not saved whole: \(error.message)"
            }
        }
        guard let fault, !hasWarned else { return nil }
        hasWarned = true
        return DataWarning(code: "tensorNotSaved", column: nil, message: fault)
    }
}
