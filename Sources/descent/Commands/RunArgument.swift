/// How a command says which run it is about.
enum RunArgument {
    static let positional = PositionalSpecification(
        name: "RUN", help: "a run's name, its id, a unique prefix of either, @latest, @best or @best:TARGET")
}
