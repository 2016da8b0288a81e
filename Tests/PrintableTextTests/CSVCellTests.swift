import PrintableText
import Testing

@Suite struct CSVCellTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
        ("two\r\nlines", "\"two\r\nlines\""),
        ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3+cmd", "'-2+3+cmd"), ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""),
        // Numbers stay what they are.
        ("-0.25", "-0.25"), ("+1e-3", "+1e-3"), ("-inf", "-inf"), ("a=b", "a=b"),
    ])
    func `a cell is text or a number and never a formula`(text: String, cell: String) {
        #expect(text.csvCell == cell)
    }
}
