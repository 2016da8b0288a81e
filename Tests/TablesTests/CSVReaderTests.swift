import Numerics
import TemporaryFolders
import Testing

@testable import Tables

@Suite struct CSVReaderTests {
    @Test func `a plain file becomes named, typed columns`() throws {
        let table = try Table.of("age,fee,smoker,city,day\n19,1.5,yes,Bern,2020-01-02\n18,2,no,Rome,2020-01-03\n")
        #expect(table.rowCount == 2)
        #expect(table.columns.map(\.name) == ["age", "fee", "smoker", "city", "day"])
        #expect(table.columns.map(\.kind) == [.integer, .numeric, .boolean, .categorical, .date])
        #expect(table.texts == [["19", "18"], ["1.5", "2"], ["yes", "no"], ["Bern", "Rome"], ["2020-01-02", "2020-01-03"]])
        #expect(table.hasHeader)
        #expect(table.delimiter == ",")
        #expect(table.warnings.isEmpty)
    }

    @Test func `quotes hold delimiters, line ends and doubled quotes`() throws {
        let table = try Table.of("name,n\n\"a,b\",1\n\"line\nbreak\",2\n\"say \"\"hi\"\"\",3\n\"\",4\n")
        #expect(table.texts[0] == ["a,b", "line\nbreak", "say \"hi\"", nil])
        #expect(table.texts[1] == ["1", "2", "3", "4"])
    }

    @Test(arguments: [
        "a,b\r\n1,x\r\n2,y\r\n", "\u{feff}a,b\n1,x\n2,y", "a;b\n1;x\n2;y\n", "a\tb\n1\tx\n2\ty\n", "a|b\n1|x\n2|y\n",
        "a, b\n1, x\n 2,  y \n", "a,b\n1,x\n\n2,y\n\n\n", "\n\na,b\n1,x\n2,y\n", "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n",
    ])
    func `line ends, byte-order marks, delimiters and spaces do not change the values`(text: String) throws {
        let table = try Table.of(text)
        #expect(table.columns.map(\.name) == ["a", "b"])
        #expect(table.texts == [["1", "2"], ["x", "y"]])
        #expect(table.columns[0].kind == .integer)
    }

    @Test(arguments: [
        ("\n<!DOCTYPE html>\n<html>\n<p>not found, sorry</p>\n</html>\n", "is a web page"),
        ("<html>gone</html>\n", "is a web page"),
        ("%PDF-1.7\n1 0 obj\n", "is a PDF document"), ("<?xml version=\"1.0\"?>\n<a>1</a>\n", "is an XML document"),
    ])
    func `a document that is no table is told from one`(text: String, words: String) {
        #expect(readingError(text).contains(words))
    }

