import Inference
import JSON
import Learners
import Training

/// What comes from clients of models: requests, filters of batch transforms, models that were made elsewhere.
enum InferenceReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "requests", make: requests), FuzzedReader(name: "replies", make: replies),
            FuzzedReader(name: "record-filters") { _ in filters() },
            FuzzedReader(name: "imported-models", make: models),
        ]
    }

    private static let rows =
        "a,b,colour,when,y\n"
        + (0..<60).map {
            "\(Double($0) * 0.5 - 7),\($0 * 7 % 13),\($0 % 2 == 0 ? "red" : "\"a, b\""),2024-01-\(10 + $0 % 18),\($0 % 3)\n"
        }.joined()

    /// A request is its content type, a line, and its body.
    private static func requests(_ places: Places) throws -> Subject {
        let path = places.scratch + "/rows.csv"
        FuzzFile.replace(path, with: Array(rows.utf8))
        let model = LoadedModel(try Estimator("linear-learner", ["epochs": "2"]).fit(path, target: "y").model)
        let record: [UInt8] =
            [0x0A, 0x23, 0xD7, 0xCE, 32, 0, 0, 0, 10, 30, 10, 6] + Array("values".utf8)
            + [18, 20, 18, 18, 10, 16] + [UInt8](repeating: 0, count: 16)
        let bodies: [(String, [UInt8])] = [
            ("text/csv", Array("1,2,red,2024-01-03\n\"3\",,\"a, b\",\r\n".utf8)),
            ("text/csv;header=present", Array("b,a,when,colour,x\n1,2,2024-01-03,red,9\n".utf8)),
            (
                "application/json",
                Array(#"{"instances":[{"features":[1,2,"red",null]},{"a":1,"b":2,"colour":"x","when":"2024-01-01"}]}"#.utf8)
            ),
            ("application/json", Array(#"[{"data":{"features":{"keys":[0,1],"shape":[4],"values":[1,2.5]}}}]"#.utf8)),
            ("application/jsonlines", Array("{\"a\":1,\"b\":2.5}\n[1,2,\"red\",\"2024-01-01\"]\n".utf8)),
            ("text/libsvm", Array("1 1:2 3:4\n0:1 # nothing\n".utf8)), ("application/x-recordio-protobuf", record),
        ]
        return Subject(samples: bodies.map { Sample($0.0, Array(($0.0 + "\n").utf8) + $0.1) }) { sample in
            let end = sample.bytes.firstIndex(of: 10) ?? sample.bytes.count
            let request = InvocationRequest(
                body: Array(sample.bytes[min(end + 1, sample.bytes.count)...]),
                contentType: String(decoding: sample.bytes[..<end], as: UTF8.self), accept: "text/csv")
            do throws(InvocationError) {
                let reply = try model.invoke(request)
                let lines = reply.body.count { $0 == 10 }
                return lines == reply.rowCount ? .accepted : .wrong("\(lines) answers to \(reply.rowCount) rows")
            } catch { return .refused(error.description) }
        }
    }

    /// A reply is its content type, a line, and its body.
    private static func replies(_ places: Places) throws -> Subject {
        let path = places.scratch + "/rows.csv"
        FuzzFile.replace(path, with: Array(rows.utf8))
        let model = LoadedModel(try Estimator("linear-learner", ["epochs": "2"]).fit(path, target: "colour").model)
        let bodies = [
            ("text/csv", "0.25,red\n0.75,\"a, b\"\n"), ("application/jsonlines", "{\"score\":0.5,\"predicted_label\":\"red\"}\n"),
            (
                "application/json",
                #"{"predictions":[{"score":0.25,"predicted_label":"a, b"},{"score":"NaN","predicted_label":1}]}"#
            ),
        ]
        return Subject(samples: bodies.map { Sample($0.0, text: $0.0 + "\n" + $0.1) }) { sample in
            let end = sample.bytes.firstIndex(of: 10) ?? sample.bytes.count
            let rows = model.rows(
                ofReply: Array(sample.bytes[min(end + 1, sample.bytes.count)...]),
                contentType: String(decoding: sample.bytes[..<end], as: UTF8.self))
            return rows == nil ? .refused("no reply") : .accepted
        }
    }

    private static func filters() -> Subject {
        let paths = ["$", "$.a.b[0]", "$['a','b']", "$[0,-1]", "$[1:]", "$[:-2]", "$.*"]
        let value = JSONValue.object(["a": .object(["b": .array([.integer(1), .integer(2)])]), "b": .null])
        return Subject(samples: paths.map { Sample("filter", text: $0) }) { sample in
            do throws(InvocationError) {
                let filter = try RecordFilter(sample.text)
                _ = filter.value(of: value)
                guard let places = filter.places(count: 3) else { return .accepted }
                return places.allSatisfy { (0..<3).contains($0) } ? .accepted : .wrong("\(places)")
            } catch { return .refused(error.description) }
        }
    }

    private static func models(_ places: Places) throws -> Subject {
        guard XGBoostLibrary.isAvailable else { return Subject(samples: []) { _ in .accepted } }
        let path = places.scratch + "/rows.csv"
        FuzzFile.replace(path, with: Array(rows.utf8))
        let trained = try Estimator("xgboost", ["num_round": "2", "max_depth": "2"]).fit(path, target: "y").model
        try trained.save(toFolder: places.scratch + "/trees")
        let document = try FuzzFile.read(places.scratch + "/trees/" + XGBoostModel.fileName)
        return Subject(samples: [Sample("model", document)]) { sample in
            do throws(TrainingError) {
                _ = LoadedModel(try Model.importing(xgboost: sample.bytes, schema: .init()))
                return .accepted
            } catch { return .refused(error.description) }
        }
    }
}
