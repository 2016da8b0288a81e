import JSON
import TemporaryFolders
import Testing

@testable import Inference

@Suite struct RecordFilterTests {
    /// SageMaker's own examples of filters, and what they take.
    @Test(arguments: [
        ("$", #"{"id":7,"features":[1,2,3]}"#), ("$.id", "7"), ("$['id']", "7"), ("$.features", "[1,2,3]"),
        ("$.features[0]", "1"),
        ("$.features[-1]", "3"), ("$.features[1:]", "[2,3]"), ("$.features[:2]", "[1,2]"), ("$.features[0,2]", "[1,3]"),
        ("$['id','features']", "[7,[1,2,3]]"), ("$.features[1:-1]", "[2]"),
    ])
    func pathsTakeWhatTheySay(_ path: String, _ expected: String) throws {
        let value = try JSONValue(parsing: #"{"id":7,"features":[1,2,3]}"#)
        #expect(try RecordFilter(path).value(of: value)?.text == expected)
    }

    @Test func placesOfListsCountFromEitherEndAndAreThereOrNot() throws {
        #expect(try RecordFilter("$[1:]").places(count: 4) == [1, 2, 3])
        #expect(try RecordFilter("$[0,-1]").places(count: 4) == [0, 3])
        #expect(try RecordFilter("$[:-1]").places(count: 3) == [0, 1])
        #expect(try RecordFilter("$[9]").places(count: 4) == nil)
        #expect(try RecordFilter("$.a").value(of: .integer(3)) == nil)
        #expect(try RecordFilter("$.a").isOfLists == false)
    }

    @Test(arguments: [
        "", "a", "$x", "$.", "$[", "$[]", "$[x]", "$[1:2:3]", "$['a", "$[0,]", "$." + String(repeating: "a", count: 70),
    ])
    func whatIsNoPathIsRefusedInWords(_ text: String) {
        do throws(InvocationError) {
            _ = try RecordFilter(text)
            Issue.record("taken")
        } catch { #expect(error.message.hasPrefix("the filter '\(text)' ")) }
    }

    /// Pieces hold whole records, none twice and none left out, whatever a piece may hold.
    @Test(arguments: [40, 64, 200, 5000])
    func recordsAreReadInPiecesWithTheirLines(_ limit: Int) throws {
        let scratch = try TemporaryFolder()
        let records = (0..<60).map {
            $0 % 7 == 3 ? "\($0),\"two\nlines, \"\"quoted\"\"\"" : "\($0),\(String(repeating: "x", count: $0 % 20))"
        }
        var text = "", starts: [Int] = [], line = 1
        for (index, record) in records.enumerated() {
            if index % 11 == 5 {
                text += "\n"
                line += 1
            }
            starts.append(line)
            text += record + (index % 2 == 0 ? "\n" : "\r\n")
            line += 1 + record.count { $0 == "\n" }
        }
        text.removeLast()
        let path = try scratch.write(text, as: "records.csv")
        var found: [String] = [], lines: [Int] = [], offset = 0, at = 1
        while true {
            // A reader that begins where another one ended goes on as that one.
            let reader = try RecordReader(path, .lines(quotes: true), limit: limit, from: offset, line: at)
            guard let piece = try reader.next() else { break }
            #expect(piece.bytes.count <= limit)
            found += piece.records.map { String(decoding: piece.bytes[$0], as: UTF8.self) }
            lines += piece.lines
            (offset, at) = (piece.end, piece.endLine)
        }
        #expect(found == records && lines == starts)
        let tight = try RecordReader(path, .lines(quotes: true), limit: 10)
        #expect(throws: TransformError.self) { while try tight.next() != nil {} }
    }
}
