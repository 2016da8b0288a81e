import CTableKernels

/// What the kernel found wrong with an object, in words.
struct JSONLinesFault {
    /// One of the kernel's `DK_JSON_` codes.
    var kind: Int
    /// The key that was being read.
    var key: String
    /// Whether objects may span lines.
    var spansLines: Bool

    var code: TableError.Code { kind == DK_JSON_LONG_TEXT ? .fieldTooLong : .invalidJSON }

    var message: String {
        let ending = spansLines ? "" : ": an object has to stand whole on one line"
        return switch kind {
        case DK_JSON_NOT_OBJECT:
            spansLines
                ? "expected {: a list has to hold objects and nothing else"
                : "expected {: each line has to be one JSON object"
        case DK_JSON_NO_KEY: "expected a key in double quotes\(ending)"
        case DK_JSON_NO_COLON: "expected : after the key '\(key)'"
        case DK_JSON_NO_VALUE:
            "expected a value for '\(key)': a text in double quotes, a number without leading zeros, true, false or null"
        case DK_JSON_NO_COMMA: "expected , or } after the value of '\(key)'\(ending)"
        case DK_JSON_OPEN_TEXT: "a text never ends: close its quote on the same line, and write line ends within it as \\n"
        case DK_JSON_BAD_ESCAPE: "a backslash that begins no escape: write \\\\ for a backslash"
        case DK_JSON_LIST:
            "expected , or ] after an element of the list '\(key)'"
                + (spansLines ? "" : ": a list has to stand whole on one line")
        case DK_JSON_TRAILING: "something follows the object: write one object a line"
        case DK_JSON_DEEP: "objects lie too deep within objects, or '\(key)' is too long a key: flatten the object"
        default: "the text of '\(key)' is longer than 16 MB: leave it out"
        }
    }
}
