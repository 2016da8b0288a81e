import Inference
import Serving

/// A model of the workspace as an endpoint asks it.
final class InferredModel: ServedModel {
    private let model: LoadedModel

    init(_ model: LoadedModel) { self.model = model }

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
