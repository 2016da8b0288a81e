import Files
import Serving

/// How a host listens for its endpoints.
struct ServingSettings: Sendable {
    /// Nil: where it listened before, if that is free.
    var address: ServerAddress?
    /// Whether everybody who reaches it is answered.
    var isOpen = false
    var certificate: HTTPServer.Certificate?
    /// Where the workspace is a tracking server of MLflow; nil: nowhere.
    var mlflow: ServerAddress?

    static let options: [OptionSpecification] = [
        .init(
            name: "--listen", value: "ADDRESS[:PORT]",
            help:
                "where endpoints are reached (default: 127.0.0.1, and the port they had before); others than this machine's own need care"
        ),
        .init(name: "--no-auth", value: nil, help: "ask nobody for a token or a signature; on a loopback address alone"),
        .init(name: "--certificate", value: "FILE", help: "serve endpoints with TLS: the certificate and those above it, in PEM"),
        .init(
            name: "--mlflow", value: "ADDRESS[:PORT]",
            help:
                "be a tracking server of MLflow there, such as 127.0.0.1:5000: scripts with MLFLOW_TRACKING_URI log into the workspace"
        ),
        .init(name: "--key", value: "FILE", help: "the certificate's private key, in PEM"),
    ]

    init() {}

    init(_ arguments: ParsedArguments) throws(CommandError) {
        if let text = arguments.value("--listen") {
            guard let address = ServerAddress(parsing: text) else {
                throw .usage("--listen '\(text)': give a numeric address and a port, such as 127.0.0.1:8080 or [::1]:8080")
            }
            self.address = address
        }
        isOpen = arguments.flag("--no-auth")
        if isOpen, let address, !address.isLoopback {
            throw .usage("--no-auth is for a loopback address: whoever reaches \(address.host) would have all endpoints")
        }
        if let text = arguments.value("--mlflow") {
            guard let address = ServerAddress(parsing: text) else {
                throw .usage("--mlflow '\(text)': give a numeric address and a port, such as 127.0.0.1:5000")
            }
            if isOpen, !address.isLoopback {
                throw .usage(
                    "--no-auth is for a loopback address: whoever reaches \(address.host) could write into the workspace")
            }
            mlflow = address
        }
        let files = (arguments.value("--certificate"), arguments.value("--key"))
        switch files {
        case (nil, nil): break
        case (let chain?, let key?):
            let given = HTTPServer.Certificate(chain: try Self.text(chain), key: try Self.text(key))
            do throws(ServingError) { try HTTPServer.check(given) } catch {
                throw .data("\(chain), \(key): \(error.description)")
            }
            certificate = given
        default: throw .usage("--certificate and --key belong together: give both")
        }
    }

    /// The options again, for a unit file: files by their whole path.
    static func words(_ arguments: ParsedArguments, absolute: (String) -> String) -> [String] {
        var words: [String] = []
        for name in ["--listen", "--mlflow"] { if let address = arguments.value(name) { words += [name, address] } }
        if arguments.flag("--no-auth") { words.append("--no-auth") }
        for name in ["--certificate", "--key"] { if let file = arguments.value(name) { words += [name, absolute(file)] } }
        return words
    }

    private static func text(_ path: String) throws(CommandError) -> String {
        guard let text = FileContents.text(path, atMost: 1 << 20) else {
            throw .data("\(path) cannot be read as text: give a file in PEM")
        }
        return text
    }
}
