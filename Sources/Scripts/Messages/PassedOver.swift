/// What a script said and was not taken as it was said, counted, so that it is told once.
struct PassedOver {
    private var counts: [(what: String, first: String, count: Int)] = []

    /// - Parameters:
    ///   - what: what they are, in the plural and with what became of them: `messages passed over`.
    ///   - example: the one that came first is told.
    mutating func add(_ what: String, _ example: @autoclosure () -> String) {
        if let index = counts.firstIndex(where: { $0.what == what }) {
            counts[index].count += 1
        } else {
            counts.append((what, example(), 1))
        }
    }

    /// nil = everything was taken.
    var sentence: String? {
        counts.isEmpty ? nil : counts.map { "\($0.count) \($0.what), first: \($0.first)" }.joined(separator: "; ")
    }
}
