import CheckedNumbers

/// Named amounts, each as long as it is large: a line a bar.
public struct BarChart: Hashable, Sendable {
    public struct Bar: Hashable, Sendable {
        public var name: String
        /// Negative ones are as long as they are large, in another look.
        public var value: Double
        /// The amount in words, after the bar.
        public var text: String
        /// What else is to be said of it, and in which look.
        public var note: String
        public var noteRole: ColorRole
        /// False for what is no amount beside the others, such as what all others come to: it has no bar.
        public var isDrawn = true

        public init(_ name: String, _ value: Double, text: String, note: String = "", noteRole: ColorRole = .muted) {
            self.name = name
            self.value = value
            self.text = text
            self.note = note
            self.noteRole = noteRole
        }
    }

    public var bars: [Bar]
    /// What the longest bar stands for at least.
    public var most: Double

    /// - Parameter most: nil = the largest of the values.
    public init(_ bars: [Bar], most: Double? = nil) {
        self.bars = bars
        self.most = most ?? bars.lazy.map(\.value).filter(\.isFinite).map(abs).max() ?? 0
    }

    /// How many columns a bar has in a room; halves are drawn too.
    public func length(of bar: Bar, room: Int) -> Double {
        guard most > 0, bar.isDrawn, bar.value.isFinite else { return 0 }
        return min(1, abs(bar.value) / most) * Double(max(0, room))
    }

    /// The bar itself, in half columns: at least a half for what is not zero.
    public func text(of bar: Bar, room: Int) -> String {
        let halves = Int(nearestWithin: length(of: bar, room: room) * 2)
        let shown = bar.isDrawn && bar.value != 0 && bar.value.isFinite && room > 0 ? max(1, halves) : halves
        return String(repeating: "━", count: shown / 2) + (shown % 2 == 1 ? "╸" : "")
    }
}
