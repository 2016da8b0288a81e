import CTableKernels

/// What the kernels found wrong with a record, in words.
struct CSVFault {
    /// One of the kernels' `DK_CSV_` codes.
    var kind: Int
    /// The field at fault, from 1.
    var field: Int
    /// Fields a record should have, and those it has.
    var expected = 0, found = 0

    func error(path: String, line: Int) -> TableError {
        let (code, message) = explanation
        return TableError(code, message, path: path, line: line, column: field)
    }

    private var explanation: (TableError.Code, String) {
        switch kind {
        case DK_CSV_FIELD_COUNT:
            let advice =
                found < expected
                ? "add the missing fields or quote the text"
                : "remove the extra fields or quote the text that holds the delimiter"
            return (.fieldCount, "expected \(expected) \(expected == 1 ? "field" : "fields"), found \(found): \(advice)")
        case DK_CSV_OPEN_QUOTE:
            return (.openQuote, "a quoted field never ends: close the quote, or double quotes inside it")
        case DK_CSV_AFTER_QUOTE:
            return (.textAfterQuote, "text after a closing quote: double the quotes inside the field")
        default:
            return (.fieldTooLong, "a field is longer than 16 MB: check the quotes and the delimiter")
        }
    }
}
