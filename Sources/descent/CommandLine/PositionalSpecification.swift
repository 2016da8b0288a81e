/// One argument by position.
struct PositionalSpecification: Sendable {
    var name: String
    var help: String
    var isOptional = false
    var isRepeatable = false
}
