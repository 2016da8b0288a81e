import Cells
import Events

/// Which runs have a colour and a letter of their own: at most eight at a time. A run keeps its badge while it is shown, and
/// gets the same one in another session unless another run has it.
package struct RunBadges: Hashable, Sendable {
    package static let capacity = 8

    private var slots: [RunID?] = Array(repeating: nil, count: capacity)

    /// The run's slot, 0 to 7; nil when it has none.
    package func slot(of id: RunID) -> Int? { slots.firstIndex(of: id) }

    /// The run's letter; a middle dot when it has none.
    package func letter(of id: RunID) -> Character {
        guard let slot = slot(of: id) else { return "·" }
        return Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8(slot)))
    }

    /// The run's colour; muted when it has none.
    package func role(of id: RunID) -> ColorRole { slot(of: id).map { ColorRole.series($0) } ?? .muted }

    /// Gives slots to `shown` (taking them from runs that are not), then the free ones to `others`.
    mutating func assign(shown: [RunID], others: [RunID]) {
        let shown = shown.prefix(Self.capacity)
        // Eight slots are looked up one by one: a set of thousands of runs would cost more.
        for index in slots.indices {
            if let id = slots[index], !shown.contains(id), !others.contains(id) { slots[index] = nil }
        }
        for id in shown where slot(of: id) == nil {
            let order = Self.order(id)
            let free = order.first { slots[$0] == nil }
            if let slot = free ?? order.first(where: { slots[$0].map { !shown.contains($0) } ?? true }) { slots[slot] = id }
        }
        for id in others {
            guard slots.contains(nil) else { break }
            if slot(of: id) == nil, let free = Self.order(id).first(where: { slots[$0] == nil }) { slots[free] = id }
        }
    }

    /// The slots in the order in which a run would like them: from a hash (FNV-1a) that is the same in every session.
    private static func order(_ id: RunID) -> [Int] {
        var hash: UInt32 = 2_166_136_261
        for byte in id.text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let start = Int((hash >> 8) % UInt32(capacity))
        return (0..<capacity).map { (start + $0) % capacity }
    }
}
