/// What a script said and was not taken as it was said, counted, so that it is told once.
struct PassedOver {
    private var counts: [(noun: String, fate: String, first: String, count: Int)] = []

    /// - Parameters:
    ///   - noun: what it is, such as `message`.
    ///   - fate: what became of it, such as `passed over`.
    ///   - example: the one that came first is told.
    mutating func add(_ noun: String, _ fate: String, _ example: @autoclosure () -> String) {
        if let index = counts.firstIndex(where: { $0.noun == noun && $0.fate == fate }) {
            counts[index].count += 1
        } else {
            counts.append((noun, fate, example(), 1))
        }
    }

    /// nil = everything was taken.
    var sentence: String? {
        guard !counts.isEmpty else { return nil }
        return counts.map { "\($0.count) \($0.noun)\($0.count == 1 ? "" : "s") \($0.fate), first: \($0.first)" }.joined(
            separator: "; ")
    }
}
