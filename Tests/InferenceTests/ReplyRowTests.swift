import Inference
import Learners
import Testing
import Training

/// What a reply says is read as `predict` said it, in every format.
@Suite struct ReplyRowTests {
    @Test(arguments: SameAsPredictTests.cases)
    func aReplyIsReadAsItWasPredicted(_ algorithm: String, _ target: ServedModel.Target?) throws {
        let served = try ServedModel(algorithm, target, rows: 120)
        let body = Array(served.lines.joined(separator: "\n").utf8)
        var labels: [String]?, scores: [[Double]] = []
        for column in served.predicted {
            switch column.values {
            case .labels(let names): labels = names
            case .numbers(let numbers): scores.append(numbers.map { Double("\($0)") ?? .nan })
            case .doubles(let numbers): scores.append(numbers)
            }
        }
        for accept in ["text/csv", "application/json", "application/jsonlines"] {
            let reply = try served.loaded.invoke(
                InvocationRequest(body: body, contentType: "text/csv; header=present", accept: accept))
            let rows = try #require(served.loaded.rows(ofReply: reply.body, contentType: reply.contentType), "\(accept)")
            #expect(rows.count == 120)
            for (place, row) in rows.enumerated() {
                #expect(row.scores == scores.map { $0[place] }, "\(accept) \(place)")
                if let labels { #expect(row.label == labels[place], "\(accept) \(place)") } else { #expect(row.label == nil) }
            }
        }
        #expect(served.loaded.rows(ofReply: Array("{".utf8), contentType: "application/json") == nil)
        #expect(served.loaded.rows(ofReply: [], contentType: "image/png") == nil)
    }
}
