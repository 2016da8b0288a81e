import Events
import Experiments
import Serving

// What a version has to show before it gets any request. On the desk's thread.
extension EndpointDesk {
    /// Asks variants what an endpoint was asked before.
    /// - Returns: how many requests each of them answered.
    /// - Throws: why they get no requests: one of them failed, or answered with what is no number.
    func check(_ new: [LiveVariant], on requests: [RequestSample.Request]) throws -> Int {
        for variant in new {
            for request in requests {
                func refused(_ why: String) -> CommandError {
                    .failed(
                        "the new version gets no requests: \(variant.name) does not answer one that was answered before (\(why)): "
                            + "deploy a model that takes what clients send, or say --no-check")
                }
                do throws(ModelFault) {
                    let answer = try variant.model.answer(
                        request.body, contentType: request.contentType, accept: request.accept)
                    if let rows = variant.model.rows(of: answer), rows.contains(where: { $0.scores.contains(where: \.isNaN) }) {
                        throw ModelFault(status: 500, "its score is no number")
                    }
                } catch { throw refused(error.message) }
            }
        }
        return requests.count
    }

    /// An endpoint whose host ended during a deployment, and whose old version is not there any more: the new one answers where it can,
    /// and somebody has to decide.
    func standHalfway(_ record: EndpointRecord, _ endpoint: LiveEndpoint, _ failure: any Error) throws {
        var record = record, reason = "the old version cannot be brought back (\(CommandError(failure).description)): "
        if !record.pending.isEmpty {
            do {
                endpoint.route(Traffic(try variants(record.pending)))
                endpoint.isReady = true
                record.variants = record.pending
                reason += "the new one answers meanwhile, "
            } catch { reason += "nor can the new one (\(CommandError(error).description)), " }
        }
        (record.pending, record.pendingShare, record.isRolledBack) = ([], 0, false)
        try stand(record, .updateRollbackFailed, reason + "`descent endpoint update \(record.name)` deploys another")
    }
}
