import Inference
import JSON
import Learners
import Tables
import TemporaryFolders
import Testing
import Training

/// A model trained on a file of every kind of column, beside what it predicts for the file's rows.
struct ServedModel {
    static let supervised = ["linear-learner", "neural-network", "knn"] + (XGBoostLibrary.isAvailable ? ["xgboost"] : [])
    static let all = supervised + ["kmeans", "pca", "constant"]

    let model: Model
    let loaded: LoadedModel
    /// What `predict` adds to the file's rows.
    let predicted: [OutputColumn]
    /// The file's lines, names first.
    let lines: [String]
    private let folder: TemporaryFolder

    enum Target: String, CaseIterable { case two = "kind", several = "size", number = "price" }

    /// Rows with numbers, gaps, texts that need quotes, truth values, dates, a column without use and three that may be predicted.
    static func file(rows: Int) -> [String] {
        var state: UInt64 = 0x2545_F491_4F6C_DD1D
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state >> 11
        }
        func uniform() -> Double { Double(next() % 1_000_000) / 1_000_000 }
        var lines = ["weight,length,colour,fresh,day,same,kind,size,price"]
        for row in 0..<rows {
            let weight = uniform() * 10, length = Int(next() % 90)
            let colour = ["red", "\"dark, blue\"", "\"a \"\"bright\"\" one\"", "", "green"][Int(next() % 5)]
            let fresh = next() % 3 == 0 ? "no" : "yes", month = 1 + Int(next() % 12), day = 1 + Int(next() % 28)
            let score = weight * 0.4 + Double(length) / 30 + uniform()
            let size = score > 4.5 ? "large" : score > 3 ? "middle" : "small"
            let date = "2024-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            lines.append(
                "\(row % 11 == 3 ? "NA" : "\(weight)"),\(length),\(colour),\(fresh),\(date),7,\(score > 3.5 ? "yes" : "no"),\(size),\(score * 100)"
            )
        }
        return lines
    }

    init(_ algorithm: String, _ target: Target?, rows: Int = 240) throws {
        folder = try TemporaryFolder()
        let all = Self.file(rows: rows).map { Self.cells($0) }
        // The columns that are not predicted are left out, since each tells of the others.
        let kept = all[0].indices.filter { $0 < 6 || all[0][$0] == target?.rawValue }
        lines = all.map { row in kept.map { row[$0] }.joined(separator: ",") }
        let path = try folder.write(lines.joined(separator: "\n") + "\n", as: "data.csv")
        let wanted = ["epochs": "4", "num_round": "12", "k": "3", "num_components": "2"]
        let names = Set(Algorithms.all.first { $0.name == algorithm }?.hyperparameters.map(\.name) ?? [])
        let job = try Estimator(algorithm, wanted.filter { names.contains($0.key) }, seed: 3).fit(path, target: target?.rawValue)
        try job.model.save(toFolder: folder.path)
        model = try #require(try Model.load(fromFolder: folder.path))
        loaded = try LoadedModel(fromFolder: folder.path)
        predicted = try model.predict(try model.read(path))
    }

    /// The cells of a line, quotes and all.
    static func cells(_ line: String) -> [String] {
        var cells = [""], isQuoted = false
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted { cells.append("") } else { cells[cells.count - 1].append(character) }
        }
        return cells
    }

    /// What a cell holds.
    static func text(_ cell: String) -> String {
        guard cell.first == "\"" else { return cell }
        var text = "", skips = false
        for character in cell.dropFirst().dropLast() {
            skips = character == "\"" && !skips
            if !skips { text.append(character) }
        }
        return text
    }

    func ask(_ body: String, _ type: String?, accept: String? = nil) throws -> InvocationReply {
        try loaded.invoke(InvocationRequest(body: Array(body.utf8), contentType: type, accept: accept))
    }

    func text(_ body: String, _ type: String?, accept: String? = nil) throws -> String {
        String(decoding: try ask(body, type, accept: accept).body, as: UTF8.self)
    }

    /// What `predict` gives for each row, as an answer in CSV has it.
    var expectedCSV: [String] {
        lines.indices.dropLast().map { row in
            let label = predicted.first { if case .labels = $0.values { true } else { false } }.map { $0.texts[row] }
            let numbers = predicted.filter { if case .labels = $0.values { false } else { true } }.map { $0.texts[row] }
            switch model.algorithm {
            case "kmeans": return ([label ?? ""] + numbers).joined(separator: ",")
            case "xgboost", "pca": return numbers.joined(separator: ",")
            default: return (numbers + [label].compactMap { $0 }).joined(separator: ",")
            }
        }
    }
}
