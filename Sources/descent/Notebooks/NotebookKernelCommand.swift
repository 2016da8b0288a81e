import CheckedNumbers
import Glibc
import Kernels
import Studio

/// `descent notebook kernel`: a kernel for a studio elsewhere.
enum NotebookKernelCommand {
    static let specification = CommandSpecification(
        words: ["notebook", "kernel"],
        summary: "start a Jupyter kernel and speak with it by lines of JSON, as the studio on another machine does",
        details: """
            The studio that is attached to this machine starts it over ssh when a notebook is moved here. It ends with its standard input.
            """,
        options: [
            .init(name: "--kernel", value: "NAME", help: "the kernel (default: Python's)"),
            .init(name: "--python", value: "PROGRAM", help: "the interpreter that has jupyter_client (default: the active one)"),
            .init(name: "--folder", value: "PATH", help: "where it works (default: here)"),
            .init(name: "--threads", value: "N", help: "threads that its libraries use"),
            .init(name: "--no-gpu", value: nil, help: "without the GPUs that are there"),
            .init(name: "--spark", value: nil, help: "with the installed Spark in reach of its code"),
        ],
        examples: ["descent notebook kernel --threads 8"],
        run: { arguments in
            var hardware = KernelHardware(usesGPU: !arguments.flag("--no-gpu"), usesSpark: arguments.flag("--spark"))
            hardware.threads = try arguments.number("--threads", in: 1...4096).map { Int(nearestWithin: $0) }
            let kernel = NotebookKernel(
                notebook: "", workspace: WorkspaceChoice.path(arguments), python: arguments.value("--python"),
                kernel: arguments.value("--kernel"))
            let start = try kernel.start(in: Engine.absolute(arguments.value("--folder") ?? "."), hardware)
            return try become(start)
        })

    /// Becomes the process that speaks with the kernel, with this one's input and output.
    private static func become(_ start: KernelSession.Start) throws -> CommandError.ExitCode {
        signal(SIGPIPE, SIG_DFL)
        var words: [UnsafeMutablePointer<CChar>?] = start.words.map { strdup($0) } + [nil]
        for (name, value) in start.environment { setenv(name, value, 1) }
        execvp(start.words[0], &words)
        let why = String(cString: strerror(errno))
        throw CommandError.failed("\(start.words[0]) cannot be started (\(why)): name another one with --python")
    }
}
