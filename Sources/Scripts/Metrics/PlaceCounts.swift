/// The epochs, iterations and rounds that tools count: where one begins to count anew, as in another fit, they go on.
final class PlaceCounts {
    private struct Count {
        var first: Int
        var last: Int
        var offset = 0
    }

    private var counts: [String: Count] = [:]
    private var said: Set<String> = []
    private var notes: [String] = []

    /// What was decided since the last call.
    func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    /// A place, counted over all that was before.
    /// - Parameters:
    ///   - what: what is counted, in a word.
    ///   - isAgain: whether what was counted is over, so that the same number means another one.
    func count(_ number: Int, of what: String, isAgain: Bool = false) -> Int {
        var count = counts[what] ?? Count(first: number, last: number - 1)
        if isAgain ? number <= count.last : number <= count.first && number < count.last {
            count.offset = count.offset &+ (count.last &- number &+ 1)
            if said.insert(what).inserted {
                notes.append("\(what) begin anew in its output, as in another fit: they go on counting")
            }
        }
        count.first = min(count.first, number)
        count.last = number
        counts[what] = count
        return number &+ count.offset
    }
}
