import JSON
import TemporaryFolders
import Testing

/// `data rows` and `data query`, as a user runs them.
@Suite struct DataRowsCommandTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    @Test func `rows that meet a condition, sorted, with the columns that are wanted`() throws {
        // Numbers of pandas 3.1.1.
        let program = try Program.run(
            "data", "rows", Program.sample("insurance"), "--where", "age > 40 and smoker = yes", "--sort", "-charges", "--count",
            "2", "--columns", "age,charges,region", "--json")
        #expect(program.code == 0)
        #expect(
            program.lines == [
                #"{"kind":"row","row":16,"values":{"age":58,"charges":60004.65,"region":"northeast"}}"#,
                #"{"kind":"row","row":275,"values":{"age":62,"charges":59352.39,"region":"southeast"}}"#,
            ])
        #expect(program.errors.contains("rows 1 to 2 of 136 that meet the condition"))
    }

    @Test func `rows from one on, as they stand in the file`() throws {
        let path = try scratch.write("a,b\n1.50,x\n007,\n3,z\n", as: "t.csv")
        let program = try Program.run("data", "rows", path, "--from", "2", "--quiet")
        #expect(program.output == "row    a  b\n  2  007  ·\n  3    3  z\n")
    }

    @Test func `a condition that cannot be read is shown with its place`() throws {
        let program = try Program.run("data", "rows", Program.sample("iris"), "--where", "petal_lenght > 4")
        #expect(program.code == 2)
        #expect(
            program.errors.contains(
                "petal_lenght > 4\n  ^^^^^^^^^^^^ there is no column petal_lenght: did you mean petal_length?"))
    }

    @Test func `a word that is no condition is told where nothing is found`() throws {
        let program = try Program.run("data", "rows", Program.sample("insurance"), "--where", "smokr")
        #expect(program.code == 0 && program.output.isEmpty)
        #expect(
            program.errors.contains(
                "'smokr' is no condition, and is looked for as a word in all columns: did you mean the column smoker"))
    }

    @Test func `no file is written over unless it is said`() throws {
        let out = try scratch.write("mine", as: "mine.csv")
        let words = ["data", "query", "select 1 one", "--data", Program.sample("iris"), "--out", out]
        let refused = try Program.run(words)
        #expect(
            refused.code == 3
                && refused.errors.contains("mine.csv is there already: give another name, or --force to write over it"))
        #expect(try scratch.read("mine.csv") == "mine")
        #expect(try Program.run(words + ["--force"]).code == 0)
        #expect(try scratch.read("mine.csv") == "one\n1\n")
        // An empty file is nobody's work.
        let empty = try scratch.write("", as: "empty.csv")
        #expect(try Program.run(words.dropLast() + [empty]).code == 0)
        #expect(try scratch.read("empty.csv") == "one\n1\n")
    }

    @Test func `files are asked in SQL, joined, and the answer is a data set`() throws {
        let towns = try scratch.write("region,cost\nnortheast,1\nsoutheast,2\n", as: "towns.csv")
        let out = scratch.path + "/answer.parquet"
        let program = try Program.run(
            "data", "query",
            "select i.region, count(*) n, round(avg(charges), 3) mean from insurance i join t using (region) group by 1 order by 1",
            "--data", Program.sample("insurance"), "--data", "t=" + towns, "--out", out, "--json")
        #expect(
            program.lines == [
                #"{"region":"northeast","n":358,"mean":13753.181}"#, #"{"region":"southeast","n":319,"mean":15221.474}"#,
            ])
        let again = try Program.run("data", "rows", out, "--json", "--quiet")
        #expect(again.lines.first == #"{"kind":"row","row":1,"values":{"region":"northeast","n":358,"mean":13753.181}}"#)
    }

    @Test func `a query that is wrong is shown with its place, and one that writes is refused`() throws {
        let wrong = try Program.run("data", "query", "select agee from insurance", "--data", Program.sample("insurance"))
        #expect(wrong.code == 2)
        #expect(wrong.errors.contains("select agee from insurance\n         ^ no such column: agee"))
        let writing = try Program.run(
            "data", "query", "attach '\(scratch.path)/x.sqlite' as x", "--data", Program.sample("insurance"))
        #expect(writing.code == 2 && writing.errors.contains("a query only reads"))
        let commented = try Program.run(
            "data", "query", "-- how many\nselect count(*) n from insurance", "--data", Program.sample("insurance"), "--json")
        #expect(commented.lines == [#"{"n":1338}"#], "\(commented.errors)")
        let nothing = try Program.run("data", "query", "select 1")
        #expect(nothing.code == 2 && nothing.errors.contains("there is no data"))
    }
}
