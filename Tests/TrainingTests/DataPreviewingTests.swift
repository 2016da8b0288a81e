import Events
import TemporaryFolders
import Testing
import Training

/// The first rows of a data file, in the vocabulary of the studio.
@Suite struct DataPreviewingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func preview(_ text: String, _ reading: [String: String] = [:]) throws -> DataPreview.Outcome {
        DataPreviewing.preview(path: try folder.write(text, as: "a.csv"), reading: reading)
    }

    @Test func `it has names, kinds, values and what was decided`() throws {
        let rows = (0..<500).map { "\($0 % 28 + 1).02.2024;1.234,\($0 % 90 + 10);\($0 % 7 == 0 ? "" : "x")\n" }.joined()
        guard case .preview(let preview) = try preview("d;n;t\n" + rows) else {
            Issue.record("no preview")
            return
        }
        #expect(preview.columns.map(\.name) == ["d", "n", "t"])
        #expect(preview.columns.map(\.kind) == ["date", "numeric", "categorical"])
        #expect(preview.columns.map(\.written) == ["dmy", "1.234,5", nil])
        #expect(preview.columns.map { $0.values[0] } == ["2024-02-01", "1234.1", nil])
        #expect(preview.columns.allSatisfy { $0.values.count == DataPreviewing.shown })
        #expect(preview.reading.rowCount == DataPreviewing.lookedAt && !preview.isWhole)
        // How many rows are looked at is nobody's decision about the file.
        #expect(!preview.reading.choices.contains { $0.option == "rows" })
        #expect(preview.reading.choices.contains { $0.option == "decimal" && $0.value == "," })
    }

    @Test func `fewer rows are those that were asked for`() throws {
        guard case .preview(let preview) = try preview("a\n1\n2\n3\n", ["rows": "2"]) else {
            Issue.record("no preview")
            return
        }
        #expect(preview.columns.map(\.values) == [["1", "2"]])
        #expect(preview.reading.choices.contains { $0.option == "rows" && $0.value == "2" })
    }

    @Test func `what is wrong with an option is told apart from what is wrong with the file`() throws {
        #expect(try preview("a\n1\n", ["decimal": "x"]) == .badOption("decimal is 'x': give . or ,"))
        guard case .badOption(let unknown) = try preview("a\n1\n", ["type": "b=text"]),
            case .unreadable(let empty) = try preview("")
        else {
            Issue.record("not told apart")
            return
        }
        #expect(unknown.contains("no column named 'b'"))
        #expect(empty.contains("empty"))
    }

    @Test func `a request that says nonsense about reading is refused before it becomes a run`() {
        let request = JobRequest(
            datasetPath: "a.csv", target: "y", algorithm: "linear-learner", reading: ["header": "maybe"])
        let error = #expect(throws: TrainingError.self) { try Algorithms.validate(request) }
        #expect(error?.description.contains("header is 'maybe': give yes, no or a line of the file, from 1") == true)
    }

    @Test func `every option is described, with values that it takes`() {
        #expect(ReadOptionDescription.all.contains { $0.name == "date-format" && $0.choices == ["dmy", "mdy", "ymd"] })
        for option in ReadOptionDescription.all where option.name != "type" {
            for choice in option.choices {
                let outcome = DataPreviewing.preview(path: "/none.csv", reading: [option.name: choice])
                #expect(outcome != .badOption(""), "\(option.name) \(choice)")
                if case .badOption(let message) = outcome { Issue.record("\(option.name) \(choice): \(message)") }
            }
        }
    }
}
