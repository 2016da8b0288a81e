import Events
import Experiments
import Glibc
import RunSearching
import Tables
import Training

/// `descent completion`: what a shell needs to complete command lines. The scripts only ask; the answers come from the command
/// table, the workspace and the data.
enum CompletionCommand {
    /// - Parameter commands: every command there is, this one among them.
    static func specification(_ commands: @escaping @Sendable () -> [CommandSpecification]) -> CommandSpecification {
        CommandSpecification(
            words: ["completion"], summary: "completion of commands, options, runs, columns and settings, for a shell",
            details: """
                Add `eval "$(descent completion bash)"` to ~/.bashrc, `eval "$(descent completion zsh)"` to ~/.zshrc after compinit, \
                or write `descent completion fish` to ~/.config/fish/completions/descent.fish.
                """,
            positionals: [
                .init(name: "SHELL", help: "bash, zsh or fish; `words` answers for a line, as the scripts ask it"),
                .init(
                    name: "WORD", help: "after `words --`: the line's words, the last one being typed", isOptional: true,
                    isRepeatable: true),
            ],
            examples: ["eval \"$(descent completion bash)\"", "descent completion words -- runs sh"],
            run: { try run($0, commands()) })
    }

    private static func run(
        _ arguments: ParsedArguments, _ commands: [CommandSpecification]
    ) throws -> CommandError.ExitCode {
        switch arguments.positionals[0] {
        case "bash": Console.printRaw(bash)
        case "zsh": Console.printRaw(zsh)
        case "fish": Console.printRaw(fish)
        case "words":
            let completion = Completion(commands: commands) { place, line in
                CompletionValues(line: line, environment: arguments.environment).values(at: place)
            }
            for word in completion.candidates(Array(arguments.positionals.dropFirst())) { Console.print(word) }
        case let other: throw CommandError.usage("no completion for '\(other)': give bash, zsh or fish")
        }
        return .done
    }

    /// Bash breaks words at `:` and `=`, which names here contain; what stands before the break is cut off again.
    private static let bash = """
        _descent() {
            local line=${COMP_LINE:0:COMP_POINT} words whole head i
            read -ra words <<< "$line"
            [[ $line == *[[:space:]] ]] && words+=("")
            mapfile -t COMPREPLY < <("${words[0]}" completion words -- "${words[@]:1}" 2>/dev/null)
            whole=${words[${#words[@]}-1]}
            head=${whole%"${whole##*[:=]}"}
            for i in "${!COMPREPLY[@]}"; do
                COMPREPLY[i]=$(printf %q "${COMPREPLY[i]#"$head"}")
            done
            [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
        }
        complete -o default -F _descent descent

        """

    private static let zsh = """
        _descent() {
            local -a found
            found=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            found=(${found:#})
            if (( ! $#found )); then _files; return; fi
            compadd -S '' -- ${(M)found:#*=}
            compadd -- ${found:#*=}
        }
        compdef _descent descent

        """

    private static let fish = """
        function __descent_words
            set -l words (commandline -opc) (commandline -ct)
            set -l found ($words[1] completion words -- $words[2..-1] 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c descent -f -a '(__descent_words)'

        """
}

/// The values that options and arguments of a line may have. What cannot be read has none: completion never complains.
private struct CompletionValues {
    let line: ParsedArguments
    let environment: [String: String]
    /// Data files larger than this are not read for the names of their columns, in bytes.
    private static let largestFile = 64 << 20

    func values(at place: Completion.Place) -> [String]? {
        switch place {
        case .option("--algorithm", _): Algorithms.all.map(\.name)
        case .option("--set", _): settings(of: algorithms)
        case .option("--objective", _): metrics
        case .option("--target", _), .option("--weight", _), .option("--drop", _), .option("--keep", _),
            .option("--stratify", _):
            columns
        case .option("--text", _):
            columns.flatMap { column in TextMethod.allCases.map { "\(column)=\($0.rawValue)" } }
        case .option("--columns", _), .option("--sort", _): RunNames.fields(of: runs).map(\.word)
        case .option("--experiment", _): Array(Set(runs.map(\.record.experiment))).sorted()
        case .option("--metric", "M"): Array(Set(runs.flatMap { $0.lastMetrics.keys.map { String($0.family) } })).sorted()
        case .option("--theme", _): ThemeLibrary(environment: environment).names
        case .positional("SHELL"): ["bash", "zsh", "fish"]
        case .positional("RUN"): runs.map(\.record.name) + ["@latest", "@best"]
        case .positional("NAME=VALUE"): steerable
        default: nil
        }
    }

    /// The runs of the workspace; nothing is made where there is none.
    private var runs: [RunSummary] {
        let path =
            line.value("--workspace") ?? Workspace.defaultPath(currentFolder: Engine.absolute("."), environment: environment)
        guard Engine.exists(path + "/descent.sqlite") else { return [] }
        do { return try RunStore(reading: Workspace(existing: path)).runs() } catch { return [] }
    }

    private var algorithms: [AlgorithmDescription] {
        let named = Algorithms.all.filter { $0.name == line.value("--algorithm") }
        return named.isEmpty ? Algorithms.all.filter { $0.name == "linear-learner" } : named
    }

    /// `name=`, and `name=value` for each of those with few values.
    private func settings(of algorithms: [AlgorithmDescription]) -> [String] {
        algorithms.flatMap(\.hyperparameters).flatMap { setting in
            ["\(setting.name)="] + setting.choices.map { "\(setting.name)=\($0)" }
        }
    }

    private var metrics: [String] {
        algorithms.flatMap(\.metrics).flatMap { ["validation:\($0)", "train:\($0)"] }
    }

    private var steerable: [String] {
        let run = runs.first { $0.record.name == line.positionals.first || $0.record.id.text == line.positionals.first }
        return Algorithms.all.first { $0.name == run?.record.algorithm }?.steerable.map { "\($0)=" } ?? []
    }

    private var columns: [String] {
        guard let path = line.positionals.first, let size = DataFileStamp(at: path)?.byteCount, size <= Self.largestFile else {
            return []
        }
        do { return try Table(contentsOf: path).columns.map(\.name) } catch { return [] }
    }
}
