import JSON
import Testing

@testable import Notebooks

/// Notebooks as they are read, kept and written again.
@Suite struct NotebookReadingTests {
    private func read(_ text: String) throws -> Notebook { try Notebook(parsing: Array(text.utf8)) }

    private static let four = #"""
        {"cells":[
          {"cell_type":"markdown","id":"a","metadata":{},"source":["# Title\n","words"],"attachments":{"p.png":{"image/png":"AAAA"}}},
          {"cell_type":"code","execution_count":3,"id":"b","metadata":{"tags":["parameters"]},"source":"x = 1\nx",
           "outputs":[{"output_type":"stream","name":"stderr","text":["one\n","two"]},
             {"output_type":"execute_result","execution_count":3,"data":{"text/plain":["1"],"text/html":"<b>1</b>"},"metadata":{"k":1}},
             {"output_type":"error","ename":"E","evalue":"v","traceback":["t"]},{"output_type":"novel","x":1}]},
          {"cell_type":"raw","metadata":{},"source":[]}],
         "metadata":{"kernelspec":{"name":"ir","language":"R","display_name":"R"},"mine":[1]},"nbformat":4,"nbformat_minor":2}
        """#

    @Test func whatIsReadIsWrittenAgain() throws {
        let notebook = try read(Self.four)
        #expect(
            notebook.kernelName == "ir" && notebook.language == "r" && notebook.cells.map(\.kind) == [.markdown, .code, .raw])
        #expect(notebook.cells[0].source == "# Title\nwords" && notebook.cells[1].tags == ["parameters"])
        #expect(notebook.cells[1].executionCount == 3 && notebook.cells[1].outputs.count == 4)
        let again = try read(notebook.text)
        // A cell without an id was given one, which format 4.5 wants.
        var expected = notebook
        expected.cells[2].id = "cell-3"
        #expect(again == expected)
        let json = try JSONValue(parsing: notebook.text)
        #expect(json["nbformat_minor"]?.integer == 5 && json["metadata"]?["mine"]?.array?.count == 1)
        #expect(json["cells"]?.array?[0]["attachments"]?["p.png"] != nil)
        #expect(json["cells"]?.array?[1]["outputs"]?.array?[3]["x"]?.integer == 1)
        // As Jupyter lays it out: a line a line, one space a level.
        #expect(notebook.text.contains("\n   \"source\": [\n    \"# Title\\n\",\n    \"words\"\n   ]"), "\(notebook.text)")
    }

    @Test func idsAreUniqueAndLinesKeepTheirEnds() throws {
        let twice = Notebook(cells: [NotebookCell(.code, "a\r\nb\n", id: "same"), NotebookCell(.code, "\n\n", id: "same")])
        let json = try JSONValue(parsing: twice.text), cells = try #require(json["cells"]?.array)
        #expect(Set(cells.compactMap { $0["id"]?.string }).count == 2)
        #expect(cells[0]["source"]?.array?.compactMap(\.string) == ["a\r\n", "b\n"])
        #expect(try read(twice.text).cells.map(\.source) == ["a\r\nb\n", "\n\n"])
    }

    @Test func olderFormatsBecomeTheNewOne() throws {
        let notebook = try read(
            #"""
            {"metadata":{"name":"old"},"nbformat":3,"nbformat_minor":0,"worksheets":[{"cells":[
              {"cell_type":"heading","level":2,"source":["Old"],"metadata":{}},
              {"cell_type":"code","input":["1/0"],"prompt_number":7,"language":"python","outputs":[
                {"output_type":"stream","stream":"stderr","text":["w\n"]},
                {"output_type":"pyout","prompt_number":7,"text":["42"],"html":["<i>"]},
                {"output_type":"display_data","png":"iVBORw0K"},
                {"output_type":"pyerr","ename":"Z","evalue":"by 0","traceback":["x"]}]},
              {"cell_type":"html","source":"<p>"}]}]}
            """#)
        #expect(notebook.cells.map(\.kind) == [.markdown, .code, .markdown] && notebook.cells[0].source == "## Old")
        let code = notebook.cells[1]
        #expect(code.source == "1/0" && code.executionCount == 7 && code.outputs[0] == .stream(name: "stderr", text: "w\n"))
        guard case .data(let data, 7) = code.outputs[1] else { throw NotebookFault("no result") }
        #expect(data.text("text/plain") == "42" && data.text("text/html") == "<i>")
        #expect(code.outputs[3] == .error(name: "Z", value: "by 0", traceback: ["x"]))
        #expect(try read(notebook.text).cells.map(\.source) == notebook.cells.map(\.source))
    }

    /// As nbformat 5.11 reads them: lines of format 2 have no ends, those of format 3 mostly have.
    @Test func linesOfOlderFormatsAreLines() throws {
        func sources(_ format: Int, _ lines: String) throws -> [String] {
            let cell = #"{"cell_type":"code","input":\#(lines),"outputs":[{"output_type":"stream","text":\#(lines)}]}"#
            let notebook = try read(#"{"nbformat":\#(format),"worksheets":[{"cells":[\#(cell)]}]}"#)
            guard case .stream(_, let text) = notebook.cells[0].outputs[0] else { throw NotebookFault("no stream") }
            return [notebook.cells[0].source, text]
        }
        #expect(try sources(2, #"["a = 1","","b"]"#) == ["a = 1\n\nb", "a = 1\n\nb"])
        #expect(try sources(3, #"["a = 1\n","\n","b"]"#) == ["a = 1\n\nb", "a = 1\n\nb"])
        #expect(try sources(3, #"["a = 1","b"]"#) == ["a = 1\nb", "a = 1\nb"])
        #expect(try sources(3, #"["a"]"#) == ["a", "a"] && sources(2, #""a\nb""#) == ["a\nb", "a\nb"])
    }

    @Test(arguments: [
        ("{\"nbformat\":3,\"metadata\":{}}", "without worksheets"),
        ("{\"cells\": [\n1,\n}", "line 3 is no JSON"), ("{\"a\":1}", "it has no nbformat"),
        ("{\"nbformat\":5,\"cells\":[]}", "of format 5"), ("{\"nbformat\":4}", "without cells"),
        (
            "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"markdown\"},{\"source\":\"x\"}]}", "cell 2 is damaged: it is of no kind"
        ),
        ("{\"nbformat\":4,\"cells\":[7]}", "cell 1 is damaged: it is no object"), ("", "no JSON"),
    ])
    func whatIsDamagedIsSaidWithItsPlace(_ text: String, _ message: String) {
        let fault = #expect(throws: NotebookFault.self) { try read(text) }
        #expect(fault?.description.contains(message) == true, "\(fault?.description ?? "")")
    }

    @Test func onlyWhatIsUTF8IsReadAndAMarkOfItIsNone() throws {
        let latin = Array(Self.four.utf8).map { $0 == UInt8(ascii: "w") ? 0xE9 : $0 }
        let fault = #expect(throws: NotebookFault.self) { try Notebook(parsing: latin) }
        #expect(fault?.description.contains("not in UTF-8") == true)
        #expect(try Notebook(parsing: [0xEF, 0xBB, 0xBF] + Array(Self.four.utf8)).cells.count == 3)
    }

    @Test func cellsOfOtherKindsStayAsTheyWere() throws {
        let text = #"{"nbformat":4,"nbformat_minor":99,"metadata":{},"cells":[{"cell_type":"song","verses":[1,2],"id":"s"}]}"#
        let notebook = try read(text)
        #expect(
            notebook.cells[0].kind == .other
                && NotebookText(width: 40).lines(of: notebook.cells[0])[0].text == "a cell of a kind 'song'")
        let cell = try #require(try JSONValue(parsing: notebook.text)["cells"]?.array?.first)
        #expect(cell["cell_type"]?.string == "song" && cell["verses"]?.array?.count == 2 && cell["id"]?.string == "s")
    }

    @Test func parametersGoBehindTheCellThatHasThem() throws {
        var notebook = try read(Self.four)
        let parameters = NotebookParameters([
            ("rows", "10"), ("name", "a \"b\""), ("flags", "[true,null,1.5]"), ("none", "null"), ("how", "{\"k\":\"v\"}"),
        ])
        parameters.inject(into: &notebook)
        #expect(notebook.cells[2].tags == ["injected-parameters"])
        #expect(
            notebook.cells[2].source
                == "rows = 10\nname = \"a \\\"b\\\"\"\nflags = [True, None, 1.5]\nnone = None\nhow = {\"k\": \"v\"}\n")
        NotebookParameters([("rows", "11")]).inject(into: &notebook)
        #expect(notebook.cells.count == 4 && notebook.cells[2].source == "rows = 11\n")
        var plain = Notebook(cells: [NotebookCell(.markdown, "m"), NotebookCell(.code, "c")])
        NotebookParameters([("a", "1")]).inject(into: &plain)
        #expect(plain.cells.map(\.source) == ["m", "a = 1\n", "c"])
    }
}
