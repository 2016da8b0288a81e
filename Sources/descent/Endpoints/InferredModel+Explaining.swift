import Clocks
import Explaining
import Files
import Inference
import JSON
import Serving
import Tables
import Training

// What each column did to an answer, in the shape of SageMaker's online explanations.
extension InferredModel {
    /// Where absent columns take their values from, where a model needs rows for that.
    struct Explaining {
        let explainer: ModelExplainer

        private static let fewRows = 100
        /// Bytes of training data that are read for it.
        private static let mostBytes = 64 << 20

        /// - Parameter path: the training data; empty: nobody knows where they are.
        init(_ model: Model, rowsOf path: String) throws(ModelFault) {
            do throws(ExplainingError) {
                let plain = try ModelExplainer(model, background: nil), options = ModelExplainer.Options()
                guard plain.needsBackground(options) else {
                    explainer = plain
                    return
                }
                let table = try Self.table(model, path)
                let choice: Background.Choice = plain.method(options) == .linear ? .all : .rows(Self.fewRows)
                explainer = try ModelExplainer(
                    model, background: try Background(table, of: model, choice: choice, name: "the training rows"))
            } catch { throw ModelFault(status: 400, error.message) }
        }

        private static func table(_ model: Model, _ path: String) throws(ExplainingError) -> Table {
            guard let stamp = FileStamp(path), stamp.isRegular, stamp.size <= mostBytes else {
                throw ExplainingError(
                    .badData,
                    "this model's explanations need its training data, which are not at hand or beyond 64 MiB: leave "
                        + "Enable-Explanations out, and ask `descent explain`")
            }
            do throws(TableError) { return try model.readPrepared(path) } catch {
                throw ExplainingError(.badData, error.description)
            }
        }
    }

    /// How long a record may take, and all of them together. Records beyond that are not explained, which is said by a null each.
    /// - Units: seconds.
    private static let secondsPerRecord = 1.0, mostSeconds = 40.0

    func explained(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        let answer = try self.answer(body, contentType: contentType, accept: accept)
        let explainer = try explaining().explainer, table: Table
        do throws(InvocationError) {
            table = try model.table(of: InvocationRequest(body: body, contentType: contentType, accept: accept))
        } catch { throw ModelFault(status: error.status, error.description) }
        let end = SteadyClock.seconds() + min(Self.mostSeconds, Self.secondsPerRecord * Double(table.rowCount))
        var records: [JSONValue] = [], first: Explanation?
        for row in 0..<table.rowCount {
            guard SteadyClock.seconds() < end else {
                records.append(.null)
                continue
            }
            do throws(ExplainingError) {
                let found = try explainer.explain(table, rows: [row])
                first = first ?? found
                records.append(Self.record(found))
            } catch { throw ModelFault(status: 400, error.message) }
        }
        var warnings = answer.warnings
        let skipped = records.count { $0 == .null }
        if skipped > 0 { warnings.append("\(skipped) of \(records.count) records are not explained: it takes too long") }
        let json = Self.document(answer, records, first)
        return ModelAnswer(body: Array(json.text.utf8), contentType: "application/json", warnings: warnings)
    }

    /// Of one row: by columns, a value for each output.
    private static func record(_ found: Explanation) -> JSONValue {
        let outputs = found.outputs.indices.map { Array(found.values(row: 0, output: $0)) }
        return .array(
            found.columns.indices.map { column in
                .object([
                    "feature_header": .string(found.columns[column]),
                    "attributions": .array([
                        .object(["attribution": .array(outputs.map { .number($0[column]) })])
                    ]),
                ])
            })
    }

    private static func document(_ answer: ModelAnswer, _ records: [JSONValue], _ first: Explanation?) -> JSONValue {
        .object([
            "version": .string("1.0"),
            "predictions": .object([
                "content_type": .string(answer.contentType), "data": .string(String(decoding: answer.body, as: UTF8.self)),
            ]),
            "label_headers": first.flatMap { $0.outputs.count > 1 ? .array($0.outputs.map { .string($0) }) : nil },
            "explanations": .object([
                "kernel_shap": .array(records),
                // Beyond what SageMaker says: how values were found, of what, and what they are added to.
                "method": first.map { .string($0.method.rawValue) }, "space": first.map { .string($0.space.rawValue) },
                "expected_value": first.map { .array($0.expected.map { .number($0) }) },
            ]),
        ])
    }
}
