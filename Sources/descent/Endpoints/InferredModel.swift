import Inference
import Serving
import Synchronization
import Training

/// A model of the workspace as an endpoint asks it.
final class InferredModel: ServedModel {
    let model: LoadedModel
    /// Where the training data lie; empty where nobody knows.
    private let trainingData: String
    private let known = Mutex<Explaining?>(nil)

    /// Bytes of a request's rows. What comes over the wire has a limit of its own, files have this one.
    static let mostBytes = 256 << 20

    init(_ model: LoadedModel, trainingData: String = "") {
        self.model = model
        self.trainingData = trainingData
    }

    convenience init(fromFolder folder: String, trainingData: String) throws(InvocationError) {
        self.init(try LoadedModel(fromFolder: folder, payloadLimit: Self.mostBytes), trainingData: trainingData)
    }

    /// Made when somebody first wants an explanation.
    func explaining() throws(ModelFault) -> Explaining {
        if let known = known.withLock({ $0 }) { return known }
        let made = try Explaining(model.model, rowsOf: trainingData)
        known.withLock { $0 = made }
        return made
    }

    func answer(_ body: [UInt8], contentType: String?, accept: String?) throws(ModelFault) -> ModelAnswer {
        do throws(InvocationError) {
            let reply = try model.invoke(InvocationRequest(body: body, contentType: contentType, accept: accept))
            return ModelAnswer(body: reply.body, contentType: reply.contentType, warnings: reply.warnings)
        } catch { throw ModelFault(status: error.status, error.description) }
    }

    func rows(of answer: ModelAnswer) -> [AnsweredRow]? {
        model.rows(ofReply: answer.body, contentType: answer.contentType)?.map { AnsweredRow(label: $0.label, scores: $0.scores) }
    }
}
