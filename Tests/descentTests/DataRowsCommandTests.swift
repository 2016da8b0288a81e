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
