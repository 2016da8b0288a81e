import Experiments
import Files
import Inference
import JSON
import Serving
import Training

/// A few rows of a model's training data with what it said of them when it was kept. Whoever deploys it asks it again: a file that was
/// damaged, or a program that computes otherwise, says something else.
struct ModelProbe {
    static let fileName = "probe.json"
    private static let rowCount = 8
    private static let mostBytes = 64 << 10

    /// Lines of CSV, the first with the columns' names.
    private let body: [UInt8]
    private let reply: [AnsweredRow]

    private static let contentType = "text/csv; header=present", accept = "application/json"

    /// - Parameter path: the training data; nil where it has no lines of CSV that the model answers.
    init?(_ model: Model, rowsOf path: String) {
        let head = FileContents.head(path, count: Self.mostBytes)
        // The last line may be cut, a row may go over several, and what no line ends is no text.
        guard !head.contains(UInt8(ascii: "\"")), !head.starts(with: [0xEF, 0xBB, 0xBF]) else { return nil }
        let lines = head.split(separator: 10).dropLast().prefix(Self.rowCount + 1)
        guard lines.count > 1 else { return nil }
        body = Array(lines.joined(separator: [10])) + [10]
        let asked = InferredModel(LoadedModel(model))
        guard let rows = Self.answer(of: asked, body), rows.count == lines.count - 1 else { return nil }
        reply = rows
    }

    func write(to folder: String) throws(FileError) {
        let json = JSONValue.object([
            "body": .string(Base64.text(body)),
            "reply": .array(
                reply.map { .object(["label": $0.label.map { .string($0) }, "scores": .array($0.scores.map { .number($0) })]) }),
        ])
        try AtomicFile.write(Array((json.text + "\n").utf8), to: folder + "/" + Self.fileName)
    }

    /// Nil where a model was kept without.
    init?(in folder: String) {
        guard let text = FileContents.text(folder + "/" + Self.fileName) else { return nil }
        do {
            let json = try JSONValue(parsing: text)
            guard let body = json["body"]?.string.flatMap(Base64.bytes), let rows = json["reply"]?.array else { return nil }
            self.body = body
            reply = rows.map {
                AnsweredRow(label: $0["label"]?.string, scores: ($0["scores"]?.array ?? []).compactMap(\.double))
            }
        } catch { return nil }
    }

    /// What a model says otherwise than when it was kept; nil: nothing.
    func fault(of model: InferredModel) -> String? {
        guard let rows = Self.answer(of: model, body), rows.count == reply.count else {
            return "it does not answer the rows of its training data that were kept with it: register it anew"
        }
        guard let place = rows.indices.first(where: { !rows[$0].isSame(as: reply[$0]) }) else { return nil }
        return "of row \(place + 1) of its training data it says \(rows[place].text), and said \(reply[place].text) when it was "
            + "kept: its file was changed, register it anew"
    }

    private static func answer(of model: InferredModel, _ body: [UInt8]) -> [AnsweredRow]? {
        do throws(ModelFault) {
            return model.rows(of: try model.answer(body, contentType: contentType, accept: accept))
        } catch { return nil }
    }
}
