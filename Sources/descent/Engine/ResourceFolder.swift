import Glibc

/// Folders that come with the program: in the project's folder, or beside the installed program.
enum ResourceFolder {
    /// - Parameter file: a file that tells the folder from another of the same name.
    static func find(_ name: String, containing file: String?, _ environment: [String: String]) -> String? {
        candidates(name, environment).first { access($0 + (file.map { "/" + $0 } ?? ""), R_OK) == 0 }
    }

    static func candidates(_ name: String, _ environment: [String: String]) -> [String] {
        var folders: [String] = []
        if let data = environment["DESCENT_DATA"] { folders.append("\(data)/\(name)") }
        folders.append(name)
        let program = Engine.absolute("/proc/self/exe").split(separator: "/").dropLast()
        // Beside the program, or above it: .build/release/descent, .build/x86_64-…/release/descent, PREFIX/bin/descent
        for depth in 0...3 where program.count > depth {
            let base = "/" + program.dropLast(depth).joined(separator: "/")
            folders += ["\(base)/share/descent/\(name)", "\(base)/\(name)"]
        }
        return folders
    }
}
