import Experiments

/// `descent` and `descent demo`: the studio itself.
enum StudioCommands {
    static let studio = CommandSpecification(
        words: [], summary: "open the studio",
        positionals: [.init(name: "FILE", help: "data files to open", isOptional: true, isRepeatable: true)],
        run: { arguments in
            for path in arguments.positionals { try DataFile.check(path) }
            return try MainActor.assumeIsolated { try StudioSession.run(arguments, files: arguments.positionals, demo: nil) }
        })

    static let demo = CommandSpecification(
        words: ["demo"], summary: "open the studio on sample data, with runs being trained in front of you",
        details: """
            Opens the sample data in a workspace of its own and starts several runs, two of which do not converge; Alerts says \
            why. The runs are real and only slowed down so that you can watch. The workspace is thrown away at the end unless \
            --workspace names one.
            """,
        options: [
            .init(name: "--pace", value: "N", help: "at most N steps a second for each run (default: 60; 0 = as fast as it goes)")
        ],
        run: { arguments in
            let pace = try arguments.number("--pace", in: 0...1e9) ?? 60
            let demo = try Demo(arguments: arguments, stepsPerSecond: pace > 0 ? pace : nil)
            defer { demo.removeTemporaryWorkspace() }
            return try MainActor.assumeIsolated { try StudioSession.run(demo.arguments, files: demo.files, demo: demo) }
        })
}
