import Files
import Inference

/// The files that a batch transform is given, and what their outputs are called.
enum TransformInputs {
    /// - Parameters:
    ///   - said: what they are, where somebody said so; nil = by their endings.
    ///   - outputs: the folder of outputs, which is no input.
    static func find(
        _ paths: [String], _ said: TransformSteps.Kind?, outputs: String
    ) throws(CommandError) -> [BatchTransform.Input] {
        var found: [BatchTransform.Input] = [], names: [String: String] = [:]
        let own = Engine.absolute(outputs) + "/"
        for path in paths {
            guard let stamp = FileStamp(path) else { throw .data("\(path): there is no such file") }
            let isFolder = !stamp.isRegular
            let files = isFolder ? inFolder(path, below: "") : [name(of: path)]
            for name in files {
                let file = isFolder ? path + (path.hasSuffix("/") ? "" : "/") + name : path
                if Engine.absolute(file).hasPrefix(own) { continue }
                guard let kind = said ?? TransformSteps.Kind(path: file) else {
                    throw .usage("\(file) has no ending that says what it is: say --content-type, or use descent predict")
                }
                if let other = names[name] {
                    throw .usage("\(other) and \(file) would both become \(name).out: transform them into folders of their own")
                }
                names[name] = file
                found.append(BatchTransform.Input(path: file, name: name, steps: kind))
            }
        }
        if found.isEmpty { throw .data("\(paths.joined(separator: ", ")): there is no file to transform") }
        return found
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Files of a folder and its folders in natural order; what begins with a point is none.
    private static func inFolder(_ folder: String, below prefix: String) -> [String] {
        var files: [String] = []
        for name in Folder.names(in: folder + "/" + prefix).filter({ !$0.hasPrefix(".") }) {
            let path = prefix + name
            guard let stamp = FileStamp(folder + "/" + path) else { continue }
            if stamp.isRegular { files.append(path) } else { files += inFolder(folder, below: path + "/") }
        }
        return files
    }
}
