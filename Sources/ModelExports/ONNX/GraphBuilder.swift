/// Puts a graph together: every call adds a step and gives the name of what it makes.
struct GraphBuilder {
    private(set) var graph = ONNXGraph()
    private var count = 0
    /// Constants by what they hold, so that each is written once.
    private var known: [ONNXTensor: String] = [:]
    /// What names of steps begin with: no input's or output's does.
    private let prefix: String

    /// - Parameter taken: names that inputs and outputs have.
    init(taken: [String]) {
        var prefix = "v"
        while taken.contains(where: { $0.hasPrefix(prefix) }) { prefix += "_" }
        self.prefix = prefix
    }

    // MARK: - Steps

    /// A step with one result.
    mutating func add(
        _ operation: String, _ inputs: String..., attributes: [ONNXGraph.Attribute] = [], domain: ONNXGraph.Domain = .standard
    ) -> String { add(operation, inputs, attributes: attributes, domain: domain, outputs: 1)[0] }

    /// A step with several results.
    mutating func add(
        _ operation: String, _ inputs: [String], attributes: [ONNXGraph.Attribute] = [], domain: ONNXGraph.Domain = .standard,
        outputs: Int = 1
    ) -> [String] {
        let names = (0..<outputs).map { _ in newName() }
        graph.nodes.append(
            ONNXGraph.Node(
                operation: operation, inputs: inputs, outputs: names, attributes: attributes,
                domain: domain))
        return names
    }

    private mutating func newName() -> String {
        count += 1
        return "\(prefix)\(count)"
    }

    /// Says of what type a result is that no standard operator makes.
    mutating func state(_ value: String, _ type: ONNXType) { graph.stated.append((value, type)) }

    mutating func input(_ port: ONNXGraph.Port) { graph.inputs.append(port) }

    /// Gives a result its name outside.
    mutating func output(_ value: String, _ port: ONNXGraph.Port) {
        graph.nodes.append(
            ONNXGraph.Node(operation: "Identity", inputs: [value], outputs: [port.name], attributes: [], domain: .standard))
        graph.outputs.append(port)
    }

    mutating func describe(_ note: String, _ metadata: [(name: String, value: String)]) {
        (graph.note, graph.metadata) = (note, metadata)
    }

    // MARK: - Constants

    mutating func constant(_ content: ONNXTensor.Content, _ dimensions: [Int] = []) -> String {
        let tensor = ONNXTensor(name: "", dimensions: dimensions, content: content)
        if let name = known[tensor] { return name }
        let name = newName()
        known[tensor] = name
        graph.constants.append(ONNXTensor(name: name, dimensions: dimensions, content: content))
        return name
    }

    /// A row of numbers that is the same for all rows. - Shape: [1, count].
    mutating func row(_ values: [Float]) -> String { constant(.floats(values), [1, values.count]) }

    mutating func row(_ values: [Double]) -> String { constant(.doubles(values), [1, values.count]) }

    // MARK: - What is needed again and again

    mutating func cast(_ value: String, to type: ONNXType) -> String {
        add("Cast", value, attributes: [.init("to", .integer(type.rawValue))])
    }

    /// Side by side. - Shape: of each [n, …], returns [n, all of them].
    mutating func concatenated(_ values: [String]) -> String {
        values.count == 1 ? values[0] : add("Concat", values, attributes: [.init("axis", .integer(1))])[0]
    }

    /// Some columns, by their places. - Shape: value [n, d], returns [n, places.count].
    mutating func columns(_ value: String, _ places: [Int]) -> String {
        add("Gather", value, constant(.integers(places), [places.count]), attributes: [.init("axis", .integer(1))])
    }

    /// - Parameter shape: 0 = as it is, -1 = what is left.
    mutating func reshaped(_ value: String, _ shape: [Int]) -> String {
        add("Reshape", value, constant(.integers(shape), [shape.count]))
    }

    /// (value - means) * factors; parts that change nothing are left out. - Shape: value [n, d], means and factors [d].
    mutating func scaled(_ value: String, less means: [Float], times factors: [Float]) -> String {
        var result = value
        if means.contains(where: { $0 != 0 }) { result = add("Sub", result, row(means)) }
        if factors.contains(where: { $0 != 1 }) { result = add("Mul", result, row(factors)) }
        return result
    }
}
