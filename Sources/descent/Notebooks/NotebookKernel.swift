import Kernels
import Notebooks
import Remotes
import Scripts
import Studio

/// How a notebook's kernel is started: by the user's own Python, in the notebook's folder, for the workspace.
struct NotebookKernel: Sendable {
    /// The notebook's path.
    let notebook: String
    let workspace: String
    /// The interpreter that has `jupyter_client`; nil = the user's own.
    var python: String?
    /// Another kernel than the notebook names.
    var kernel: String?

    init(notebook: String, workspace: String, python: String? = nil, kernel: String? = nil) {
        (self.notebook, self.workspace, self.python, self.kernel) = (notebook, workspace, python, kernel)
    }

    /// - Throws: `NotebookFault` where there is no interpreter.
    func session(of document: Notebook, _ hardware: KernelHardware = KernelHardware()) throws -> KernelSession {
        let whole = Engine.absolute(notebook), folder = whole.lastIndex(of: "/").map { String(whole[..<$0]) } ?? ""
        var named = self
        named.kernel = kernel ?? document.kernelName
        return try KernelSession(try named.start(in: folder.isEmpty ? "/" : folder, hardware))
    }

    /// - Parameter folder: where it works.
    func start(in folder: String, _ hardware: KernelHardware) throws -> KernelSession.Start {
        var environment = ProcessEnvironment.variables
        // A notebook that does not import it needs none.
        let package = ResourceFolder.find("python", containing: "descent/__init__.py", environment)
        environment["DESCENT_WORKSPACE"] = Engine.absolute(workspace)
        environment["DESCENT_BINARY"] = environment["DESCENT_BINARY"] ?? Engine.absolute("/proc/self/exe")
        // What it trains is linked to it.
        if !notebook.isEmpty { environment["DESCENT_NOTEBOOK"] = Engine.absolute(notebook) }
        if let threads = hardware.threads {
            for name in ["OMP", "OPENBLAS", "MKL", "NUMEXPR"] { environment[name + "_NUM_THREADS"] = String(threads) }
            environment["POLARS_MAX_THREADS"] = String(threads)
        }
        if !hardware.usesGPU { environment["CUDA_VISIBLE_DEVICES"] = "" }
        if hardware.usesSpark { environment = try KernelEngine.variables(environment) }
        return KernelSession.Start(
            python: python ?? ScriptProgram.python(environment) ?? "python3", packageFolder: package.map(Engine.absolute),
            kernel: kernel, folder: folder, environment: environment)
    }

    /// On another machine, by the descent that is there: it works in the user's folder, and what it trains goes to the place's workspace.
    func session(of document: Notebook, _ hardware: KernelHardware, at place: AttachedPlace) throws -> KernelSession {
        var words = ["notebook", "kernel"]
        if let name = kernel ?? document.kernelName { words += ["--kernel", name] }
        if let threads = hardware.threads { words += ["--threads", String(threads)] }
        if !hardware.usesGPU { words.append("--no-gpu") }
        if hardware.usesSpark { words.append("--spark") }
        guard let command = place.command(running: words) else {
            throw CommandError.failed(
                "\(place.name) is reached by a command of its own: kernels start over ssh:// and in folders")
        }
        return try KernelSession(
            KernelSession.Start(
                command, environment: ProcessEnvironment.variables,
                advice: "there must be descent and a Python with jupyter_client on \(place.name)"))
    }
}

/// A place that the studio is attached to, as its kernels are reached.
struct AttachedPlace: Sendable {
    var name: String
    var address: PlaceAddress
    /// The program there.
    var descent: String

    /// - Returns: nil for a place that only speaks as `descent attach --stdio` does.
    func command(running words: [String]) -> [String]? {
        address.command(running: words, descent: descent, own: Engine.absolute("/proc/self/exe"), asks: false)
    }
}

/// Where what a notebook gave is written.
enum NotebookPath {
    /// Beside the notebook, with `-run` before its ending.
    static func ofRun(_ path: String) -> String {
        (path.hasSuffix(".ipynb") ? String(path.dropLast(6)) : path) + "-run.ipynb"
    }
}
