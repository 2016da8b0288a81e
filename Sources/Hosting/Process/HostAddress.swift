import Glibc

/// The host's socket in its workspace, which may have a longer path than a socket's address can hold.
struct HostAddress {
    private let folder: Int32
    private var address = sockaddr_un()

    static let name = "host.sock"

    init(_ workspace: String) throws(HostError) {
        folder = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw HostError("\(workspace) cannot be opened", errno) }
        address.sun_family = sa_family_t(AF_UNIX)
        let path = "/proc/self/fd/\(folder)/\(Self.name)"
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: Array(path.utf8) + [0])
        }
    }

    /// To be called once the address is not used any more.
    func close() { Glibc.close(folder) }

    func unlink() { _ = unlinkat(folder, Self.name, 0) }

    func restrict() -> Bool { fchmodat(folder, Self.name, 0o600, 0) == 0 }

    /// `bind` or `connect`.
    func call(_ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ socket: Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
