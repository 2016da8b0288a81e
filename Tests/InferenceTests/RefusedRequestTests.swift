import Inference
import JSON
import Testing

/// What cannot be answered is refused with its kind, its place and what to do.
@Suite struct RefusedRequestTests {
    private func refusal(
        _ served: ServedModel, _ body: String, _ type: String? = "text/csv", accept: String? = nil
    ) -> InvocationError? {
        do throws(InvocationError) {
            _ = try served.loaded.invoke(InvocationRequest(body: Array(body.utf8), contentType: type, accept: accept))
            return nil
        } catch { return error }
    }

    @Test func everyKindOfFaultHasItsStatusAndItsPlace() throws {
        let served = try ServedModel("linear-learner", .two, rows: 60)
        let row = "1.5,3,red,yes,2024-03-04"
        let faults: [(body: String, type: String, status: Int, place: String)] = [
            ("", "text/csv", 400, "the body is empty"),
            ("1,2,3", "text/csv", 400, "line 1: there are 3 values where the model takes 6 or 5"),
            ("\(row)\n\(row),9\n", "text/csv", 400, "line 2: there are 6 values where the first row has 5"),
            ("weight,length,colour,fresh\n1,2,red,yes\n", "text/csv", 400, "no column named 'day'"),
            ("\(row)\n1,\"open", "text/csv", 415, "line 2: it is no CSV"),
            ("1,\"a\"b,red,yes,2024-01-01", "text/csv", 415, "line 1: it is no CSV"),
            ("[", "application/json", 415, "not valid JSON"),
            ("[]", "application/json", 400, "there are no rows"),
            ("{\"instances\":[[1,2]]}", "application/json", 400, "record 1: there are 2 values"),
            ("[[[1],2,3,4,5]]", "application/json", 400, "is a list"),
            ("[{\"weight\": 1, \"length\": 2, \"weight\": 3}]", "application/json", 400, "'weight' is there twice"),
            ("[{\"colour\": \"red\", \"colour\": \"green\"}]", "application/json", 400, "'colour' is there twice"),
            ("weight,length,colour,fresh,day,weight\n1,2,red,yes,2024-01-01,3\n", "text/csv", 400, "'weight' is there twice"),
            ("\n{\"weight\":1}\n{oops}\n", "application/jsonlines", 415, "line 3: it is not valid JSON"),
            ("1 1:2 x", "text/libsvm", 415, "line 1: the body is no text/libsvm: expected number:value"),
            ("abc", "application/x-recordio-protobuf", 415, "record 1"),
            (row, "application/parquet", 415, "is not read: send text/csv"),
            (row, "text/csv; charset=latin1", 415, "send UTF-8"),
        ]
        for (body, type, status, words) in faults {
            let found = try #require(refusal(served, body, type), "\(body)")
            #expect(found.status == status && found.description.contains(words), "\(found.status) \(found.description)")
        }
        #expect(refusal(served, row, accept: "image/png")?.status == 406)
        let small = LoadedModel(served.model, payloadLimit: 10)
        #expect(throws: InvocationError.self) {
            try small.invoke(InvocationRequest(body: Array(row.utf8), contentType: "text/csv"))
        }
    }

    @Test func unknownColumnsAndValuesAreAnsweredWithAWarningEach() throws {
        let served = try ServedModel("linear-learner", .two, rows: 60)
        let reply = try served.ask(
            "length,weight,colour,day,fresh,shape\n3,heavy,mauve,2024-03-04,yes,round\n", "text/csv", accept: "text/csv")
        #expect(reply.rowCount == 1)
        #expect(reply.warnings.contains { $0.contains("does not know shape") }, "\(reply.warnings)")
        #expect(reply.warnings.contains { $0.contains("'heavy' (line 2)") }, "\(reply.warnings)")
        #expect(reply.warnings.contains { $0.contains("mauve") }, "\(reply.warnings)")
        // Names that the model does not know are no row: an answer to them would be taken for that of the row below.
        let row = "1.5,3,red,yes,2024-03-04"
        for names in ["a,b,c,d,e", "WEIGHT,LENGTH,COLOUR,FRESH,DAY", "Weight,Length,Colour,fresh,Day"] {
            let refused = refusal(served, "\(names)\n\(row)\n")
            #expect(refused?.status == 400 && refused?.message.contains("look like names of columns") == true, "\(names)")
            #expect(refused?.message.contains("the model takes weight, length, colour, fresh, day") == true, "\(names)")
        }
        #expect(try served.ask("a,b,c,d,e\n\(row)", "text/csv; header=absent").rowCount == 2)
        #expect(try served.ask("\(row)\n\(row)", "text/csv").rowCount == 2)
        // The target and what training left out are known, and said nothing of.
        let known = try served.ask(served.lines.prefix(3).joined(separator: "\n"), "text/csv")
        #expect(known.warnings.isEmpty && known.contentType == "application/json")
    }

    /// Numbers by their places: what libsvm does not write is zero, and it counts from 1 unless it writes a 0.
    @Test func libsvmAndRecordIOFillTheColumnsInTheirOrder() throws {
        let served = try ServedModel("kmeans", nil, rows: 60)
        let order = served.loaded.inputColumns
        #expect(order.first == "weight")
        let csv = try served.text("2.5,0,0,0,0,0", "text/csv", accept: "text/csv")
        #expect(try served.text("1:2.5\n", "text/libsvm", accept: "text/csv") == csv)
        #expect(try served.text("7 1:2.5\n", "text/x-libsvm", accept: "text/csv") == csv)
        #expect(try served.text("0:2.5 1:0\n", "text/libsvm", accept: "text/csv") == csv)
        for isSparse in [false, true] {
            let body = Self.record([2.5, 0, 0, 0, 0, 0], isSparse: isSparse)
            let reply = try served.loaded.invoke(
                InvocationRequest(body: body + body, contentType: "application/x-recordio-protobuf", accept: "text/csv"))
            #expect(String(decoding: reply.body, as: UTF8.self) == csv + csv)
        }
    }

    /// A record as SageMaker's library frames it: the map `features` with the tensor `values`, in single precision.
    private static func record(_ values: [Float], isSparse: Bool) -> [UInt8] {
        func bytes(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(content.count)] + content }
        let kept = isSparse ? [values[0]] : values
        var tensor = field(1, kept.flatMap { bytes($0.bitPattern) })
        if isSparse { tensor += field(2, [0]) + field(3, [UInt8(values.count)]) }
        let payload = field(1, field(1, Array("values".utf8)) + field(2, field(2, tensor)))
        let padding = [UInt8](repeating: 0, count: (4 - payload.count % 4) % 4)
        return bytes(0xCED7_230A) + bytes(UInt32(payload.count)) + payload + padding
    }

    @Test func aThousandDamagedBodiesAreAnsweredOrRefusedInEveryFormat() throws {
        let served = try ServedModel("linear-learner", .several, rows: 60)
        let bodies: [(String, [UInt8])] = [
            ("text/csv", Array(served.lines.prefix(4).joined(separator: "\n").utf8)),
            ("application/json", Array("{\"instances\":[{\"features\":[1,2,\"red\",\"yes\",\"2024-01-01\",7]}]}".utf8)),
            (
                "application/jsonlines",
                Array("{\"weight\":1,\"length\":2,\"colour\":\"red\",\"fresh\":true,\"day\":\"2024-01-01\"}\n".utf8)
            ),
            ("text/libsvm", Array("1 1:2 3:4\n0 2:1e3\n".utf8)),
            ("application/x-recordio-protobuf", Self.record([1, 2, 3, 4, 5, 6], isSparse: true)),
        ]
        var random = UInt64(88)
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % max(1, limit)
        }
        var answered = 0, refused = 0
        for (type, whole) in bodies {
            for _ in 0..<200 {
                var body = whole
                for _ in 0...next(3) {
                    switch next(3) {
                    case 0: if !body.isEmpty { body[next(body.count)] = UInt8(next(256)) }
                    case 1: body.removeLast(next(body.count))
                    default: body.insert(UInt8(next(256)), at: next(body.count + 1))
                    }
                }
                do throws(InvocationError) {
                    let reply = try served.loaded.invoke(InvocationRequest(body: body, contentType: type, accept: "text/csv"))
                    #expect(reply.body.count { $0 == 10 } == reply.rowCount)
                    answered += 1
                } catch {
                    #expect(!error.message.isEmpty && error.status < 500)
                    refused += 1
                }
            }
        }
        #expect(answered > 50 && refused > 50)
    }
}
