/// The model that a suggestion is made from: the Gaussian process of a search, or its weighted sum with those of earlier ones.
///
/// - Source: for the sum, Feurer, Letham and Bakshy (2018), equation 3: means by weight, variances by its square.
struct SurrogateEnsemble {
    struct Part {
        var process: GaussianProcess
        var weight: Double
        /// Of an earlier search: what it does not know stands in the middle.
        var isShared: [Bool]?
    }

    let parts: [Part]

    init(_ process: GaussianProcess) { parts = [Part(process: process, weight: 1, isShared: nil)] }

    init(_ parts: [Part]) {
        precondition(!parts.isEmpty, "no models")
        self.parts = parts
    }

    /// How many points it knows.
    var count: Int { parts.reduce(0) { $0 + $1.process.count } }

    struct Room {
        fileprivate var rooms: [GaussianProcess.Room]
        init(_ ensemble: SurrogateEnsemble) { rooms = ensemble.parts.map { GaussianProcess.Room($0.process) } }
    }

    func mean(at point: [Double]) -> Double {
        parts.reduce(0) { $0 + $1.weight * $1.process.mean(at: Self.placed(point, $1)) }
    }

    func belief(at point: [Double]) -> GaussianProcess.Belief {
        var room = Room(self)
        return belief(at: point, in: &room)
    }

    func belief(at point: [Double], in room: inout Room) -> GaussianProcess.Belief {
        if parts.count == 1, parts[0].isShared == nil { return parts[0].process.belief(at: point, in: &room.rooms[0]) }
        var sum = GaussianProcess.Belief(mean: 0, deviation: 0)
        for (place, part) in parts.enumerated() {
            let belief = part.process.belief(at: Self.placed(point, part), in: &room.rooms[place])
            sum.mean += part.weight * belief.mean
            sum.deviation += part.weight * part.weight * belief.deviation * belief.deviation
        }
        sum.deviation = sum.deviation.squareRoot()
        return sum
    }

    func beliefWithSlopes(at point: [Double], in room: inout Room) -> GaussianProcess.Belief {
        if parts.count == 1, parts[0].isShared == nil { return parts[0].process.beliefWithSlopes(at: point, in: &room.rooms[0]) }
        let nothing = [Double](repeating: 0, count: point.count)
        var sum = GaussianProcess.Belief(mean: 0, deviation: 0, meanSlopes: nothing, deviationSlopes: nothing)
        for (place, part) in parts.enumerated() {
            let belief = part.process.beliefWithSlopes(at: Self.placed(point, part), in: &room.rooms[place])
            let square = part.weight * part.weight
            sum.mean += part.weight * belief.mean
            sum.deviation += square * belief.deviation * belief.deviation
            for index in point.indices where part.isShared?[index] ?? true {
                sum.meanSlopes[index] += part.weight * belief.meanSlopes[index]
                sum.deviationSlopes[index] += square * belief.deviation * belief.deviationSlopes[index]
            }
        }
        sum.deviation = sum.deviation.squareRoot()
        for index in point.indices where sum.deviation > 0 { sum.deviationSlopes[index] /= sum.deviation }
        return sum
    }

    private static func placed(_ point: [Double], _ part: Part) -> [Double] {
        guard let isShared = part.isShared else { return point }
        return point.indices.map { isShared[$0] ? point[$0] : 0.5 }
    }
}
