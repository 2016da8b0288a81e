import Numerics

/// Whether rows of a facet are told otherwise than their nearest neighbours outside of it.
public enum FlipTest {
    /// Neighbours asked, fewer where there are few rows, and how few those are.
    private static let neighbourCount = 5, fewRows = 9
    /// Rows of the facet that are looked at, and others among which their neighbours are: every so manieth of more.
    public static let mostRows = 20_000

    /// For each row of the facet 1 where it is denied and most of its neighbours are granted, -1 the other way, else 0; 0 for others.
    ///
    /// - Shape: features [rows, numbers], finite; facet, predicted [rows].
    /// - Complexity: rows of the facet × others × numbers, neither more than `mostRows`.
    /// - Source: Black, Yeom and Fredrikson, "FlipTest" (2020), with neighbours as SageMaker Clarify takes them.
    public static func flips(_ features: Matrix, facet: [Bool], predicted: [Bool]) -> [Int] {
        var flips = [Int](repeating: 0, count: facet.count)
        let others = thinned(facet.indices.filter { !facet[$0] }), own = facet.indices.filter { facet[$0] }
        guard !others.isEmpty, features.columnCount > 0 else { return flips }
        let count = others.count <= fewRows ? 1 : neighbourCount, width = features.columnCount
        var nearest = [(distance: Float, row: Int)](repeating: (.infinity, -1), count: count)
        features.elements.withUnsafeBufferPointer { elements in
            for row in own {
                for place in 0..<count { nearest[place] = (.infinity, -1) }
                for other in others {
                    var distance: Float = 0
                    for column in 0..<width {
                        let gap = elements[row * width + column] - elements[other * width + column]
                        distance += gap * gap
                    }
                    guard distance < nearest[count - 1].distance else { continue }
                    var place = count - 1
                    while place > 0, nearest[place - 1].distance > distance {
                        nearest[place] = nearest[place - 1]
                        place -= 1
                    }
                    nearest[place] = (distance, other)
                }
                let granted = nearest.count { $0.row >= 0 && predicted[$0.row] }
                let isGranted = 2 * granted > count
                if isGranted != predicted[row] { flips[row] = isGranted ? 1 : -1 }
            }
        }
        return flips
    }

    private static func thinned(_ rows: [Int]) -> [Int] {
        guard rows.count > mostRows else { return rows }
        return (0..<mostRows).map { rows[$0 * rows.count / mostRows] }
    }
}
