/// `descent manual`: the manual page, for packages and whoever likes to read.
enum ManualCommand {
    /// - Parameter commands: every command there is, this one among them.
    static func specification(_ commands: @escaping @Sendable () -> [CommandSpecification]) -> CommandSpecification {
        CommandSpecification(
            words: ["manual"], summary: "print the manual page of all commands, in roff",
            examples: ["descent manual | man -l -"],
            run: { _ in
                Console.printRaw(ManualPage(commands: commands(), version: Engine.version).text)
                return .done
            })
    }
}
