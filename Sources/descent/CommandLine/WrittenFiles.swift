import Files
import OutputFiles
import PrintableText

/// What a command writes: no data set, notebook or export of runs is written over that nobody said may go.
enum WrittenFiles {
    /// Looks at the files that a command is to write, before it does anything.
    static func check(_ command: CommandSpecification, _ arguments: ParsedArguments) throws(CommandError) {
        let read = Set(arguments.positionals.compactMap { FileStamp($0)?.inode })
        for option in command.options where option.isOutput || option.name == "--out" {
            for path in arguments.values(option.name) {
                if let own = FileStamp(path), own.isRegular, read.contains(own.inode) {
                    if option.mayBeInput { continue }
                    throw .data("\(path.printable) is read here: give another name for what is written")
                }
                if option.isOutput { try check(path, arguments) }
            }
        }
    }

    /// - Throws: where a file with content is there and --force was not given. Folders, devices and standard output are no such files.
    static func check(_ path: String, _ arguments: ParsedArguments) throws(CommandError) {
        guard path != OutputFile.standardOutput, !arguments.flag(OptionSpecification.force.name),
            let known = FileStamp(path), known.isRegular, known.size > 0
        else { return }
        throw .data("\(path.printable) is there already: give another name, or --force to write over it")
    }

    /// The same for the studio, where another name is typed.
    static func checkIsFree(_ path: String) throws(CommandError) {
        guard FileStamp(path)?.isRegular == true else { return }
        throw .data("\(path.printable) is there already: give another name")
    }
}