    @Test func `every word for a missing value is one`() throws {
        let words = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "\"\""]
        let table = try Table.of("a,b,c\n" + words.map { "\($0),\($0),1\n" }.joined() + "1.5,-,1\n")
        #expect(table.columns[0].missingCount == words.count)
        #expect(table.columns[0].kind == .numeric)
        #expect(table.columns[1].missingCount == words.count)
        #expect(table.texts[1].last == "-")
    }

    @Test func `faults name the line, the field and the remedy`() {
        #expect(
            readingError("a,b,c\n1,2,3\n4,5\n")
                == "data.csv:3:2: expected 3 fields, found 2: add the missing fields or quote the text")
        #expect(
            readingError("a,b\n1,2\n3,4,5\n")
                == "data.csv:3:3: expected 2 fields, found 3: remove the extra fields or quote the text that holds the delimiter")
        #expect(
            readingError("a,b\n\"x\ny\",2\n3\n")
                == "data.csv:4:1: expected 2 fields, found 1: add the missing fields or quote the text")
        #expect(
            readingError("a,b\n1,\"open\n2,3\n")
                == "data.csv:2:2: a quoted field never ends: close the quote, or double quotes inside it")
        #expect(
            readingError("a,b\n1,\"x\"y\n") == "data.csv:2:2: text after a closing quote: double the quotes inside the field")
        #expect(
            readingError("\"a,b\n1,2\n") == "data.csv:1:1: a quoted field never ends: close the quote, or double quotes inside it"
        )
        #expect(readingError("") == "data.csv: the file is empty: it needs a header or at least one record")
        #expect(readingError("\n\r\n\n") == "data.csv: the file holds only blank lines: it needs at least one record")
        #expect(
            readingError("a,b\n1,\0\n")
                == "data.csv:2: a NUL byte, so this is UTF-16, compressed or binary: save it as text in UTF-8")
    }

    @Test func `a folder, a missing file and a missing folder are told apart`() throws {
        let folder = try TemporaryFolder()
        for (path, code, text) in [
            (
                folder.path, TableError.Code.notAFile,
                "\(folder.path): holds no data files: name a folder with files of one format in it"
            ),
            ("/tmp/no-such-file.csv", .fileNotFound, "/tmp/no-such-file.csv: no such file: check the path"),
            ("/dev/null", .emptyFile, "/dev/null: the file is empty: it needs a header or at least one record"),
        ] {
            do throws(TableError) {
                _ = try Table(contentsOf: path)
                Issue.record("\(path) was read")
            } catch {
                #expect(error.code == code)
                #expect(error.description == text)
            }
        }
    }

    @Test func `a header is one when it stands over other things than words`() throws {
        #expect(try Table.of("1,2\n3,4\n").hasHeader == false)
        #expect(try Table.of("1,2\n3,4\n").columns.map(\.name) == ["column_1", "column_2"])
        #expect(try Table.of("M,0.4\nF,0.5\n").hasHeader == false)
        #expect(try Table.of("sex,length\nM,0.5\nF,0.5\n").hasHeader)
        #expect(try Table.of("e,x,s\np,x,s\ne,b,y\ne,x,s\n").hasHeader == false)
        #expect(try Table.of("class,cap,odor\np,x,s\ne,b,y\ne,x,s\n").hasHeader)
        #expect(try Table.of("Date,Temp\n1981-01-01,20\n").hasHeader)
        #expect(try Table.of("1981-01-01,20\n1981-01-02,20\n").hasHeader == false)
        #expect(try Table.of("yes,no\nno,no\n").hasHeader == false)
        #expect(try Table.of(",a,b\n0,1,2\n").columns.map(\.name) == ["index", "a", "b"])
        #expect(try Table.of("a,b\n1,2\n", options: ReadOptions(header: ReadOptions.Header.none)).rowCount == 2)
        #expect(try Table.of("2019,2020\n1,2\n", options: ReadOptions(header: .first)).columns.map(\.name) == ["2019", "2020"])
    }

    @Test func `a header alone is a table without rows, with a warning`() throws {
        let table = try Table.of("a,b\n")
        #expect(table.rowCount == 0)
        #expect(table.columns.map(\.name) == ["a", "b"])
        #expect(table.warnings.map(\.code) == [.unsureHeader, .noRows])
    }

    @Test func `one row, one column and no last line end are fine`() throws {
        #expect(try Table.of("a,b\n1,2").texts == [["1"], ["2"]])
        #expect(try Table.of("1,2\n").rowCount == 1)
        #expect(try Table.of("a\n1\n\n3\n\n\n").texts == [["1", nil, "3"]])
    }

    @Test func `repeated and empty names are made unique, with a warning`() throws {
        let table = try Table.of("a,a,,a_2\n1,2,3,4\n", options: ReadOptions(header: .first))
        #expect(table.columns.map(\.name) == ["a", "a_3", "column_3", "a_2"])
        #expect(table.warnings.map(\.code) == [.duplicateHeader, .emptyHeader])
        #expect(table.warnings[0].message == "column 2 repeats the name a: it is called a_3")
    }

    @Test func `bytes that are not UTF-8 are taken for the commonest other encoding, with a warning`() throws {
        let file = TemporaryFile(Array("a,b\n1,x\n2,".utf8) + [0xe9] + Array("\n".utf8))
        let table = try Table(contentsOf: file.path)
        #expect(table.texts[1] == ["x", "é"])
        #expect(table.warnings.map(\.code) == [.encoding])
        #expect(table.warnings[0].message.contains("CP1252, as in 'é'"))
        #expect(try Table.of("a,b\n1,é漢😀\n").warnings.isEmpty)
    }

    @Test func `a very long field is read, one over the limit is refused`() throws {
        let long = String(repeating: "x", count: 3_000_000)
        #expect(try Table.of("a,b\n1,\(long)\n").texts[1] == [long])
        let tooLong = String(repeating: "x", count: 17_000_000)
        #expect(
            readingError("a,b\n1,\(tooLong)\n")
                == "data.csv:2:2: a field is longer than 16 MB: check the quotes and the delimiter")
    }

    @Test func `a file of several thousand columns is read`() throws {
        let names = (1...3000).map { "c\($0)" }.joined(separator: ",")
        let table = try Table.of("\(names)\n\((1...3000).map(String.init).joined(separator: ","))\n")
        #expect(table.columns.count == 3000)
        #expect(table.columns[2999].text(at: 0) == "3000")
    }

    @Test func `a late word turns a column of numbers into text, with a warning`() throws {
        var text = "a,b\n"
        for row in 0..<5000 { text += "\(row % 40 == 3 && row > 4000 ? "oops" : String(row)),\(row)\n" }
        let table = try Table.of(text)
        #expect(table.columns[0].kind == .text)
        #expect(table.columns[0].text(at: 4003) == "oops")
        #expect(table.columns[0].text(at: 4999) == "4999")
        #expect(table.columns[1].kind == .integer)
        #expect(table.warnings.map(\.code) == [.mixedColumn])
    }

    @Test func `kinds follow the values`() throws {
        let table = try Table.of(
            "code,flag,t,when,us,eu,inf,big\n00000,TRUE,t,2020-01-02 03:04:05,12/31/2020,31.12.2020,inf,1e400\n02208,False,f,2021-02-03T00:00:00Z,1/2/2021,2.1.2021,-Infinity,3\n11300,true,t,2020-05-06,1/3/2021,3.1.2021,1,2\n"
        )
        #expect(table.columns.map(\.kind) == [.categorical, .boolean, .boolean, .date, .date, .date, .numeric, .numeric])
        #expect(table.texts[0] == ["00000", "02208", "11300"])
        #expect(table.texts[1] == ["TRUE", "False", "TRUE"])
        #expect(table.texts[3] == ["2020-01-02T03:04:05Z", "2021-02-03", "2020-05-06"])
        #expect(table.texts[4] == ["2020-12-31", "2021-01-02", "2021-01-03"])
        #expect(table.texts[5] == ["2020-12-31", "2021-01-02", "2021-01-03"])
        #expect(table.columns[6].numbers?.map(\.isInfinite) == [true, true, false])
        #expect(Set(table.warnings.map(\.code)) == [.infiniteValues])
    }

    @Test func `text is categorical while its values recur`() throws {
        let few = (0..<300).map { "v\($0 % 30)" }, many = (0..<300).map { "name \($0)" }
        let table = try Table.of("few,many\n" + zip(few, many).map { "\($0),\($1)\n" }.joined())
        #expect(table.columns.map(\.kind) == [.categorical, .text])
    }

    @Test func `numbers are correctly rounded`() throws {
        var random = RandomSource(seed: 4)
        var texts = [
            "0.1", "-0", "1e22", "1e23", "9007199254740993", "9007199254740992.5", "5e-324", "2.2250738585072011e-308",
            "1.7976931348623157e308", "0.000000000000000000000000000001", "123456789012345678901234567890", "1.", ".5", "+7",
            "8.5e+2", "1E5", "6.02214076e23", "0.30000000000000004", "179769313486231580793e289",
        ]
        for _ in 0..<20_000 { texts.append("\(Double(bitPattern: random.next()))") }
        for _ in 0..<20_000 { texts.append("\(random.normal() * 1e3)") }
        texts.removeAll { Double($0).map { !$0.isFinite } ?? true }
        let table = try Table.of("a,b\n" + texts.map { "\($0),\($0)\n" }.joined())
        let numbers = try #require(table.columns[1].numbers)
        let wrong = zip(texts, numbers).filter { Double($0)?.bitPattern != $1.bitPattern }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test func `threads give the same table as one thread`() throws {
        var random = RandomSource(seed: 9)
        var text = "a,b,c\n"
        for row in 0..<400_000 {
            text += "\(row),\(random.integer(below: 1000)).\(random.integer(below: 1000)),w\(random.integer(below: 9))\n"
        }
        let file = TemporaryFile(text)
        try #require(text.utf8.count > 5 << 20)
        let one = try Table(contentsOf: file.path, options: ReadOptions(threadCount: 1))
        let five = try Table(contentsOf: file.path, options: ReadOptions(threadCount: 5))
        #expect(one.rowCount == 400_000)
        #expect(one.columns == five.columns)
        #expect(one.fingerprint == five.fingerprint)
    }

    @Test func `the fingerprint changes with any byte`() throws {
        let first = try Table.of("a,b\n1,2\n"), same = try Table.of("a,b\n1,2\n"), other = try Table.of("a,b\n1,3\n")
        #expect(first.fingerprint == same.fingerprint)
        #expect(first.fingerprint != other.fingerprint)
        #expect(first.fingerprint.count == 16)
    }

    @Test func `what a writer quotes a reader reads`() throws {
        var random = RandomSource(seed: 11)
        let pieces = ["\"", ",", "\n", "\r\n", ";", " ", "\t", "a", "é", "漢", "''", "1", "NAN0", "|", "x y"]
        for _ in 0..<200 {
            let rows = (0..<1 + random.integer(below: 8)).map { _ in
                (0..<3).map { column in
                    "k\(column)"
                        + (0..<random.integer(below: 6)).map { _ in pieces[random.integer(below: pieces.count)] }.joined()
                }
            }
            let body = rows.map { row in row.map { DelimitedText.quoted($0) }.joined(separator: ",") }.joined(separator: "\n")
            let table = try Table.of("one,two,three\n\(body)\n", options: ReadOptions(delimiter: ",", header: .first))
            let expected = (0..<3).map { column in rows.map { Optional($0[column]) } }
            #expect(table.texts == expected)
        }
    }
}
