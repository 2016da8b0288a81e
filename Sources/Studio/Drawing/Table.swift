import Cells

/// One column of a table: its title, how wide it wants to be, and how soon it gives way.
package struct TableColumn {
    package var title: String
    package var width: Int
    package var isRight = false
    /// Columns are given room in this order, smallest first.
    package var priority: Int
    /// Takes what is left over, and shrinks down to `least` before others are dropped.
    package var isFlexible = false
    package var least = 6
    /// The most a flexible column grows to.
    package var most = 40
    /// Only shown when the flexible columns before it have all the room they want.
    package var isExtra = false

    package init(
        title: String, width: Int, isRight: Bool = false, priority: Int, isFlexible: Bool = false, least: Int = 6,
        most: Int = 40
    ) {
        self.title = title
        self.width = width
        self.isRight = isRight
        self.priority = priority
        self.isFlexible = isFlexible
        self.least = least
        self.most = most
    }

    /// What a flexible column would like to have beyond its least.
    var wish: Int { isFlexible ? max(0, min(width, most) - least) : 0 }
}

/// Where the columns of a table stand in a width: those that fit, in order.
package struct TableLayout {
    /// A column that is shown.
    package struct Place {
        package var index: Int
        package var x: Int
        package var width: Int
    }

    package private(set) var places: [Place] = []
    /// Columns that stay while the others are scrolled; 0 when none are.
    package private(set) var pinned = 0
    static let gap = 2

    package init(_ columns: [TableColumn], width: Int) {
        var chosen: [Int: Int] = [:]
        var used = 0
        var wishes = 0
        for index in columns.indices.sorted(by: { columns[$0].priority < columns[$1].priority }) {
            let column = columns[index]
            let wanted = column.isFlexible ? min(column.width, column.least) : column.width
            let gap = chosen.isEmpty ? 0 : Self.gap(columns, index)
            let reserved = column.isExtra ? wishes : 0
            guard used + gap + wanted + reserved <= width || chosen.isEmpty else { continue }
            chosen[index] = min(wanted, width)
            wishes += column.wish
            used += gap + wanted
        }
        var spare = width - used
        for index in columns.indices.sorted(by: { columns[$0].priority < columns[$1].priority }) {
            guard let given = chosen[index], columns[index].isFlexible else { continue }
            let more = max(0, min(spare, min(columns[index].width, columns[index].most) - given))
            chosen[index] = given + more
            spare -= more
        }
        var x = 0
        for index in columns.indices {
            guard let given = chosen[index] else { continue }
            if !places.isEmpty { x += Self.gap(columns, index) }
            places.append(Place(index: index, x: x, width: given))
            x += given
        }
    }

    /// All columns at the width they want, some scrolled out on the left, as many as fit; the last may be cut.
    package init(_ columns: [TableColumn], width: Int, pinned: Int, skipping: Int) {
        self.pinned = pinned
        var x = 0
        for index in columns.indices where index < pinned || index >= pinned + skipping {
            let start = places.isEmpty ? 0 : x + Self.gap(columns, index)
            let wanted =
                index < pinned && columns[index].isFlexible
                ? min(columns[index].width, columns[index].most, max(10, width / 3)) : columns[index].width
            // A piece of a number would read as another number.
            let isCuttable = !columns[index].isRight && width - start >= 6
            guard start + wanted <= width || isCuttable || places.isEmpty else { break }
            places.append(Place(index: index, x: start, width: min(wanted, max(0, width - start))))
            x = start + wanted
        }
    }

    /// The same with more columns behind the last of its own, as many as fit in this order of theirs; none while some of its own do
    /// not fit.
    func growing(_ own: [TableColumn], by more: [TableColumn], width: Int) -> TableLayout {
        guard let last = places.last, last.index == own.count - 1, last.width >= own[last.index].width else { return self }
        var room = width - last.x - last.width
        var chosen: Set<Int> = []
        for index in more.indices.sorted(by: { more[$0].priority < more[$1].priority }) {
            guard Self.gap + more[index].width <= room else { continue }
            chosen.insert(index)
            room -= Self.gap + more[index].width
        }
        var grown = self, x = last.x + last.width
        for index in more.indices where chosen.contains(index) {
            grown.places.append(Place(index: own.count + index, x: x + Self.gap, width: more[index].width))
            x += Self.gap + more[index].width
        }
        return grown
    }

    /// Narrow columns such as badges stand close together.
    private static func gap(_ columns: [TableColumn], _ index: Int) -> Int {
        index > 0 && columns[index - 1].width <= 1 ? 1 : gap
    }
}

/// How the numbers of a column are written so that their decimals line up.
package struct NumberColumn {
    package let decimals: Int
    package let width: Int
    /// Whether the numbers are of sizes so different that no number of decimals suits them all.
    private let isMixed: Bool

    /// Decimals that give a typical value four significant digits.
    package init(_ values: [Double], least: Int = 4) {
        let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs).sorted()
        let typical = sizes.isEmpty ? 1 : sizes[sizes.count / 2]
        var decimals = 3
        var bound = 1.0
        while typical < bound, decimals < 7 {
            decimals += 1
            bound /= 10
        }
        bound = 10
        while typical >= bound, decimals > 0 {
            decimals -= 1
            bound *= 10
        }
        self.decimals = decimals
        isMixed = (sizes.last ?? 1) >= 1e6 && (sizes.first ?? 1) < 1e3
        var width = least
        for value in values { width = max(width, min(10, Self.text(value, decimals: decimals, isMixed: isMixed).count)) }
        self.width = width
    }

    /// Millions are written as such.
    private static func text(_ value: Double, decimals: Int, isMixed: Bool) -> String {
        if abs(value) >= 1e6 { return NumberFormat.compact(value, digits: 4) }
        return isMixed ? NumberFormat.significant(value, digits: 4) : NumberFormat.fixed(value, decimals: decimals)
    }

    package func text(_ value: Double) -> String {
        let text = Self.text(value, decimals: decimals, isMixed: isMixed)
        // Beside losses of millions a loss of 0.4 is not 0.
        let isLost = value != 0 && text.allSatisfy { !$0.isNumber || $0 == "0" }
        return text.count <= width && !isLost ? text : NumberFormat.fitted(value, width: width)
    }
}
