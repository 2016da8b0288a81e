import JSON
import Learners
import TemporaryFolders
import Testing

/// What is answered is what `predict` gives for the same rows of a file, to the last bit.
@Suite struct SameAsPredictTests {
    static let cases: [(String, ServedModel.Target?)] =
        ServedModel.supervised.flatMap { name in ServedModel.Target.allCases.map { (name, $0) } }
        + [("kmeans", nil), ("pca", nil), ("constant", .two), ("constant", .number)]

    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test(arguments: cases)
    func rowsWithNamesWithoutAndOneByOneAreAnsweredAsPredictDoes(_ algorithm: String, _ target: ServedModel.Target?) throws {
        let served = try ServedModel(algorithm, target)
        let expected = served.expectedCSV
        #expect(Set(expected).count > (algorithm == "constant" ? 0 : 3))
        let rows = served.lines.dropFirst()
        let named = try served.text(served.lines.joined(separator: "\n"), "text/csv", accept: "text/csv")
        #expect(lines(named) == expected)
        // Without names rows have the training data's columns but the target, or only those that are used.
        let hasTarget = target != nil
        let bare = rows.map { row in
            let cells = ServedModel.cells(row)
            return cells.dropLast(hasTarget ? 1 : 0).joined(separator: ",")
        }
        #expect(served.loaded.inputColumns == ["weight", "length", "colour", "fresh", "day", "same"])
        #expect(lines(try served.text(bare.joined(separator: "\r\n") + "\r\n", "text/csv", accept: "text/csv")) == expected)
        for (row, line) in bare.enumerated() where row % 7 == 0 {
            #expect(try served.text(line, "text/csv", accept: "text/csv") == expected[row] + "\n", "row \(row)")
        }
    }

    @Test(arguments: cases)
    func rowsInJSONOfEveryShapeAreAnsweredAsPredictDoes(_ algorithm: String, _ target: ServedModel.Target?) throws {
        let served = try ServedModel(algorithm, target, rows: 120)
        let names = ServedModel.cells(served.lines[0])
        var objects: [String] = [], lists: [String] = []
        for line in served.lines.dropFirst() {
            let values = ServedModel.cells(line).map { cell -> String in
                let text = ServedModel.text(cell)
                if text.isEmpty || text == "NA" { return "null" }
                return Double(text) != nil ? text : JSONValue.string(text).text
            }
            objects.append("{" + zip(names, values).map { "\(JSONValue.string($0).text):\($1)" }.joined(separator: ",") + "}")
            lists.append("[" + values.prefix(6).joined(separator: ",") + "]")
        }
        let expected = served.expectedCSV
        let bodies = [
            "[\(objects.joined(separator: ", "))]", "{\"instances\":[\(objects.joined(separator: ","))]}",
            "{\"rows\": [\(objects.joined(separator: ","))]}",
            "{\"instances\":[\(lists.map { "{\"features\":\($0)}" }.joined(separator: ","))]}",
            "{\"instances\":[\(lists.map { "{\"data\":{\"features\":{\"values\":\($0)}}}" }.joined(separator: ","))]}",
            "{\"instances\":[\(lists.joined(separator: ","))]}",
        ]
        for body in bodies {
            #expect(lines(try served.text(body, "application/json", accept: "text/csv")) == expected, "\(body.prefix(60))")
        }
        for rows in [objects, lists, lists.map { "{\"features\":\($0)}" }] {
            let body = rows.joined(separator: "\n") + "\n"
            #expect(lines(try served.text(body, "application/jsonlines", accept: "text/csv")) == expected)
        }
        #expect(lines(try served.text(objects[5], "application/json", accept: "text/csv")) == [expected[5]])
        #expect(lines(try served.text(lists[5], "application/json", accept: "text/csv")) == [expected[5]])
    }

    /// An answer in JSON has the numbers of one in CSV, digit by digit.
    @Test(arguments: cases)
    func answersInJSONSayWhatThoseInCSVSay(_ algorithm: String, _ target: ServedModel.Target?) throws {
        let served = try ServedModel(algorithm, target, rows: 80)
        let body = served.lines.joined(separator: "\n")
        let rows = lines(try served.text(body, "text/csv", accept: "application/jsonlines"))
        #expect(
            try served.text(body, "text/csv", accept: "application/json")
                == "{\"\(algorithm == "pca" ? "projections" : "predictions")\":[\(rows.joined(separator: ","))]}")
        for (line, expected) in zip(rows, served.expectedCSV) {
            var text = line
            for mark in [
                "{", "}", "[", "]", "\"", "score:", "predicted_label:", "closest_cluster:", "distance_to_cluster:", "projection:",
            ] {
                text = text.split(separator: mark, omittingEmptySubsequences: true).joined()
            }
            #expect(text == expected, "\(line)")
        }
    }

    /// What Python's `json` writes of numbers that are none, lists where a number or a word belongs, objects where a column is none.
    @Test func jsonThatIsNoPlainValueIsWhatItIsInAFile() throws {
        let served = try ServedModel("linear-learner", .two, rows: 60), scratch = try TemporaryFolder()
        let records = [
            #"{"weight": NaN, "length": 3, "colour": "red", "fresh": "yes", "day": "2024-03-04"}"#,
            #"{"weight": [1, 2], "length": 3, "colour": ["red", 7], "fresh": "yes", "day": "2024-03-04"}"#,
            #"{"weight": {"kg": 2}, "length": 3, "colour": null, "fresh": true, "day": {}}"#,
            #"{"weight": 1.5, "length": 3, "colour": "red", "fresh": "yes", "day": "2024-03-04"}"#,
        ]
        let path = try scratch.write(records.map { $0 + "\n" }.joined(), as: "rows.jsonl")
        let table = try served.model.read(path)
        #expect(table.column(named: "colour")?.text(at: 1) == #"["red",7]"#)
        let expected = try served.model.predict(table)
        for (body, type) in [
            (records.joined(separator: "\n"), "application/jsonlines"),
            ("[\(records.joined(separator: ","))]", "application/json"),
        ] {
            let reply = try served.ask(body, type, accept: "text/csv")
            let scores = lines(String(decoding: reply.body, as: UTF8.self)).map {
                $0.split(separator: ",").first.flatMap { Float($0) }
            }
            guard case .numbers(let own)? = expected.last?.values else {
                Issue.record("there are no scores")
                return
            }
            #expect(scores == own, "\(scores) \(own)")
            #expect(reply.warnings.contains { $0.contains("[1,2]") }, "\(reply.warnings)")
            #expect(reply.warnings.contains { $0.contains("does not know weight.kg") }, "\(reply.warnings)")
        }
    }
}
